package org.chaincore.core.curve;

import java.math.BigInteger;

/** Numbers modulo the order of the curve, by which points are multiplied. Stateless. */
public final class Scalars {
  /** Bytes of a scalar. */
  public static final int BYTES = 32;

  /** The order of the curve, a prime: how many points it has, infinity among them. */
  public static final BigInteger ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

  private Scalars() {}

  /** The number that bytes are, most significant first; not necessarily below the order. */
  public static BigInteger number(byte[] bigEndian) {
    return new BigInteger(1, bigEndian);
  }

  /**
   * A number as 32 bytes, most significant first.
   *
   * @throws IllegalArgumentException if it is negative or longer
   */
  public static byte[] bytes(BigInteger number) {
    if (number.signum() < 0 || number.bitLength() > BYTES * Byte.SIZE) {
      throw new IllegalArgumentException("not 32 bytes: " + number.toString(16));
    }
    byte[] signed = number.toByteArray();
    byte[] bytes = new byte[BYTES];
    int length = Math.min(signed.length, BYTES);
    System.arraycopy(signed, signed.length - length, bytes, BYTES - length, length);
    return bytes;
  }

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
