package org.chaincore.core.script;

import java.math.BigInteger;
import java.util.Arrays;

/** How a scalar is written, secret or not: 32 bytes, most significant first. Stateless. */
final class ScalarBytes {
  static final int LENGTH = 32;

  private ScalarBytes() {}

  /** The number that bytes are; not necessarily below the order of the curve. */
  static BigInteger read(byte[] bytes) {
    return new BigInteger(1, bytes);
  }

  /**
   * A number as bytes, of which no other copy is left here.
   *
   * @throws IllegalArgumentException if it is negative or longer; the message does not show it
   */
  static byte[] of(BigInteger number) {
    if (number.signum() < 0 || number.bitLength() > LENGTH * Byte.SIZE) {
      throw new IllegalArgumentException("not a number of 32 bytes");
    }
    byte[] signed = number.toByteArray();
    if (signed.length == LENGTH) {
      return signed;
    }
    byte[] bytes = new byte[LENGTH];
    int length = Math.min(signed.length, LENGTH);
    System.arraycopy(signed, signed.length - length, bytes, LENGTH - length, length);
    Arrays.fill(signed, (byte) 0);
    return bytes;
  }
}
