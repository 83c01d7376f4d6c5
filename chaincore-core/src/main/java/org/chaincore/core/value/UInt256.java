package org.chaincore.core.value;

import java.math.BigInteger;

/**
 * Arithmetic on unsigned 256-bit integers held as four longs, least significant first. Stateless;
 * the value classes of this package share it.
 */
final class UInt256 {
  static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(256);

  private static final int WORDS = 4;
  private static final int HEX_DIGITS = 64;

  private UInt256() {}

  static int compare(long a3, long a2, long a1, long a0, long b3, long b2, long b1, long b0) {
    int c = Long.compareUnsigned(a3, b3);
    if (c != 0) {
      return c;
    }
    c = Long.compareUnsigned(a2, b2);
    if (c != 0) {
      return c;
    }
    c = Long.compareUnsigned(a1, b1);
    return c != 0 ? c : Long.compareUnsigned(a0, b0);
  }

  /** The words of {@code value}, which must lie in 0..2²⁵⁶−1, least significant first. */
  static long[] words(BigInteger value) {
    if (value.signum() < 0 || value.bitLength() > 256) {
      throw new IllegalArgumentException("not an unsigned 256-bit integer: " + value.toString(16));
    }
    long[] words = new long[WORDS];
    for (int i = 0; i < WORDS; i++) {
      words[i] = value.shiftRight(64 * i).longValue();
    }
    return words;
  }

  static BigInteger toBigInteger(long w3, long w2, long w1, long w0) {
    byte[] magnitude = new byte[32];
    BigEndian.putLong(magnitude, 0, w3);
    BigEndian.putLong(magnitude, 8, w2);
    BigEndian.putLong(magnitude, 16, w1);
    BigEndian.putLong(magnitude, 24, w0);
    return new BigInteger(1, magnitude);
  }

  /** Exactly 64 lower-case hex digits, most significant first. */
  static String toHex(long w3, long w2, long w1, long w0) {
    StringBuilder hex = new StringBuilder(HEX_DIGITS);
    appendHex(hex, w3);
    appendHex(hex, w2);
    appendHex(hex, w1);
    appendHex(hex, w0);
    return hex.toString();
  }

  private static void appendHex(StringBuilder out, long word) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      out.append(Character.forDigit((int) (word >>> shift) & 0xf, 16));
    }
  }

  /**
   * Reads exactly 64 hex digits of either case, most significant first, into words least
   * significant first.
   */
  static long[] parseHex(String hex) {
    if (hex.length() != HEX_DIGITS) {
      throw new IllegalArgumentException("expected 64 hex digits, got " + hex.length());
    }
    long[] words = new long[WORDS];
    for (int i = 0; i < HEX_DIGITS; i++) {
      char c = hex.charAt(i);
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw new IllegalArgumentException("not a hex digit at position " + i);
      }
      int word = WORDS - 1 - i / 16;
      words[word] = (words[word] << 4) | digit;
    }
    return words;
  }
}
