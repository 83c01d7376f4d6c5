package org.chaincore.core.pow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.fixture.Vectors;
import org.chaincore.core.pow.ProofOfWork.Verdict;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.Sha256;
import org.chaincore.core.value.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proof of work and difficulty against data of the real networks and of other implementations. */
class PowVectorsTest {
  private static final Target MAINNET_LIMIT = Target.ofBits(0x1d00ffff);
  private static final Target SIGNET_LIMIT = Target.ofBits(0x1e0377ae);
  private static final int WINDOW = 2016;

  @Test
  void bitcoinRetarget_coreCases_giveTheExpectedBits() {
    Vectors vectors = Vectors.in("retarget");
    BitcoinRetarget rule = BitcoinRetarget.ofLimit(MAINNET_LIMIT, false);
    int ran = 0;
    for (JsonNode next : vectors.json("get_next_work.json")) {
      int last = next.get("last_height").asInt();
      int lastBits = bits(next, "last_bits");
      HeaderRun parents = HeaderRun.startingAt(last - WINDOW + 1);
      parents.add(next.get("first_time").asLong(), lastBits).addEvery(0, WINDOW - 2, lastBits);
      parents.add(next.get("last_time").asLong(), lastBits);

      OptionalInt required = rule.requiredBits(parents, 0);

      String name = next.get("name").asText();
      assertThat(required).as(name).hasValue(bits(next, "expected_bits"));
      if (next.has("not_permitted_bits")) {
        assertThat(required.getAsInt()).as(name).isNotEqualTo(bits(next, "not_permitted_bits"));
      }
      ran++;
    }
    assertThat(ran).isEqualTo(4);
    vectors.ran("get_next_work.json", ran);
  }

  @Test
  void verdict_coreCases_refusesEach() {
    Vectors vectors = Vectors.in("retarget");
    JsonNode file = vectors.json("check_pow.json");
    BigInteger limit = new BigInteger(file.get("powLimit_hex").asText(), 16);
    int ran = 0;
    for (JsonNode check : file.get("cases")) {
      Hash256 hash = Hash256.parse(padded(check.get("hash").asText()));

      Verdict verdict = ProofOfWork.verdict(bits(check, "bits"), hash, Target.ofValue(limit));

      assertThat(verdict == Verdict.VALID)
          .as(check.get("name").asText())
          .isEqualTo(check.get("valid").asBoolean());
      assertThat(verdict)
          .isEqualTo(
              switch (check.get("name").asText()) {
                case "too_easy_target" -> Verdict.ABOVE_LIMIT;
                case "bigger_hash_than_target" -> Verdict.INSUFFICIENT;
                default -> Verdict.BAD_BITS;
              });
      ran++;
    }
    assertThat(ran).isEqualTo(5);
    vectors.ran("check_pow.json", ran);
  }

  @ParameterizedTest
  @ValueSource(strings = {"run01", "run02", "run03", "run04", "run05", "run09", "run10"})
  void asert_referenceRun_givesEveryTarget(String file) {
    Vectors vectors = Vectors.in("asert");
    AsertRule rule =
        new AsertRule(
            2 * 24 * 3600, 600, new TargetRange(Target.ofBits(0x01010000), MAINNET_LIMIT));
    BigInteger anchorHeight = BigInteger.ZERO;
    long anchorParentTime = 0;
    Target anchor = MAINNET_LIMIT;
    int iterations = 0;
    int ran = 0;
    for (String line : vectors.lines(file)) {
      String value = line.substring(line.indexOf(':') + 1).strip();
      if (line.contains("anchor height")) {
        anchorHeight = new BigInteger(value);
      } else if (line.contains("anchor parent time")) {
        anchorParentTime = Long.parseLong(value);
      } else if (line.contains("anchor nBits")) {
        anchor = Target.ofBits(Integer.decode(value));
      } else if (line.contains("iterations")) {
        iterations = Integer.parseInt(value);
      } else if (!line.startsWith("#") && !line.isBlank()) {
        String[] row = line.split(" ", -1);
        long heightDelta = new BigInteger(row[1]).subtract(anchorHeight).longValueExact();
        long timeDelta = Long.parseLong(row[2]) - anchorParentTime;

        Target next = rule.next(anchor, timeDelta, heightDelta);

        assertThat(Integer.toHexString(next.bits()))
            .as(file + ": " + line)
            .isEqualTo(Integer.toHexString(Integer.decode(row[3])));
        ran++;
      }
    }
    assertThat(ran).isEqualTo(iterations).isPositive();
    vectors.ran(file, ran);
  }

  @Test
  void bitcoinRetarget_testnet3From52416_requiresTheBitsThatWereMined() {
    Vectors vectors = Vectors.in("headers-testnet3");
    List<String> rows = vectors.lines("testnet-headers-52416.csv");
    BitcoinRetarget rule = BitcoinRetarget.ofLimit(MAINNET_LIMIT, true);
    HeaderRun parents = HeaderRun.startingAt(52_416);
    int late = 0;
    for (String row : rows.subList(1, rows.size())) {
      String[] cells = row.split(",", -1);
      int height = Integer.parseInt(cells[0]);
      long time = Long.parseLong(cells[1]);
      int bits = Integer.parseUnsignedInt(cells[2], 16);
      if (height > parents.firstHeight()) {
        assertThat(parents.tipHeight()).isEqualTo(height - 1);
        assertThat(rule.requiredBits(parents, time)).as(row).hasValue(bits);
        late += time > parents.time(height - 1) + 1200 ? 1 : 0;
      }
      parents.add(time, bits);
    }
    assertThat(late).as("blocks of the 20-minute rule").isGreaterThan(500);
    vectors.ran("testnet-headers-52416.csv", rows.size() - 2, 1, "the first header is trusted");
  }

  @Test
  void bitcoinRetarget_testnet3From52416Packed_requiresTheBitsThatWereMined() {
    Vectors vectors = Vectors.in("headers-testnet3");
    byte[] packed = vectors.bytes("testnet-headers-52416.bitsonly");
    int first = LittleEndian.getInt(packed, 0);
    int count = LittleEndian.getInt(packed, 4);
    List<Integer> bits = unpackBits(packed, 12 + 2 * (count - 1));
    BitcoinRetarget rule = BitcoinRetarget.ofLimit(MAINNET_LIMIT, true);
    HeaderRun parents = HeaderRun.startingAt(first);
    long time = LittleEndian.getInt(packed, 8);
    parents.add(time, bits.get(0));
    for (int i = 1; i < count; i++) {
      int at = 12 + 2 * (i - 1);
      time += ((packed[at] & 0xff) | (packed[at + 1] & 0xff) << 8) - 3600;
      assertThat(rule.requiredBits(parents, time)).as("header " + i).hasValue(bits.get(i));
      parents.add(time, bits.get(i));
    }
    assertThat(bits).hasSize(count).hasSize(4039);
    vectors.ran("testnet-headers-52416.bitsonly", count - 1, 1, "the first header is trusted");
  }

  /** Either bits, or a run length with the bits that it repeats. */
  private static List<Integer> unpackBits(byte[] packed, int from) {
    List<Integer> bits = new ArrayList<>();
    for (int at = from; at < packed.length; at += 4) {
      int word = LittleEndian.getInt(packed, at);
      int repeat = 1;
      if (word <= 0xffffff) {
        repeat = word;
        at += 4;
        word = LittleEndian.getInt(packed, at);
      }
      for (int i = 0; i < repeat; i++) {
        bits.add(word);
      }
    }
    return bits;
  }

  @Test
  void headers_mainnetTo10236_haveTheRequiredBitsAndWork() {
    Vectors vectors = Vectors.in("headers-mainnet");
    List<BlockHeader> headers = headers(vectors.bytes("h000000-010236.bin"));

    judge(headers, BitcoinRetarget.ofLimit(MAINNET_LIMIT, false), MAINNET_LIMIT);

    assertThat(headers).hasSize(10_237);
    assertThat(headers.get(10_236).time()).isGreaterThan(headers.get(0).time());
    vectors.ran("h000000-010236.bin", headers.size());
  }

  @Test
  void headers_signetTo2015_haveTheRequiredBitsAndWork() {
    Vectors vectors = Vectors.in("headers-signet");
    List<BlockHeader> headers = headers(vectors.bytes("signet-000000-002015.bin"));

    judge(headers, BitcoinRetarget.ofLimit(SIGNET_LIMIT, false), SIGNET_LIMIT);

    assertThat(headers).hasSize(2016);
    vectors.ran("signet-000000-002015.bin", headers.size());
  }

  @Test
  void headers_testnet3To546_haveTheRequiredBitsAndWork() {
    Vectors vectors = Vectors.in("headers-testnet3");
    List<BlockHeader> main = new ArrayList<>();
    List<BlockHeader> forks = new ArrayList<>();
    for (String line : vectors.lines("blockheader_testnet3.hex")) {
      boolean isFork = line.startsWith("fork:");
      byte[] wire = HexFormat.of().parseHex(isFork ? line.substring(5) : line);
      (isFork ? forks : main).add(BlockHeader.parse(wire));
    }
    // The file begins at height 1; the genesis block's fields are public.
    BitcoinRetarget rule = BitcoinRetarget.ofLimit(MAINNET_LIMIT, true);
    HeaderRun parents = HeaderRun.ofGenesis(1_296_688_602L, 0x1d00ffff);
    ProofOfWork checker = ProofOfWork.under(MAINNET_LIMIT);
    for (BlockHeader header : main) {
      assertThat(rule.requiredBits(parents, header.time())).hasValue(header.bits());
      assertThat(checker.check(header)).isEqualTo(Verdict.VALID);
      parents.add(header.time(), header.bits());
    }
    for (BlockHeader fork : forks) {
      assertThat(checker.check(fork)).isEqualTo(Verdict.VALID);
    }
    assertThat(main).hasSize(546);
    assertThat(forks).hasSize(2);
    vectors.ran("blockheader_testnet3.hex", main.size() + forks.size());
  }

  private static void judge(List<BlockHeader> headers, DifficultyRule rule, Target limit) {
    ProofOfWork checker = ProofOfWork.under(limit);
    HeaderRun parents = HeaderRun.startingAt(0);
    for (int height = 0; height < headers.size(); height++) {
      BlockHeader header = headers.get(height);
      assertThat(checker.check(header)).as("height " + height).isEqualTo(Verdict.VALID);
      if (height > 0) {
        assertThat(rule.requiredBits(parents, header.time()))
            .as("height " + height)
            .hasValue(header.bits());
      }
      parents.add(header.time(), header.bits());
    }
  }

  private static List<BlockHeader> headers(byte[] file) {
    Sha256 hasher = Sha256.create();
    List<BlockHeader> headers = new ArrayList<>();
    for (int at = 0; at < file.length; at += BlockHeader.BYTES) {
      headers.add(BlockHeader.read(file, at, hasher));
    }
    return headers;
  }

  private static int bits(JsonNode node, String field) {
    return Integer.parseUnsignedInt(node.get(field).asText(), 16);
  }

  private static String padded(String hex) {
    return "0".repeat(64 - hex.length()) + hex;
  }
}
