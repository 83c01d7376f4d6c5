package org.chaincore.core.value;

import java.math.BigInteger;

/**
 * Proof of work, counted in expected hashes: an unsigned 256-bit number. A block at target T is
 * worth 2²⁵⁶/(T+1); a chain is worth the sum of its blocks, and the chain of most work wins.
 *
 * <p>Immutable and thread-safe.
 */
public final class Work implements Comparable<Work> {
  public static final Work ZERO = new Work(0, 0, 0, 0);

  private static final double LOG_16 = Math.log(16);

  private final long w0;
  private final long w1;
  private final long w2;
  private final long w3;

  private Work(long w0, long w1, long w2, long w3) {
    this.w0 = w0;
    this.w1 = w1;
    this.w2 = w2;
    this.w3 = w3;
  }

  /** The work of one block at {@code target}. */
  public static Work ofTarget(Target target) {
    return of(UInt256.LIMIT.divide(target.toBigInteger().add(BigInteger.ONE)));
  }

  /**
   * A number of expected hashes.
   *
   * @throws IllegalArgumentException if it is not an unsigned 256-bit integer
   */
  public static Work of(BigInteger hashes) {
    long[] words = UInt256.words(hashes);
    return new Work(words[0], words[1], words[2], words[3]);
  }

  public static Work ofWords(long w0, long w1, long w2, long w3) {
    return new Work(w0, w1, w2, w3);
  }

  /** Word {@code i} of four, word 0 the least significant. */
  public long word(int i) {
    return switch (i) {
      case 0 -> w0;
      case 1 -> w1;
      case 2 -> w2;
      case 3 -> w3;
      default -> throw new IndexOutOfBoundsException("work has words 0..3, not " + i);
    };
  }

  /**
   * The sum of both.
   *
   * @throws ArithmeticException if it does not fit 256 bits, which no chain of valid targets below
   *     2²⁵⁵ blocks reaches
   */
  public Work plus(Work other) {
    long s0 = w0 + other.w0;
    long c0 = carry(w0, other.w0, s0);
    long s1 = w1 + other.w1 + c0;
    long c1 = carry(w1, other.w1, s1);
    long s2 = w2 + other.w2 + c1;
    long c2 = carry(w2, other.w2, s2);
    long s3 = w3 + other.w3 + c2;
    if (carry(w3, other.w3, s3) != 0) {
      throw new ArithmeticException("work overflows 256 bits");
    }
    return new Work(s0, s1, s2, s3);
  }

  /** The carry out of a 64-bit addition with carry in, from its operands and its sum. */
  private static long carry(long a, long b, long sum) {
    return ((a & b) | ((a | b) & ~sum)) >>> 63;
  }

  public BigInteger toBigInteger() {
    return UInt256.toBigInteger(w3, w2, w1, w0);
  }

  public double toDouble() {
    return toBigInteger().doubleValue();
  }

  /** The difficulty level that people read: round(log16(work)), at least 1. */
  public int level() {
    return Math.max(1, (int) Math.round(Math.log(toDouble()) / LOG_16));
  }

  @Override
  public int compareTo(Work other) {
    return UInt256.compare(w3, w2, w1, w0, other.w3, other.w2, other.w1, other.w0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Work that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(w0 ^ w1 ^ w2 ^ w3);
  }

  /** 64 hex digits, most significant first. */
  public String toHex() {
    return UInt256.toHex(w3, w2, w1, w0);
  }

  /** Hex without leading zeros. */
  @Override
  public String toString() {
    return toBigInteger().toString(16);
  }
}
