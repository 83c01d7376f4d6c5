package org.chaincore.core.curve;

import java.math.BigInteger;

/** Numbers modulo the order of the curve, by which points are multiplied. Stateless. */
public final class Scalars {
  /** The order of the curve, a prime: how many points it has, infinity among them. */
  public static final BigInteger ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

  private Scalars() {}

  /**
   * The inverse of a scalar, in a time that depends on it: for public data only.
   *
   * @param scalar from 1 to n&minus;1
   * @throws IllegalArgumentException if it is anything else
   */
  public static BigInteger inverse(BigInteger scalar) {
    return ModularInverse.OF_ORDER.of(scalar);
  }
}
