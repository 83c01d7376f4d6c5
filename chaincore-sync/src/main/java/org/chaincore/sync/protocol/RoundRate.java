package org.chaincore.sync.protocol;

/**
 * How often something may happen: once in a while, and a few times more at once after a pause.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class RoundRate {
  private final long leewayMillis;
  private final long gapMillis;

  /** When the next would come if all came evenly. */
  private long evenlyAtMillis = Long.MIN_VALUE;

  RoundRate(int atOnce, long gapMillis) {
    this.leewayMillis = (atOnce - 1) * gapMillis;
    this.gapMillis = gapMillis;
  }

  /** When it may happen next; a time that is past if it may now. */
  long readyAtMillis() {
    return evenlyAtMillis == Long.MIN_VALUE ? Long.MIN_VALUE : evenlyAtMillis - leewayMillis;
  }

  boolean isReady(long nowMillis) {
    return nowMillis >= readyAtMillis();
  }

  /** It happens, unless it happened too often; whether it may. */
  boolean take(long nowMillis) {
    if (!isReady(nowMillis)) {
      return false;
    }
    evenlyAtMillis = Math.max(nowMillis, evenlyAtMillis) + gapMillis;
    return true;
  }
}
