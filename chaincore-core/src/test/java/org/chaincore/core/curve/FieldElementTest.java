package org.chaincore.core.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.random.RandomGenerator;
import org.chaincore.core.fixture.SeededRun;
import org.junit.jupiter.api.Test;

/** Against numbers of any length, with limbs that run over as far as they may. */
class FieldElementTest {
  private static final BigInteger P = FieldElement.PRIME;
  private static final long LIMB = (1L << 52) - 1;
  private static final long TOP = (1L << 48) - 1;
  private static final int CASES = 20_000;

  /** The edges of limbs, often, of an element of this magnitude. */
  static long[] limbs(RandomGenerator random, int magnitude) {
    long[] limbs = new long[FieldElement.LIMBS];
    for (int i = 0; i < limbs.length; i++) {
      long most = 2L * magnitude * (i == 4 ? TOP : LIMB);
      limbs[i] =
          switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> most - random.nextInt(3);
            case 2 -> most / 2 + random.nextInt(3) - 1;
            case 3 -> random.nextLong(1L << (1 + random.nextInt(30)));
            default -> random.nextLong(most + 1);
          };
    }
    return limbs;
  }

  private static FieldElement element(long... limbs) {
    FieldElement element = new FieldElement();
    element.read(limbs, 0);
    return element;
  }

  private static BigInteger number(long... limbs) {
    return raw(limbs).mod(P);
  }

  private static BigInteger raw(long... limbs) {
    BigInteger number = BigInteger.ZERO;
    for (int i = limbs.length - 1; i >= 0; i--) {
      number = number.shiftLeft(52).add(BigInteger.valueOf(limbs[i]));
    }
    return number;
  }

  /** Limbs of a number below 2<sup>261</sup>, with as much borrowed from each by the one below. */
  private static long[] borrowed(BigInteger number, int... fromNext) {
    long[] limbs = new long[FieldElement.LIMBS];
    for (int i = 0; i < limbs.length; i++) {
      BigInteger rest = number.shiftRight(52 * i);
      limbs[i] = i == 4 ? rest.longValueExact() : rest.longValue() & LIMB;
    }
    for (int i = 0; i < fromNext.length; i++) {
      long borrowed = Math.min(fromNext[i], limbs[i + 1]);
      limbs[i + 1] -= borrowed;
      limbs[i] += borrowed << 52;
    }
    return limbs;
  }

  @Test
  void isZero_multiplesOfThePrimeInAnyForm_areZero() {
    SeededRun.of(5_000, 16)
        .check(
            (random, times) -> {
              BigInteger multiple = P.multiply(BigInteger.valueOf(times));
              int[] borrowed = random.ints(4, 0, 8).toArray();
              assertThat(element(borrowed(multiple, borrowed)).isZero()).isTrue();
              BigInteger beside = multiple.flipBit(random.nextInt(256));
              assertThat(element(borrowed(beside, borrowed)).isZero()).isFalse();
            });
  }

  private static void assertIs(FieldElement element, BigInteger expected, int magnitude) {
    long[] limbs = new long[FieldElement.LIMBS];
    element.write(limbs, 0);
    for (int i = 0; i < limbs.length; i++) {
      assertThat(limbs[i]).isBetween(0L, 2L * magnitude * (i == 4 ? TOP : LIMB));
    }
    assertThat(element.toNumber()).isEqualTo(expected.mod(P));
  }

  @Test
  void multiplyAndSquare_anyFactors_areThoseOfNumbersAndOfMagnitudeOne() {
    SeededRun.of(CASES, FieldElement.MAX_FACTOR)
        .check(
            (random, magnitude) -> {
              long[] x = limbs(random, magnitude);
              long[] y = limbs(random, FieldElement.MAX_FACTOR);
              FieldElement product = new FieldElement();
              product.multiply(element(x), element(y));
              assertIs(product, number(x).multiply(number(y)), 1);
              FieldElement inPlace = element(y);
              inPlace.multiply(inPlace, inPlace);
              assertIs(inPlace, number(y).pow(2), 1);
              FieldElement square = element(y);
              square.square(square);
              assertIs(square, number(y).pow(2), 1);
            });
  }

  @Test
  void addNegateScaleHalve_anyElement_areThoseOfNumbers() {
    BigInteger half = BigInteger.TWO.modInverse(P);
    SeededRun.of(CASES, FieldElement.MAX_FACTOR)
        .check(
            (random, magnitude) -> {
              long[] x = limbs(random, magnitude);
              long[] y = limbs(random, 3);
              FieldElement sum = new FieldElement();
              sum.add(element(x), element(y));
              assertIs(sum, number(x).add(number(y)), magnitude + 3);
              FieldElement negative = new FieldElement();
              negative.negate(element(x), magnitude);
              assertIs(negative, number(x).negate(), magnitude + 1);
              FieldElement scaled = element(x);
              scaled.scale(3);
              assertIs(scaled, number(x).multiply(BigInteger.valueOf(3)), 3 * magnitude);
              FieldElement halved = element(x);
              halved.halve();
              assertIs(halved, number(x).multiply(half), magnitude / 2 + 1);
            });
  }

  @Test
  void root_ofASquare_isOneOfBoth_andOfAnythingElseIsNot() {
    BigInteger exponent = P.subtract(BigInteger.ONE).shiftRight(1);
    SeededRun.of(300, FieldElement.MAX_FACTOR)
        .check(
            (random, magnitude) -> {
              long[] x = limbs(random, magnitude);
              FieldElement root = new FieldElement();
              boolean isSquare = SquareRoot.find(element(x), root);
              BigInteger symbol = number(x).modPow(exponent, P);
              assertThat(isSquare).isEqualTo(symbol.compareTo(BigInteger.ONE) <= 0);
              BigInteger of = isSquare ? number(x) : number(x).negate();
              assertThat(root.toNumber().pow(2).mod(P)).isEqualTo(of.mod(P));
            });
  }

  @Test
  void root_ofZeroAndOne_isItself() {
    FieldElement root = new FieldElement();
    assertThat(SquareRoot.find(element(0, 0, 0, 0, 0), root)).isTrue();
    assertIs(root, BigInteger.ZERO, 1);
    assertThat(SquareRoot.find(FieldElement.of(BigInteger.ONE), root)).isTrue();
    assertThat(root.toNumber().pow(2).mod(P)).isEqualTo(BigInteger.ONE);
  }

  /** Zero has as many forms as there are multiples of p among the limbs. */
  @Test
  void isZero_everyMultipleOfThePrime_andNothingBeside() {
    FieldElement zero = new FieldElement();
    for (int magnitude = 0; magnitude < FieldElement.MAX_FACTOR; magnitude++) {
      FieldElement multiple = new FieldElement();
      multiple.negate(zero, magnitude);
      assertThat(multiple.isZero()).isTrue();
      assertThat(multiple.isSame(zero)).isTrue();
      for (int limb = 0; limb < FieldElement.LIMBS; limb++) {
        for (long change : List.of(1L, -1L, 1L << 20)) {
          long[] limbs = new long[FieldElement.LIMBS];
          multiple.write(limbs, 0);
          limbs[limb] += change;
          assertThat(element(limbs).isZero()).isFalse();
          assertThat(element(limbs).isSame(multiple)).isFalse();
        }
      }
    }
    assertThat(FieldElement.of(BigInteger.ONE).isZero()).isFalse();
  }

  @Test
  void normalise_whatIsPrimeOrAbove_isBelow() {
    BigInteger two256 = BigInteger.ONE.shiftLeft(256);
    for (long above : new long[] {-2, -1, 0, 1, 0x1000003D0L}) {
      BigInteger number = P.add(BigInteger.valueOf(above));
      assertThat(number).isLessThan(two256);
      long[] limbs = new long[FieldElement.LIMBS];
      for (int i = 0; i < limbs.length; i++) {
        limbs[i] = number.shiftRight(52 * i).longValue() & LIMB;
      }
      FieldElement element = element(limbs);
      element.normalise();
      long[] whole = new long[FieldElement.LIMBS];
      element.write(whole, 0);
      assertThat(raw(whole)).isEqualTo(number.mod(P));
      assertThat(element.isOdd()).isEqualTo(number.mod(P).testBit(0));
    }
  }

  @Test
  void of_whatIsNotInTheField_isRefused() {
    assertThat(FieldElement.of(P.subtract(BigInteger.ONE)).toNumber())
        .isEqualTo(P.subtract(BigInteger.ONE));
    assertThat(FieldElement.of(BigInteger.TEN)).hasToString("a");
    assertThatThrownBy(() -> FieldElement.of(P)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FieldElement.of(BigInteger.ONE.negate()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
