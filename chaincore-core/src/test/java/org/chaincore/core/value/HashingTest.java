package org.chaincore.core.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.Vectors;
import org.junit.jupiter.api.Test;

/** SHA-256, SipHash and the byte orders below them. */
class HashingTest {
  /** FIPS 180-4's example. */
  private static final String SHA256_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void hash_abc_isFipsExample() {
    byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);

    assertThat(HexFormat.of().formatHex(Sha256.hash(abc))).isEqualTo(SHA256_OF_ABC);
    byte[] within = "xxabcx".getBytes(StandardCharsets.US_ASCII);
    assertThat(Sha256.create().hash(within, 2, 3)).isEqualTo(Sha256.hash(abc));
  }

  @Test
  void doubleHash_anyRange_isTheHashOfTheHash() {
    Sha256 reused = Sha256.create();
    SeededRun.of(200, 200)
        .check(
            (random, size) -> {
              byte[] bytes = new byte[size];
              random.nextBytes(bytes);
              int from = random.nextInt(size);
              int length = random.nextInt(size - from + 1);
              byte[] part = Arrays.copyOfRange(bytes, from, from + length);
              Hash256 expected = Hash256.ofWire(Sha256.hash(Sha256.hash(part)));
              assertThat(reused.doubleHash(bytes, from, length)).isEqualTo(expected);
              assertThat(Sha256.doubleHash(part)).isEqualTo(expected);
            });
  }

  @Test
  void doubleHash_intoItsOwnInput_works() {
    byte[] bytes = new byte[64];
    Hash256 expected = Sha256.doubleHash(bytes);

    Sha256.create().doubleHash(bytes, 0, 64, bytes, 32);

    assertThat(Hash256.ofWire(bytes, 32)).isEqualTo(expected);
  }

  @Test
  void doubleHash_noRoom_throwsAndLeavesTheHasherUsable() {
    Sha256 hasher = Sha256.create();
    byte[] input = {1, 2, 3};

    assertThatThrownBy(() -> hasher.doubleHash(input, 0, 3, new byte[32], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> hasher.doubleHash(input, 1, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(hasher.doubleHash(input, 0, 3)).isEqualTo(Sha256.doubleHash(input));
  }

  @Test
  void sipHash_referenceVectors_match() {
    Vectors vectors = Vectors.in("siphash-murmur");
    JsonNode file = vectors.json("siphash24.json");
    SipKey key = SipKey.of(hex(file.get("k0")), hex(file.get("k1")));
    JsonNode expected = file.get("vectors");
    for (int length = 0; length < expected.size(); length++) {
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) i;
      }
      assertThat(key.hash(bytes)).as("length " + length).isEqualTo(hex(expected.get(length)));
    }
    assertThat(expected).hasSizeGreaterThan(32);
    vectors.ran("siphash24.json", expected.size());
  }

  private static long hex(JsonNode node) {
    return Long.parseUnsignedLong(node.asText().replace("0x", ""), 16);
  }

  @Test
  void sipHash_ofAHash_isOfItsWireBytes() {
    SipKey key = SipKey.of(1, 2);
    Hash256 hash = Hash256.ofWords(1, 2, 3, 4);

    assertThat(key.hash(hash)).isEqualTo(key.hash(hash.toWire()));
    assertThat(SipKey.of(1, 3).hash(hash)).isNotEqualTo(key.hash(hash));
    assertThat(key).hasToString("SipKey");
  }

  @Test
  void sipHash_ofRandomHashes_isOfTheirWireBytes() {
    SeededRun.of(500, 1)
        .check(
            (random, size) -> {
              SipKey key = SipKey.of(random.nextLong(), random.nextLong());
              Hash256 hash =
                  Hash256.ofWords(
                      random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
              assertThat(key.hash(hash)).isEqualTo(key.hash(hash.toWire()));
            });
  }

  @Test
  void doubleHashOfFed_pieces_isTheHashOfTheWhole() {
    byte[] bytes = {1, 2, 3, 4, 5, 6, 7};
    Sha256 hasher = Sha256.create();
    hasher.feed(bytes, 0, 3);
    hasher.feed(bytes, 3, 0);
    hasher.feed(bytes, 3, 4);

    assertThat(hasher.doubleHashOfFed()).isEqualTo(Sha256.doubleHash(bytes));
    assertThat(hasher.doubleHash(bytes, 0, 7)).isEqualTo(Sha256.doubleHash(bytes));
    assertThatThrownBy(() -> hasher.feed(bytes, 5, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void littleEndian_roundTrip_leastByteFirst() {
    byte[] bytes = new byte[12];
    LittleEndian.putLong(bytes, 1, 0x0807060504030201L);

    assertThat(bytes).startsWith(0, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(LittleEndian.getLong(bytes, 1)).isEqualTo(0x0807060504030201L);
    assertThat(LittleEndian.getInt(bytes, 2)).isEqualTo(0x05040302);
    LittleEndian.putInt(bytes, 8, -2);
    assertThat(LittleEndian.getInt(bytes, 8)).isEqualTo(-2);
    assertThatThrownBy(() -> LittleEndian.getInt(bytes, 9))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> LittleEndian.putLong(bytes, -1, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
