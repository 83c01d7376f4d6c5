package org.chaincore.core.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.random.RandomGenerator;
import org.chaincore.core.fixture.SeededRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Hash256Test {
  private static final String GENESIS =
      "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";

  private static Hash256 random(RandomGenerator random) {
    return Hash256.ofWords(
        random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  @Test
  void parse_displayHex_isReversedOnTheWire() {
    byte[] wire = Hash256.parse(GENESIS).toWire();

    assertThat(wire[0]).isEqualTo((byte) 0x6f);
    assertThat(wire[31]).isZero();
    assertThat(Hash256.ofWire(wire)).hasToString(GENESIS);
  }

  @Test
  void parse_upperCase_isTheSame() {
    assertThat(Hash256.parse("ABCDEF".repeat(10) + "0000"))
        .isEqualTo(Hash256.parse("abcdef".repeat(10) + "0000"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "0000000000000000000000000000000000000000000000000000000000000000ff",
        "g000000000000000000000000000000000000000000000000000000000000000",
        "-000000000000000000000000000000000000000000000000000000000000000",
        "\u0660000000000000000000000000000000000000000000000000000000000000"
      })
  void parse_notSixtyFourHexDigits_throws(String hex) {
    assertThatThrownBy(() -> Hash256.parse(hex)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ofWire_notThirtyTwoBytes_throws() {
    assertThatThrownBy(() -> Hash256.ofWire(new byte[31])).hasMessageContaining("31");
    assertThatThrownBy(() -> Hash256.ofWire(new byte[33])).hasMessageContaining("33");
    assertThatThrownBy(() -> Hash256.ofWire(new byte[40], 9))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void conversions_random_areInverse() {
    SeededRun.of(200, 1)
        .check(
            (random, size) -> {
              Hash256 hash = random(random);
              assertThat(Hash256.parse(hash.toString())).isEqualTo(hash).hasSameHashCodeAs(hash);
              assertThat(Hash256.ofWire(hash.toWire())).isEqualTo(hash);
              assertThat(Hash256.ofWords(hash.word(0), hash.word(1), hash.word(2), hash.word(3)))
                  .isEqualTo(hash);
              byte[] within = new byte[50];
              hash.writeWire(within, 7);
              assertThat(Hash256.ofWire(within, 7)).isEqualTo(hash);
            });
  }

  @Test
  void compareTo_random_isThatOfTheNumbers() {
    SeededRun.of(500, 1)
        .check(
            (random, size) -> {
              Hash256 a = random(random);
              // Words shared from the top, so that the lower ones decide too.
              int shared = random.nextInt(5);
              Hash256 b =
                  Hash256.ofWords(
                      shared > 3 ? a.word(0) : random.nextLong(),
                      shared > 2 ? a.word(1) : random.nextLong(),
                      shared > 1 ? a.word(2) : random.nextLong(),
                      shared > 0 ? a.word(3) : random.nextLong());
              assertThat(Integer.signum(a.compareTo(b))).isEqualTo(number(a).compareTo(number(b)));
              assertThat(a.equals(b)).isEqualTo(a.compareTo(b) == 0);
            });
  }

  private static BigInteger number(Hash256 hash) {
    return new BigInteger(hash.toString(), 16);
  }

  @Test
  void equals_oneWordDifferent_isFalse() {
    Hash256 hash = Hash256.ofWords(1, 2, 3, 4);
    assertThat(hash)
        .isNotEqualTo(Hash256.ofWords(0, 2, 3, 4))
        .isNotEqualTo(Hash256.ofWords(1, 0, 3, 4))
        .isNotEqualTo(Hash256.ofWords(1, 2, 0, 4))
        .isNotEqualTo(Hash256.ofWords(1, 2, 3, 0))
        .isNotEqualTo("hash");
  }

  @Test
  void isZero_anyBit_isFalse() {
    assertThat(Hash256.ZERO.isZero()).isTrue();
    assertThat(Hash256.ofWords(0, 0, 1L << 63, 0).isZero()).isFalse();
  }

  @Test
  void word_outside_throws() {
    assertThatThrownBy(() -> Hash256.ZERO.word(4)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Hash256.ZERO.word(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
