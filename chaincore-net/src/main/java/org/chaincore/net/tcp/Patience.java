package org.chaincore.net.tcp;

import org.jspecify.annotations.Nullable;

/**
 * How long a connection may do nothing. Confined to the connection's thread; times are as of {@link
 * System#nanoTime}.
 */
final class Patience {
  private final TcpTimes times;
  private boolean isFirstByteDue;
  private long heardAtNanos;

  /**
   * Begins when the connection stands.
   *
   * @param isFirstByteDue whether the other end has to begin
   */
  Patience(TcpTimes times, boolean isFirstByteDue, long nowNanos) {
    this.times = times;
    this.isFirstByteDue = isFirstByteDue;
    this.heardAtNanos = nowNanos;
  }

  void heard(long nowNanos) {
    isFirstByteDue = false;
    heardAtNanos = nowNanos;
  }

  /** Nobody listened until now, so nothing could be heard. */
  void beginsToListen(long nowNanos) {
    heardAtNanos = nowNanos;
  }

  /** Why the connection has to end; null if it has not. */
  @Nullable String lost(long nowNanos, boolean isReading, @Nullable Long stalledSinceNanos) {
    long silentNanos = nowNanos - heardAtNanos;
    if (isReading && isFirstByteDue && silentNanos >= times.handshake().toNanos()) {
      return "it connected and said nothing";
    }
    if (isReading && silentNanos >= times.silence().toNanos()) {
      return "it is silent";
    }
    if (stalledSinceNanos != null && nowNanos - stalledSinceNanos >= times.stall().toNanos()) {
      return "it takes nothing of what waits for it";
    }
    return null;
  }

  /** When to look again at the latest. */
  long nextLookNanos(long nowNanos, boolean isReading, @Nullable Long stalledSinceNanos) {
    long silence = (isFirstByteDue ? times.handshake() : times.silence()).toNanos();
    long untilSilent = silence - (isReading ? nowNanos - heardAtNanos : 0);
    long stalled = stalledSinceNanos == null ? 0 : nowNanos - stalledSinceNanos;
    return Math.max(1, Math.min(untilSilent, times.stall().toNanos() - stalled));
  }
}
