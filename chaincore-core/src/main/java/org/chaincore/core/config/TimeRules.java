package org.chaincore.core.config;

/**
 * What a header's time may be. Immutable.
 *
 * @param targetBlockSeconds the gap between blocks that the difficulty rule aims at
 * @param medianSpanBlocks a header must be later than the median time of so many headers before it
 * @param maxFutureSeconds how far ahead of a node's own clock a header may be; short on networks
 *     with short difficulty windows, which miners with clocks ahead would otherwise steer
 */
public record TimeRules(int targetBlockSeconds, int medianSpanBlocks, int maxFutureSeconds) {
  /** Longer than any network has needed, and short enough to walk at every header. */
  private static final int MAX_MEDIAN_SPAN = 101;

  public TimeRules {
    Ranges.require("targetBlockSeconds", targetBlockSeconds, 1, 86_400);
    Ranges.require("medianSpanBlocks", medianSpanBlocks, 1, MAX_MEDIAN_SPAN);
    Ranges.require("maxFutureSeconds", maxFutureSeconds, 1, 86_400);
  }
}
