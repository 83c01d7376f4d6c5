package org.chaincore.core.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.Optional;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  @Test
  void decode_coreCases_isTheNumberOrNothing() {
    Vectors vectors = Vectors.in("compact-bits");
    int ran = 0;
    for (JsonNode entry : vectors.json("arith_uint256_compact.json")) {
      if (entry.has("set_value")) {
        BigInteger value = BigInteger.valueOf(Long.decode(entry.get("set_value").asText()));
        assertThat(Target.ofValue(value).bits()).isEqualTo(bits(entry, "reencoded"));
      } else {
        checkDecoding(entry);
      }
      ran++;
    }
    assertThat(ran).isGreaterThan(15);
    vectors.ran("arith_uint256_compact.json", ran);
  }

  private static void checkDecoding(JsonNode entry) {
    Optional<Target> target = Target.decode(bits(entry, "compact"));
    boolean isBad = entry.get("negative").asBoolean() || entry.get("overflow").asBoolean();
    BigInteger expected =
        isBad ? BigInteger.ZERO : new BigInteger(entry.get("target_hex").asText(), 16);
    assertThat(target.map(Target::toBigInteger).orElse(BigInteger.ZERO))
        .as(entry.toString())
        .isEqualTo(expected);
    target.ifPresent(
        t ->
            assertThat(Target.ofValue(t.toBigInteger()).bits())
                .as(entry.toString())
                .isEqualTo(bits(entry, "reencoded")));
  }

  private static int bits(JsonNode entry, String field) {
    return Integer.parseUnsignedInt(entry.get(field).asText(), 16);
  }

  @ParameterizedTest
  @CsvSource({
    "20ffffff, false", "207fffff, true", "2100ffff, true", "2101ffff, false", "22000001, true",
    "220000ff, true", "22000100, false", "2200ffff, false", "23000001, false", "23000000, false",
    "01010000, true", "01000001, false", "1d80ffff, false", "21ffffff, false", "217fffff, false",
    "ff000001, false"
  })
  void decode_edges_areTargetsIfTheyFit(String bits, boolean isTarget) {
    assertThat(Target.decode(Integer.parseUnsignedInt(bits, 16)).isPresent()).isEqualTo(isTarget);
  }

  @Test
  void decode_random_keepsTheBitsAndRoundsToThemFromAbove() {
    SeededRun.of(20_000, 1)
        .check(
            (random, size) -> {
              int bits = random.nextInt(0x24) << 24 | random.nextInt(1 << 24);
              Optional<Target> decoded = Target.decode(bits);
              if (decoded.isPresent()) {
                Target target = decoded.get();
                assertThat(target.bits()).isEqualTo(bits);
                Target again = Target.ofValue(target.toBigInteger());
                assertThat(again).isEqualTo(target).hasSameHashCodeAs(target);
                assertThat(again.compareTo(target)).isZero();
              }
            });
  }

  @Test
  void ofValue_random_isTheNearestFromBelow() {
    SeededRun.of(5_000, 256)
        .check(
            (random, size) -> {
              byte[] magnitude = new byte[1 + (size - 1) / 8];
              random.nextBytes(magnitude);
              BigInteger value = new BigInteger(1, magnitude).max(BigInteger.ONE);
              BigInteger target = Target.ofValue(value).toBigInteger();
              assertThat(target).isLessThanOrEqualTo(value);
              // Fifteen bits of the number are always kept.
              BigInteger lost = value.subtract(target);
              assertThat(lost.shiftLeft(15)).isLessThan(value);
            });
  }

  @Test
  void ofValue_outsideTheRange_throws() {
    assertThatThrownBy(() -> Target.ofValue(BigInteger.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Target.ofValue(BigInteger.ONE.negate()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Target.ofValue(BigInteger.ONE.shiftLeft(256)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Target.ofValue(BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE)).bits())
        .isEqualTo(0x2100ffff);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0x04923456, 0xff123456})
  void ofBits_notATarget_throwsWithTheBits(int bits) {
    assertThatThrownBy(() -> Target.ofBits(bits))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.format("%08x", bits));
  }

  @Test
  void equals_twoBitPatternsOfOneNumber_isTrue() {
    Target one = Target.ofBits(0x03000001);

    assertThat(Target.ofBits(0x01010000)).isEqualTo(one).hasSameHashCodeAs(one);
    assertThat(one).isNotEqualTo(Target.ofBits(0x03000002)).isNotEqualTo("target");
  }

  @Test
  void compareTo_easier_isGreater() {
    assertThat(Target.ofBits(0x1d00ffff)).isGreaterThan(Target.ofBits(0x1c7fffff));
  }

  @Test
  void isMetBy_hash_comparesAsNumbers() {
    Target target = Target.ofBits(0x1d00ffff);
    assertThat(target.isMetBy(Hash256.ZERO)).isTrue();
    assertThat(target.isMetBy(Hash256.ofWords(0, 0, 0, 0xffff0000L))).isTrue();
    assertThat(target.isMetBy(Hash256.ofWords(1, 0, 0, 0xffff0000L))).isFalse();
    assertThat(target.isMetBy(Hash256.ofWords(0, 0, 0, -1))).isFalse();
  }

  @Test
  void toString_showsBitsAndNumber() {
    assertThat(Target.ofBits(0x1d00ffff))
        .hasToString("1d00ffff (00000000ffff0000000000000000000000000000000000000000000000000000)");
  }
}
