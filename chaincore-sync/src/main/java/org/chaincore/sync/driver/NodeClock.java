package org.chaincore.sync.driver;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The two times of a node: protocol time, which begins at what the host's clock shows and then runs
 * on whatever that is set to, and how far the host's clock is from it.
 *
 * <p>Protocol time may be read from any thread; {@link #takeChange} is for the driver's.
 */
final class NodeClock {
  /** A difference below this is no news: clocks run apart a little all the time. */
  static final long NEWS_MILLIS = 500;

  private static final long NANOS_A_MILLI = 1_000_000;

  private final LongSupplier wallMillis;
  private final LongSupplier nanos;
  private final long startMillis;
  private final long startNanos;

  // Confined to the driver's thread.
  private long toldAheadMillis;

  /**
   * Starts protocol time.
   *
   * @param wallMillis the host's clock, Unix milliseconds
   * @param nanos what only ever goes forward, from anywhere
   */
  NodeClock(LongSupplier wallMillis, LongSupplier nanos) {
    this.wallMillis = wallMillis;
    this.nanos = nanos;
    this.startMillis = wallMillis.getAsLong();
    this.startNanos = nanos.getAsLong();
  }

  /** Protocol time. */
  long nowMillis() {
    return startMillis + (nanos.getAsLong() - startNanos) / NANOS_A_MILLI;
  }

  /** How far the host's clock is ahead of protocol time, if that is not what was taken last. */
  OptionalLong takeChange() {
    long ahead = wallMillis.getAsLong() - nowMillis();
    if (Math.abs(ahead - toldAheadMillis) < NEWS_MILLIS) {
      return OptionalLong.empty();
    }
    toldAheadMillis = ahead;
    return OptionalLong.of(ahead);
  }
}
