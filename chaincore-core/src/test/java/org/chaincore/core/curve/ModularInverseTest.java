package org.chaincore.core.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.random.RandomGenerator;
import org.chaincore.core.fixture.SeededRun;
import org.junit.jupiter.api.Test;

class ModularInverseTest {
  private static final BigInteger P = FieldElement.PRIME;

  private static void assertInverts(BigInteger number) {
    if (number.mod(P).signum() > 0) {
      BigInteger element = number.mod(P);
      assertThat(ModularInverse.OF_FIELD.of(element)).isEqualTo(element.modInverse(P));
    }
    if (number.mod(Scalars.ORDER).signum() > 0) {
      BigInteger scalar = number.mod(Scalars.ORDER);
      assertThat(Scalars.inverse(scalar)).isEqualTo(scalar.modInverse(Scalars.ORDER));
    }
  }

  @Test
  void of_nearPowersOfTwo_isThatOfTheLibrary() {
    for (int bit = 0; bit <= 256; bit++) {
      BigInteger power = BigInteger.ONE.shiftLeft(bit);
      for (long beside = -3; beside <= 3; beside++) {
        BigInteger number = power.add(BigInteger.valueOf(beside));
        assertInverts(number);
        assertInverts(number.negate());
      }
    }
  }

  @Test
  void of_fractionsOfTheModulus_isThatOfTheLibrary() {
    for (BigInteger modulus : List.of(P, Scalars.ORDER)) {
      for (int divisor = 2; divisor < 300; divisor++) {
        BigInteger part = modulus.divide(BigInteger.valueOf(divisor));
        assertInverts(part);
        assertInverts(part.add(BigInteger.ONE));
      }
    }
  }

  @Test
  void of_longRunsOfOneBit_isThatOfTheLibrary() {
    SeededRun.of(20_000, 256).check((random, size) -> assertInverts(runs(random, size)));
  }

  /** Long runs make many steps of one kind. */
  private static BigInteger runs(RandomGenerator random, int bits) {
    BigInteger number = BigInteger.ZERO;
    boolean isOne = random.nextBoolean();
    for (int at = 0; at < bits; isOne = !isOne) {
      int length = 1 + random.nextInt(random.nextBoolean() ? 4 : 90);
      for (int i = at; i < Math.min(bits, at + length) && isOne; i++) {
        number = number.setBit(i);
      }
      at += length;
    }
    return number;
  }

  @Test
  void of_whatHasNone_isRefused() {
    for (BigInteger none : List.of(BigInteger.ZERO, BigInteger.ONE.negate(), Scalars.ORDER)) {
      assertThatThrownBy(() -> Scalars.inverse(none))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(none.toString(16));
    }
  }
}
