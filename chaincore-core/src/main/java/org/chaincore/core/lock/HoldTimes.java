package org.chaincore.core.lock;

import java.util.List;

/**
 * How long a lock was held, as a histogram of the holds that were measured: all that had to be
 * waited for and a sample of the others (see {@link LockSettings#holdSampling}). Immutable.
 *
 * @param counts {@value #BUCKETS} numbers; number i counts the holds that took 2ⁱ ns or more and
 *     less than 2ⁱ⁺¹ ns, the first also shorter, the last also longer ones
 */
public record HoldTimes(List<Long> counts) {
  /** The number of buckets. The last begins at 2³⁹ ns, nine minutes. */
  public static final int BUCKETS = 40;

  /** Copies the list. */
  public HoldTimes {
    counts = List.copyOf(counts);
    if (counts.size() != BUCKETS) {
      throw new IllegalArgumentException(counts.size() + " buckets instead of " + BUCKETS);
    }
  }

  static int bucketOf(long nanos) {
    return Math.min(63 - Long.numberOfLeadingZeros(Math.max(nanos, 1)), BUCKETS - 1);
  }

  /** The number of holds that were measured. */
  public long samples() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  /**
   * A time that at least the given share of the measured holds did not exceed: the upper end of a
   * bucket, so up to twice too long. 0 without samples.
   *
   * @param share in 0..1, for example 0.99
   */
  public long quantileNanos(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share " + share + " is not within 0..1");
    }
    long samples = samples();
    long wanted = (long) Math.ceil(samples * share);
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts.get(i);
      if (seen > 0 && seen >= wanted) {
        return (2L << i) - 1;
      }
    }
    return 0;
  }
}
