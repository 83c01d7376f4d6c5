package org.chaincore.core.value;

import java.math.BigInteger;
import java.util.Optional;

/**
 * A proof-of-work target: the largest number that a block's hash may be.
 *
 * <p>On the wire a target is 32 <em>compact bits</em>: the top byte is the length of the number in
 * bytes, the low 23 bits its most significant part, bit 23 a sign that a target must not have
 * (Bitcoin Core's {@code SetCompact}). A target always is one that compact bits can say, so bits
 * and number never drift apart. The smaller the target, the greater the {@link Work}.
 *
 * <p>Immutable and thread-safe.
 */
public final class Target implements Comparable<Target> {
  private static final int MANTISSA_MASK = 0x007fffff;
  private static final int SIGN_BIT = 0x00800000;

  private final int bits;
  private final long w0;
  private final long w1;
  private final long w2;
  private final long w3;

  private Target(int bits, long[] words) {
    this.bits = bits;
    this.w0 = words[0];
    this.w1 = words[1];
    this.w2 = words[2];
    this.w3 = words[3];
  }

  /**
   * Reads compact bits as they stand in a header, and keeps those very bits.
   *
   * @return empty if the bits are negative, zero, or overflow 256 bits
   */
  public static Optional<Target> decode(int bits) {
    int bytes = bits >>> 24;
    int mantissa = bits & MANTISSA_MASK;
    if (mantissa == 0 || (bits & SIGN_BIT) != 0 || overflows(bytes, mantissa)) {
      return Optional.empty();
    }
    BigInteger value = shiftBytes(mantissa, bytes - 3);
    return value.signum() == 0
        ? Optional.empty()
        : Optional.of(new Target(bits, UInt256.words(value)));
  }

  private static boolean overflows(int bytes, int mantissa) {
    return bytes > 34 || (mantissa > 0xff && bytes > 33) || (mantissa > 0xffff && bytes > 32);
  }

  private static BigInteger shiftBytes(int mantissa, int bytes) {
    BigInteger value = BigInteger.valueOf(mantissa);
    return bytes >= 0 ? value.shiftLeft(8 * bytes) : value.shiftRight(-8 * bytes);
  }

  /**
   * Reads compact bits that are known to be good.
   *
   * @throws IllegalArgumentException if the bits are negative, zero, or overflow 256 bits
   */
  public static Target ofBits(int bits) {
    Optional<Target> target = decode(bits);
    if (target.isEmpty()) {
      throw new IllegalArgumentException(String.format("not a target: bits %08x", bits));
    }
    return target.get();
  }

  /**
   * The target nearest to {@code value} from below that compact bits can say.
   *
   * @throws IllegalArgumentException if {@code value} is not in 1..2²⁵⁶−1
   */
  public static Target ofValue(BigInteger value) {
    if (value.signum() <= 0 || value.compareTo(UInt256.LIMIT) >= 0) {
      throw new IllegalArgumentException("not in 1..2^256-1: " + value.toString(16));
    }
    return ofBits(toBits(value));
  }

  private static int toBits(BigInteger value) {
    int bytes = (value.bitLength() + 7) / 8;
    int mantissa = value.shiftRight(8 * (bytes - 3)).intValue();
    if ((mantissa & SIGN_BIT) != 0) {
      mantissa >>>= 8;
      bytes++;
    }
    return (bytes << 24) | mantissa;
  }

  /** The compact bits, as in a header. */
  public int bits() {
    return bits;
  }

  public BigInteger toBigInteger() {
    return UInt256.toBigInteger(w3, w2, w1, w0);
  }

  /** Whether a block of this hash has the work that this target asks for. */
  public boolean isMetBy(Hash256 hash) {
    return UInt256.compare(hash.word(3), hash.word(2), hash.word(1), hash.word(0), w3, w2, w1, w0)
        <= 0;
  }

  /** The expected work of one block at this target. */
  public Work work() {
    return Work.ofTarget(this);
  }

  /** Compares as numbers: the greater target is the easier one. */
  @Override
  public int compareTo(Target other) {
    return UInt256.compare(w3, w2, w1, w0, other.w3, other.w2, other.w1, other.w0);
  }

  /** Equal as numbers; two bit patterns of one number are the same target. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Target that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(w0 ^ w1 ^ w2 ^ w3);
  }

  /** The bits as eight hex digits and the number as 64. */
  @Override
  public String toString() {
    return String.format("%08x (%s)", bits, UInt256.toHex(w3, w2, w1, w0));
  }
}
