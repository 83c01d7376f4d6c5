package org.chaincore.core.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.random.RandomGenerator;
import org.chaincore.core.fixture.SeededRun;
import org.junit.jupiter.api.Test;

/** Scalars, and the ways in which they are taken apart. */
class ScalarsTest {
  private static final BigInteger TWO_128 = BigInteger.ONE.shiftLeft(128);

  static BigInteger random(RandomGenerator random, int bits) {
    byte[] bytes = new byte[33];
    random.nextBytes(bytes);
    return new BigInteger(1, bytes).mod(BigInteger.ONE.shiftLeft(bits));
  }

  private static void assertSplits(BigInteger scalar) {
    SplitScalar halves = SplitScalar.split(scalar);
    BigInteger joined = halves.second().multiply(SplitScalar.LAMBDA).add(halves.first());
    assertThat(joined.mod(Scalars.ORDER)).isEqualTo(scalar);
    assertThat(halves.first().abs()).isLessThan(TWO_128);
    assertThat(halves.second().abs()).isLessThan(TWO_128);
    assertThat(digitsOf(halves.first(), 5)).isEqualTo(halves.first());
    assertThat(digitsOf(halves.second(), 5)).isEqualTo(halves.second());
  }

  @Test
  void split_anyScalar_isTwoOfHalfTheLength() {
    SeededRun.of(20_000, 256)
        .check((random, size) -> assertSplits(random(random, size).mod(Scalars.ORDER)));
  }

  @Test
  void split_atTheEdges_isTwoOfHalfTheLength() {
    for (BigInteger at :
        List.of(
            BigInteger.ZERO,
            SplitScalar.LAMBDA,
            SplitScalar.LAMBDA.pow(2).mod(Scalars.ORDER),
            TWO_128,
            Scalars.ORDER.shiftRight(1))) {
      for (long beside = -2; beside <= 2; beside++) {
        assertSplits(at.add(BigInteger.valueOf(beside)).mod(Scalars.ORDER));
      }
    }
  }

  /** Where the next lattice point changes. */
  @Test
  void split_betweenTwoLatticePoints_isTwoOfHalfTheLength() {
    SeededRun.of(2_000, 128)
        .check(
            (random, size) -> {
              BigInteger odd = random(random, size).shiftLeft(1).add(BigInteger.ONE);
              for (String side :
                  List.of("3086d221a7d46bcde86c90e49284eb15", "e4437ed6010e88286f547fa90abfe4c3")) {
                BigInteger middle =
                    odd.multiply(Scalars.ORDER).shiftRight(1).divide(new BigInteger(side, 16));
                for (long beside = -1; beside <= 1; beside++) {
                  assertSplits(middle.add(BigInteger.valueOf(beside)).mod(Scalars.ORDER));
                }
              }
            });
  }

  /** The number that the digits make, which are checked on the way. */
  private static BigInteger digitsOf(BigInteger scalar, int width) {
    SignedWindows windows = SignedWindows.of(scalar, width);
    BigInteger sum = BigInteger.ZERO;
    int last = -width;
    for (int i = 0; i < SignedWindows.LENGTH; i++) {
      int digit = windows.at(i);
      if (digit != 0) {
        assertThat(digit % 2).isNotZero();
        assertThat(Math.abs(digit)).isLessThan(1 << (width - 1));
        assertThat(i - last).isGreaterThanOrEqualTo(width);
        last = i;
        sum = sum.add(BigInteger.valueOf(digit).shiftLeft(i));
      }
    }
    return sum;
  }

  @Test
  void windows_ofEveryWidth_makeTheScalar() {
    BigInteger most = BigInteger.ONE.shiftLeft(129).subtract(BigInteger.ONE);
    for (int width = 2; width <= 16; width++) {
      for (BigInteger edge :
          List.of(
              BigInteger.ZERO, BigInteger.ONE, TWO_128, TWO_128.subtract(BigInteger.ONE), most)) {
        assertThat(digitsOf(edge, width)).isEqualTo(edge);
        assertThat(digitsOf(edge.negate(), width)).isEqualTo(edge.negate());
      }
    }
    SeededRun.of(10_000, 129)
        .check(
            (random, size) -> {
              BigInteger scalar = random(random, size);
              BigInteger signed = random.nextBoolean() ? scalar : scalar.negate();
              assertThat(digitsOf(signed, 2 + random.nextInt(15))).isEqualTo(signed);
            });
  }

  @Test
  void windows_ofTooMuch_areRefused() {
    assertThatThrownBy(() -> SignedWindows.of(BigInteger.ONE.shiftLeft(129), 5))
        .hasMessageContaining("130 bits");
    assertThatThrownBy(() -> SignedWindows.of(BigInteger.ONE, 1)).hasMessageContaining("of 1");
    assertThatThrownBy(() -> SignedWindows.of(BigInteger.ONE, 17)).hasMessageContaining("of 17");
  }
}
