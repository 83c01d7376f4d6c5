package org.chaincore.sync.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.hash.Hashing;
import java.util.List;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.fixture.Vectors;
import org.chaincore.core.script.AddressFormat;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.script.PayToPubkeyHash;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

final class BloomFilterTest {
  private static final int UPDATE_ALL = 1;
  private static final AddressFormat MAINNET = new AddressFormat(0, 5, 128, "bc");
  private static final Bytes KEY_HASH = Bytes.parse("99108ad8ed9bb6274d3980bab5a85c048f0950c8");

  @Test
  void murmur_vectors_areWhatTheyGive() {
    Vectors vectors = Vectors.in("siphash-murmur");
    int ran = 0;
    for (JsonNode entry : vectors.json("murmur3_32.json")) {
      int seed = Integer.parseUnsignedInt(entry.get("seed").asText().substring(2), 16);
      byte[] data = Bytes.parse(entry.get("data").asText()).toArray();
      assertThat(Hashing.murmur3_32_fixed(seed).hashBytes(data).asInt())
          .isEqualTo(Integer.parseUnsignedInt(entry.get("expected").asText().substring(2), 16));
      ran++;
    }
    assertThat(ran).isEqualTo(14);
    vectors.ran("murmur3_32.json", ran);
  }

  @Test
  void add_elementsOfTheVectors_givesTheirBytes() {
    Vectors vectors = Vectors.in("bloom-bip37");
    int ran = 0;
    for (JsonNode entry : vectors.json("bloom_serialize.json")) {
      BloomFilter filter =
          BloomFilter.ofSize(
              entry.get("n").asInt(),
              entry.get("fp").asDouble(),
              (int) entry.get("tweak").asLong(),
              entry.get("flags").asInt());
      for (Bytes element : elements(entry)) {
        filter.add(element);
        assertThat(filter.contains(element)).isTrue();
      }
      entry
          .path("not_contains")
          .forEach(other -> assertThat(filter.contains(Bytes.parse(other.asText()))).isFalse());
      assertThat(serialized(filter)).isEqualTo(entry.get("serialized").asText());
      ran++;
    }
    assertThat(ran).isEqualTo(3);
    vectors.ran("bloom_serialize.json", ran);
  }

  private static List<Bytes> elements(JsonNode entry) {
    if (entry.has("insert")) {
      return entry.get("insert").valueStream().map(item -> Bytes.parse(item.asText())).toList();
    }
    KeyPair pair =
        KeyPair.parseWif(entry.get("insert_pubkey_and_hash160_of_wif").asText(), MAINNET);
    return List.of(pair.publicKey().encoded(), pair.publicKey().hash160());
  }

  private static String serialized(BloomFilter filter) {
    return ByteWriter.create()
        .varBytes(filter.bits())
        .int32(filter.hashFunctions())
        .int32(filter.tweak())
        .uint8(filter.flags())
        .toBytes()
        .toHex();
  }

  @Test
  void contains_whatWasAdded_always() {
    SeededRun.of(50, 500)
        .check(
            (random, size) -> {
              BloomFilter filter = BloomFilter.ofSize(size, 0.01, random.nextInt(), 0);
              byte[] element = new byte[random.nextInt(60)];
              for (int i = 0; i < size; i++) {
                random.nextBytes(element);
                filter.add(Bytes.of(element));
                assertThat(filter.contains(Bytes.of(element))).isTrue();
              }
              BloomFilter sent =
                  BloomFilter.of(
                      filter.bits(), filter.hashFunctions(), filter.tweak(), filter.flags());
              assertThat(sent.contains(Bytes.of(element))).isTrue();
            });
  }

  @Test
  void contains_othersThanAdded_asSeldomAsAskedFor() {
    BloomFilter filter = BloomFilter.ofSize(1_000, 0.01, 7, 0);
    for (int i = 0; i < 1_000; i++) {
      filter.add(element(i));
    }

    int hits = 0;
    for (int i = 1_000; i < 11_000; i++) {
      hits += filter.contains(element(i)) ? 1 : 0;
    }

    assertThat(hits).isBetween(50, 200);
  }

  private static Bytes element(int number) {
    return Bytes.of(Hash256.ofWords(number, 1, 2, 3).toWire());
  }

  @Test
  void contains_filterWithoutBits_everything() {
    BloomFilter filter = BloomFilter.of(Bytes.EMPTY, 5, 0, 0);

    filter.add(KEY_HASH);

    assertThat(filter.contains(Bytes.EMPTY)).isTrue();
  }

  @Test
  void contains_filterWithoutFunctions_everything() {
    assertThat(BloomFilter.of(Bytes.of(new byte[3]), 0, 0, 0).contains(KEY_HASH)).isTrue();
  }

  @Test
  void matches_idOutputOutPointOrInput_finds() {
    Transaction transaction = paying(TestBlocks.unknown(1));
    TransactionInput input = transaction.inputs().get(0);
    byte[] outPoint =
        ByteWriter.create()
            .hash(input.previousOutput().txid())
            .int32(input.previousOutput().index())
            .toArray();

    assertThat(holding(Bytes.of(transaction.txid().toWire())).matches(transaction)).isTrue();
    assertThat(holding(KEY_HASH).matches(transaction)).isTrue();
    assertThat(holding(Bytes.of(outPoint)).matches(transaction)).isTrue();
    assertThat(holding(Bytes.parse("aabbcc")).matches(transaction)).isTrue();
    assertThat(holding(Bytes.parse("aabbcd")).matches(transaction)).isFalse();
  }

  @Test
  void matches_filterThatUpdates_findsWhatSpendsTheOutput() {
    Transaction paying = paying(TestBlocks.unknown(1));
    Transaction spending = TestBlocks.spend(List.of(paying.outPoint(0)), TestBlocks.pay(1));
    BloomFilter updating = BloomFilter.ofSize(10, 0.000001, 0, UPDATE_ALL);
    updating.add(KEY_HASH);
    BloomFilter constant = holding(KEY_HASH);

    assertThat(updating.matches(spending)).isFalse();
    assertThat(updating.matches(paying)).isTrue();
    assertThat(updating.matches(spending)).isTrue();
    assertThat(constant.matches(paying)).isTrue();
    assertThat(constant.matches(spending)).isFalse();
  }

  private static BloomFilter holding(Bytes element) {
    BloomFilter filter = BloomFilter.ofSize(10, 0.000001, 0, 0);
    filter.add(element);
    return filter;
  }

  private static Transaction paying(OutPoint coin) {
    TransactionInput input = TransactionInput.spending(coin).withScriptSig(Bytes.parse("03aabbcc"));
    TransactionOutput output = new TransactionOutput(5, new PayToPubkeyHash(KEY_HASH).script());
    return Transaction.of(2, List.of(input), List.of(output), 0);
  }

  @Test
  void of_beyondTheLimits_isRefusedWithTheValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BloomFilter.of(Bytes.of(new byte[36_001]), 1, 0, 0))
        .withMessageContaining("36001");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BloomFilter.of(Bytes.EMPTY, 51, 0, 0))
        .withMessageContaining("51 hash functions");
    assertThatIllegalArgumentException().isThrownBy(() -> BloomFilter.of(Bytes.EMPTY, -1, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> BloomFilter.ofSize(0, 0.1, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> BloomFilter.ofSize(1, 1, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> BloomFilter.ofSize(1, 0, 0, 0));
  }

  @Test
  void ofSize_moreThanFits_isAsLargeAsAllowed() {
    BloomFilter filter = BloomFilter.ofSize(1_000_000, 0.0001, 0, 0);

    assertThat(filter.bits().length()).isEqualTo(36_000);
    assertThat(BloomFilter.ofSize(1, 1e-30, 0, 0).hashFunctions()).isEqualTo(50);
  }
}
