package org.chaincore.sync.sim;

/**
 * How well a link carries messages. A good transport loses nothing and keeps the order; here the
 * medium may be as bad as the protocol has to bear.
 *
 * @param minLatencyMillis the shortest that a message is on its way
 * @param maxLatencyMillis the longest
 * @param lossPerMille how many of a thousand messages are lost
 * @param duplicationPerMille how many of a thousand arrive twice
 * @param reorderingPerMille how many of a thousand do not wait for those that were sent before
 */
public record LinkConditions(
    int minLatencyMillis,
    int maxLatencyMillis,
    int lossPerMille,
    int duplicationPerMille,
    int reorderingPerMille) {
  /** As in one city: 5 to 40 ms, and nothing goes wrong. */
  public static final LinkConditions GOOD = new LinkConditions(5, 40, 0, 0, 0);

  /**
   * A medium that nobody would build on: up to a second, and everything goes wrong now and then.
   */
  public static final LinkConditions BAD = new LinkConditions(20, 1_000, 10, 10, 20);

  public LinkConditions {
    if (minLatencyMillis < 0 || maxLatencyMillis < minLatencyMillis) {
      throw new IllegalArgumentException(
          "latency " + minLatencyMillis + ".." + maxLatencyMillis + " ms");
    }
    requirePerMille("loss", lossPerMille);
    requirePerMille("duplication", duplicationPerMille);
    requirePerMille("reordering", reorderingPerMille);
  }

  private static void requirePerMille(String what, int value) {
    if (value < 0 || value > 1_000) {
      throw new IllegalArgumentException(what + " of " + value + " per mille");
    }
  }
}
