package org.chaincore.core.chain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.Vectors;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.value.Sha256;
import org.chaincore.core.value.Target;
import org.chaincore.core.value.Work;
import org.junit.jupiter.api.Test;

/** Real headers, judged as the world judged them. */
class HeaderVectorsTest {
  private static final long LATE = 1_800_000_000L;
  private static final String MAINNET_FILE = "h000000-010236.bin";
  private static final Work DIFFICULTY_1 = Target.ofBits(0x1d00ffff).work();

  private static List<BlockHeader> headers(byte[] file) {
    Sha256 hasher = Sha256.create();
    List<BlockHeader> headers = new ArrayList<>();
    for (int at = 0; at < file.length; at += BlockHeader.BYTES) {
      headers.add(BlockHeader.read(file, at, hasher));
    }
    return headers;
  }

  private static HeaderChain chain(ChainParams params) {
    return HeaderChain.on(HeaderTree.of(params));
  }

  private static void addAll(HeaderChain chain, List<BlockHeader> headers) {
    for (BlockHeader header : headers) {
      assertThat(chain.accept(header, LATE))
          .as(header.toString())
          .isInstanceOf(HeaderOutcome.Added.class);
    }
  }

  private static RejectionCode code(HeaderOutcome outcome) {
    assertThat(outcome).isInstanceOf(HeaderOutcome.Refused.class);
    return ((HeaderOutcome.Refused) outcome).rejection().code();
  }

  @Test
  void accept_ofMainnetHeaders_takesAllOfThem() {
    Vectors vectors = Vectors.in("headers-mainnet");
    List<BlockHeader> headers = headers(vectors.bytes(MAINNET_FILE));
    HeaderChain chain = chain(Networks.bitcoinMainnet());

    assertThat(chain.accept(headers.get(0), LATE)).isInstanceOf(HeaderOutcome.Known.class);
    addAll(chain, headers.subList(1, headers.size()));

    assertThat(headers).hasSize(10_237);
    assertThat(chain.tip().height()).isEqualTo(10_236);
    assertThat(chain.tip().hash())
        .hasToString("000000004f74d42205b9d7ae1cb5c1591e723894a71358fce73b7e0919628161");
    assertThat(chain.tip().chainWork().toBigInteger())
        .isEqualTo(DIFFICULTY_1.toBigInteger().multiply(BigInteger.valueOf(10_237)));
    assertThat(chain.tree().branchTips()).isEqualTo(1);
    assertThat(chain.tree().unchecked()).isZero();
    assertThat(chain.reorganisations()).isZero();
    vectors.ran(MAINNET_FILE + " by HeaderChain", headers.size());
  }

  @Test
  void accept_ofMainnetHeadersFromATrustedOne_countsWhatLiesBelow() {
    Vectors vectors = Vectors.in("headers-mainnet");
    List<BlockHeader> headers = headers(vectors.bytes(MAINNET_FILE));
    // A retarget looks 2016 headers down: from 4032 the one at 6048 is known, from 4033 it is not.
    for (int start : new int[] {4_032, 4_033, 6_047, 6_048}) {
      ChainParams params = Networks.bitcoinMainnet();
      HeaderChain chain = HeaderChain.on(HeaderTree.startingAt(params, headers.get(start), start));
      addAll(chain, headers.subList(start + 1, headers.size()));
      assertThat(chain.tip().height()).isEqualTo(10_236);
      assertThat(chain.tree().unchecked()).isEqualTo(start % 2_016 == 0 ? 0 : 1);
    }
    vectors.ran(MAINNET_FILE + " from trusted headers", 4);
  }

  @Test
  void accept_ofAMutatedMainnetHeader_refusesItAndTakesTheRealOne() {
    Vectors vectors = Vectors.in("headers-mainnet");
    byte[] file = vectors.bytes(MAINNET_FILE);
    HeaderChain chain = chain(Networks.bitcoinMainnet());
    Sha256 hasher = Sha256.create();
    SeededRun.of(2_000, 10_236)
        .check(
            (random, size) -> {
              int height = chain.tip().height() + 1;
              byte[] mutated = new byte[BlockHeader.BYTES];
              System.arraycopy(file, height * BlockHeader.BYTES, mutated, 0, mutated.length);
              int at = flipBit(mutated, random);

              HeaderOutcome outcome = chain.accept(BlockHeader.read(mutated, 0, hasher), LATE);

              boolean inBits = at >= 72 && at < 76;
              assertThat(code(outcome))
                  .isIn(
                      RejectionCode.HIGH_HASH,
                      inBits ? RejectionCode.BAD_BITS : RejectionCode.HIGH_HASH);
              BlockHeader real = BlockHeader.read(file, height * BlockHeader.BYTES, hasher);
              assertThat(chain.accept(real, LATE)).isInstanceOf(HeaderOutcome.Added.class);
            });
    assertThat(chain.tip().height()).isEqualTo(2_000);
    vectors.ran(MAINNET_FILE + " each with a bit flipped", 2_000);
  }

  private static int flipBit(byte[] header, RandomGenerator random) {
    int at = random.nextInt(header.length);
    header[at] ^= (byte) (1 << random.nextInt(8));
    return at;
  }

  @Test
  void accept_ofSignetHeaders_takesThemAndTheRetargetThatFollows() {
    Vectors vectors = Vectors.in("headers-signet");
    List<BlockHeader> headers = headers(vectors.bytes("signet-000000-002015.bin"));
    HeaderChain chain = chain(Networks.bitcoinSignet());
    addAll(chain, headers.subList(1, headers.size()));
    assertThat(chain.tip().height()).isEqualTo(2_015);
    assertThat(headers.get(0)).isEqualTo(chain.tree().root().header());

    // Checkpoints are 12 bytes of work, 4 of height, and the header.
    String line = vectors.lines("bitcoinj-signet.checkpoints.txt").get(3);
    byte[] checkpoint = Base64.getDecoder().decode(line);
    ByteReader in = ByteReader.of(checkpoint);
    BigInteger work = new BigInteger(1, in.bytes("work", 12).toArray());
    int height = new BigInteger(1, in.bytes("height", 4).toArray()).intValueExact();
    addAll(chain, List.of(BlockHeader.read(in, Sha256.create())));

    assertThat(chain.tip().height()).isEqualTo(height).isEqualTo(2_016);
    assertThat(chain.tip().header().bits()).isNotEqualTo(headers.get(2_015).bits());
    assertThat(chain.tip().chainWork().toBigInteger()).isEqualTo(work);
    vectors.ran("signet-000000-002015.bin by HeaderChain", headers.size());
    vectors.ran(
        "bitcoinj-signet.checkpoints.txt, the first", 1, 113, "headers between are not there");
  }

  @Test
  void accept_ofTestnet3Headers_followsTheirChainOverTheFork() {
    Vectors vectors = Vectors.in("headers-testnet3");
    List<BlockHeader> forks = new ArrayList<>();
    List<BlockHeader> main = new ArrayList<>();
    for (String line : vectors.lines("blockheader_testnet3.hex")) {
      boolean isFork = line.startsWith("fork:");
      String hex = isFork ? line.substring("fork:".length()) : line;
      (isFork ? forks : main).add(BlockHeader.parse(HexFormat.of().parseHex(hex)));
    }
    assertThat(forks).hasSize(2);
    assertThat(main).hasSize(546);

    HeaderChain chain = chain(Networks.bitcoinTestnet3());
    addAll(chain, forks);
    assertThat(chain.tip().height()).isEqualTo(2);
    addAll(chain, main);

    assertThat(chain.tip().height()).isEqualTo(546);
    assertThat(chain.tip().header()).isEqualTo(main.get(545));
    assertThat(chain.reorganisations()).isEqualTo(1);
    assertThat(chain.tree().branchTips()).isEqualTo(2);
    vectors.ran("blockheader_testnet3.hex with both forks", 548);
  }

  private static List<BlockHeader> framed(byte[] file) {
    ByteReader in = ByteReader.of(file);
    Sha256 hasher = Sha256.create();
    List<BlockHeader> headers = new ArrayList<>();
    while (in.remaining() > 0) {
      assertThat(in.int32("magic")).isEqualTo(Networks.bitcoinMainnet().identity().magic());
      int length = in.int32("length");
      int start = in.position();
      headers.add(BlockHeader.read(in, hasher));
      in.bytes("body", length - (in.position() - start));
    }
    return headers;
  }

  @Test
  void accept_ofTheFirstRealBlocksAndTheirFork_reorganises() {
    Vectors vectors = Vectors.in("small-chains-and-reorgs");
    List<BlockHeader> real = framed(vectors.bytes("blk_0_to_4.dat"));
    HeaderChain chain = chain(Networks.bitcoinMainnet());
    addAll(chain, real.subList(1, 5));
    HeaderNode before = chain.tip();
    BlockHeader third = framed(vectors.bytes("blk_3A.dat")).get(0);
    BlockHeader fourth = framed(vectors.bytes("blk_4A.dat")).get(0);
    BlockHeader fifth = framed(vectors.bytes("blk_5A.dat")).get(0);

    assertThat(chain.accept(fifth, LATE)).isEqualTo(new HeaderOutcome.Unconnected(fourth.hash()));
    addAll(chain, List.of(third, fourth));
    assertThat(chain.tip()).isSameAs(before);
    addAll(chain, List.of(fifth));

    assertThat(chain.tip().header()).isEqualTo(fifth);
    assertThat(chain.reorganisations()).isEqualTo(1);
    ReorgPlan plan = ReorgPlan.between(before, chain.tip());
    assertThat(plan.fork().height()).isEqualTo(2);
    assertThat(plan.depth()).isEqualTo(2);
    assertThat(plan.connect()).extracting(HeaderNode::header).containsExactly(third, fourth, fifth);
    vectors.ran("blk_*.dat headers by HeaderChain", 8);
  }

  @Test
  void accept_ofTheRegtestReorganisation_endsOnTheLongerBranch() {
    Vectors vectors = Vectors.in("small-chains-and-reorgs");
    JsonNode branches = vectors.json("floresta_test_reorg.json");
    HeaderChain chain = chain(Networks.regtest());
    List<BlockHeader> first = blockHeaders(branches.get(0));
    List<BlockHeader> second = blockHeaders(branches.get(1));

    addAll(chain, first);
    HeaderNode before = chain.tip();
    addAll(chain, second.subList(0, 5));
    assertThat(chain.tip()).isSameAs(before);
    addAll(chain, second.subList(5, second.size()));

    assertThat(before.height()).isEqualTo(10);
    assertThat(chain.tip().height()).isEqualTo(16);
    assertThat(chain.tip().header()).isEqualTo(second.get(10));
    assertThat(chain.reorganisations()).isEqualTo(1);
    assertThat(ReorgPlan.between(before, chain.tip()).depth()).isEqualTo(5);
    vectors.ran("floresta_test_reorg.json headers", first.size() + second.size());
  }

  private static List<BlockHeader> blockHeaders(JsonNode blocks) {
    List<BlockHeader> headers = new ArrayList<>();
    for (JsonNode block : blocks) {
      headers.add(blockHeader(block.asText()));
    }
    return headers;
  }

  private static BlockHeader blockHeader(String hex) {
    return BlockHeader.parse(HexFormat.of().parseHex(hex.substring(0, 2 * BlockHeader.BYTES)));
  }

  @Test
  void accept_ofRegtestBlocks_takesAllOfThem() {
    Vectors vectors = Vectors.in("small-chains-and-reorgs");
    List<String> lines = vectors.lines("floresta_blocks.txt");
    HeaderChain chain = chain(Networks.regtest());
    List<BlockHeader> headers =
        lines.stream().filter(line -> !line.isBlank()).map(HeaderVectorsTest::blockHeader).toList();
    assertThat(headers.get(0)).isEqualTo(chain.tree().root().header());
    int added = 0;
    for (BlockHeader header : headers.subList(1, headers.size())) {
      HeaderOutcome outcome = chain.accept(header, LATE);
      assertThat(outcome).isInstanceOf(HeaderOutcome.Added.class);
      added++;
    }
    assertThat(chain.tip().height()).isEqualTo(added);
    vectors.ran("floresta_blocks.txt headers", headers.size());
  }
}
