package org.chaincore.sync.sketch;

/**
 * A field of 2ᵇ elements, b from 2 to 64, bit by bit: slow and obvious.
 *
 * @param modulus the low-order bits of the irreducible polynomial xᵇ + …
 */
record BinaryField(int bits, long modulus) {
  private long mask() {
    return -1L >>> (64 - bits);
  }

  long timesX(long a) {
    boolean overflows = (a >>> (bits - 1) & 1) == 1;
    return ((a << 1) ^ (overflows ? modulus : 0)) & mask();
  }

  long multiply(long a, long b) {
    long product = 0;
    for (int bit = bits - 1; bit >= 0; bit--) {
      product = timesX(product) ^ ((b >>> bit & 1) == 1 ? a : 0);
    }
    return product;
  }

  /** To the power 2ᵇ − 2. */
  long inverse(long a) {
    long result = 1;
    long square = a;
    for (int i = 1; i < bits; i++) {
      square = multiply(square, square);
      result = multiply(result, square);
    }
    return result;
  }
}
