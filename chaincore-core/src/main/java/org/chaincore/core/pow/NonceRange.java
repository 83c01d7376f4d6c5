package org.chaincore.core.pow;

/**
 * A stretch of nonces, read as unsigned 32-bit numbers. Immutable.
 *
 * @param from the first
 * @param to the one behind the last, at most 2³²
 */
public record NonceRange(long from, long to) {
  /** The number of nonces that a header can have. */
  public static final long SPACE = 1L << 32;

  public static final NonceRange ALL = new NonceRange(0, SPACE);

  public NonceRange {
    if (from < 0 || to > SPACE || from > to) {
      throw new IllegalArgumentException("not a range within 0..2^32: " + from + ".." + to);
    }
  }

  /** All nonces from this one on. */
  public static NonceRange from(long first) {
    return new NonceRange(first, SPACE);
  }

  /** At most {@code count} nonces from this one on. */
  public static NonceRange of(long first, long count) {
    return new NonceRange(first, Math.min(SPACE, Math.addExact(first, count)));
  }
}
