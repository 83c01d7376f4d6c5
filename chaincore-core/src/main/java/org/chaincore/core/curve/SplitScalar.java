package org.chaincore.core.curve;

import java.math.BigInteger;

/**
 * A scalar k of 256 bits as k1 + k2 &middot; &lambda; with k1 and k2 of 128 (Gallant, Lambert and
 * Vanstone, <em>Faster point multiplication on elliptic curves with efficient endomorphisms</em>,
 * 2001): &lambda; times a point is one multiplication, and two scalars of half the length share
 * their doublings.
 *
 * @param first k1, which may be negative
 * @param second k2, which may be negative
 */
record SplitScalar(BigInteger first, BigInteger second) {
  /** A cube root of one modulo the order: &lambda;(x, y) is (&beta;x, y). */
  static final BigInteger LAMBDA =
      new BigInteger("5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72", 16);

  // Two short vectors (a, b) with a + b * lambda = 0 modulo the order, by Euclid's algorithm; b of
  // the first is negative, that of the second is a of the first.
  private static final BigInteger A1 = new BigInteger("3086d221a7d46bcde86c90e49284eb15", 16);
  private static final BigInteger MINUS_B1 = new BigInteger("e4437ed6010e88286f547fa90abfe4c3", 16);
  private static final BigInteger A2 = new BigInteger("114ca50f7a8e2f3f657c1108d9d44cfd8", 16);

  private static final BigInteger HALF = Scalars.ORDER.shiftRight(1);

  /** Splits a scalar from 0 to n&minus;1 by the lattice point that is next to (k, 0). */
  static SplitScalar split(BigInteger scalar) {
    BigInteger c1 = scalar.multiply(A1).add(HALF).divide(Scalars.ORDER);
    BigInteger c2 = scalar.multiply(MINUS_B1).add(HALF).divide(Scalars.ORDER);
    BigInteger first = scalar.subtract(c1.multiply(A1)).subtract(c2.multiply(A2));
    BigInteger second = c1.multiply(MINUS_B1).subtract(c2.multiply(A1));
    return new SplitScalar(first, second);
  }
}
