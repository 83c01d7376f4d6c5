package org.chaincore.core.curve;

import java.math.BigInteger;

/**
 * A scalar as a sum of digits times powers of two, most of which are zero: each other digit is odd,
 * may be negative, and is followed by zeros for the rest of its window (width-w non-adjacent form,
 * Guide to Elliptic Curve Cryptography, section 3.3.1). Immutable and thread-safe.
 */
final class SignedWindows {
  /** The digits of a scalar of 129 bits: the last is what was carried. */
  static final int LENGTH = 130;

  private static final int MAX_WIDTH = 16;

  private final short[] digits;

  private SignedWindows(short[] digits) {
    this.digits = digits;
  }

  /**
   * Works out the digits.
   *
   * @param scalar of 129 bits at most, and a sign
   * @param width bits of a window, from 2 to {@value #MAX_WIDTH}; digits are below
   *     2<sup>width&minus;1</sup>
   */
  static SignedWindows of(BigInteger scalar, int width) {
    if (scalar.bitLength() >= LENGTH || width < 2 || width > MAX_WIDTH) {
      throw new IllegalArgumentException(scalar.bitLength() + " bits in windows of " + width);
    }
    BigInteger magnitude = scalar.abs();
    long low = magnitude.longValue();
    long middle = magnitude.shiftRight(Long.SIZE).longValue();
    long high = magnitude.shiftRight(2 * Long.SIZE).longValue();
    short[] digits = new short[LENGTH];
    int carry = 0;
    int at = 0;
    while (at < LENGTH) {
      int word = bits(low, middle, high, at) & ((1 << width) - 1);
      if ((word & 1) == carry) {
        at++; // A zero, or a one and what was carried, which is carried on.
        continue;
      }
      int digit = word + carry;
      carry = digit >>> (width - 1);
      digit -= carry << width;
      digits[at] = (short) (scalar.signum() < 0 ? -digit : digit);
      at += width;
    }
    return new SignedWindows(digits);
  }

  /** Sixteen bits and more from this one on. */
  private static int bits(long low, long middle, long high, int at) {
    long lower = at < Long.SIZE ? low : at < 2 * Long.SIZE ? middle : high;
    long upper = at < Long.SIZE ? middle : at < 2 * Long.SIZE ? high : 0;
    int shift = at % Long.SIZE;
    long joined = lower >>> shift;
    return (int) (shift == 0 ? joined : joined | (upper << (Long.SIZE - shift)));
  }

  /** The digit that counts 2<sup>at</sup>. */
  int at(int at) {
    return digits[at];
  }
}
