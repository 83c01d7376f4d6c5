package org.chaincore.sync.sketch;

/**
 * Arithmetic in the field of 2³² elements, polynomials over GF(2) modulo x³² + x⁷ + x³ + x² + 1.
 * Bit i of an element is the coefficient of xⁱ; addition is XOR.
 *
 * <p><b>Idea.</b> Java has no carry-less multiplication. An ordinary one is carry-less where no
 * carry reaches the next bit that counts: each factor is cut into four words that keep every fourth
 * bit, and a product of two such words sums at most eight ones into a hole of four bits. Sixteen
 * multiplications, no table, no branch.
 *
 * <p>Stateless.
 */
final class Field32 {
  static final int BITS = 32;

  /** The modulus without x³². */
  static final int MODULUS = 1 << 7 | 1 << 3 | 1 << 2 | 1;

  private static final long HOLES = 0x1111_1111L;
  private static final long WIDE_HOLES = 0x1111_1111_1111_1111L;
  private static final LinearMap SQUARES = squares();
  private static final LinearMap HALF_TRACES = halfTraces();

  private Field32() {}

  static int multiply(int a, int b) {
    return reduce(product(a, b));
  }

  /** The product before it is reduced; such products may be added first and reduced together. */
  static long product(int a, int b) {
    long a0 = a & HOLES;
    long a1 = a & HOLES << 1;
    long a2 = a & HOLES << 2;
    long a3 = a & HOLES << 3;
    long b0 = b & HOLES;
    long b1 = b & HOLES << 1;
    long b2 = b & HOLES << 2;
    long b3 = b & HOLES << 3;
    long c0 = (a0 * b0) ^ (a1 * b3) ^ (a2 * b2) ^ (a3 * b1);
    long c1 = (a0 * b1) ^ (a1 * b0) ^ (a2 * b3) ^ (a3 * b2);
    long c2 = (a0 * b2) ^ (a1 * b1) ^ (a2 * b0) ^ (a3 * b3);
    long c3 = (a0 * b3) ^ (a1 * b2) ^ (a2 * b1) ^ (a3 * b0);
    return (c0 & WIDE_HOLES)
        | (c1 & WIDE_HOLES << 1)
        | (c2 & WIDE_HOLES << 2)
        | (c3 & WIDE_HOLES << 3);
  }

  static int reduce(long product) {
    long high = product >>> BITS;
    long folded = product ^ timesModulus(high);
    long spill = (folded ^ product) >>> BITS;
    return (int) (folded ^ timesModulus(spill));
  }

  private static long timesModulus(long high) {
    return high ^ (high << 2) ^ (high << 3) ^ (high << 7);
  }

  static int timesX(int a) {
    return (a << 1) ^ ((a >> 31) & MODULUS);
  }

  static int square(int a) {
    return SQUARES.apply(a);
  }

  /** The inverse of an element that is not 0: its power 2³² − 2, by Itoh and Tsujii's chain. */
  static int inverse(int a) {
    // power is a^(2^ones − 1), so that ones 1, 3, 7, 15, 31.
    int power = a;
    for (int ones = 1; ones < BITS - 1; ones = 2 * ones + 1) {
      int shifted = power;
      for (int i = 0; i < ones; i++) {
        shifted = square(shifted);
      }
      power = multiply(square(multiply(shifted, power)), a);
    }
    return square(power);
  }

  /** A z with z² + z = c, if there is one; the other is z + 1. Any word if there is none. */
  static int solveQuadratic(int c) {
    return HALF_TRACES.apply(c);
  }

  private static LinearMap squares() {
    int[] images = new int[BITS];
    int power = 1;
    for (int i = 0; i < BITS; i++) {
      images[i] = power;
      power = timesX(timesX(power));
    }
    return LinearMap.of(images);
  }

  /**
   * Inverts z → z² + z, whose image is half of the field, by elimination. Bits that are the leading
   * bit of no image take no part.
   */
  private static LinearMap halfTraces() {
    int[] sums = new int[BITS];
    int[] sources = new int[BITS];
    for (int bit = 0; bit < BITS; bit++) {
      int source = 1 << bit;
      int sum = square(source) ^ source;
      for (int lead = BITS - 1; lead >= 0 && sum != 0; lead--) {
        if ((sum >>> lead & 1) == 0) {
          continue;
        }
        if (sums[lead] == 0) {
          sums[lead] = sum;
          sources[lead] = source;
          sum = 0;
        } else {
          sum ^= sums[lead];
          source ^= sources[lead];
        }
      }
    }
    return LinearMap.of(solutions(sums, sources));
  }

  /** Clears every leading bit from the other sums: what is left maps a leading bit to a source. */
  private static int[] solutions(int[] sums, int[] sources) {
    for (int lead = 0; lead < BITS; lead++) {
      for (int above = lead + 1; above < BITS; above++) {
        if (sums[lead] != 0 && (sums[above] >>> lead & 1) == 1) {
          sums[above] ^= sums[lead];
          sources[above] ^= sources[lead];
        }
      }
    }
    return sources;
  }
}
