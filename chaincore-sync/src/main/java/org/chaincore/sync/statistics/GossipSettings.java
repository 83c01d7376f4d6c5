package org.chaincore.sync.statistics;

/**
 * How much a node does for statistics. Nodes of different settings understand each other.
 *
 * @param roundSeconds how often it asks a peer
 * @param sampleSize how many observations it keeps; in a network of no more nodes these are all,
 *     beyond it is a sample
 * @param maxBytesPerRound what it sends and receives in a round, frames included, as far as it can
 *     choose
 * @param observationsPerUpdate how many it sends and takes at once
 * @param epochsAveraged over how many epochs the number of nodes is averaged
 */
public record GossipSettings(
    int roundSeconds,
    int sampleSize,
    int maxBytesPerRound,
    int observationsPerUpdate,
    int epochsAveraged) {
  /**
   * A sample of 256 of which nothing takes more than ten kilobytes a minute: the twelfth part is
   * left for requests of peers that come all at once.
   */
  public static final GossipSettings DEFAULT = new GossipSettings(60, 256, 9_200, 20, 12);

  public GossipSettings {
    require("roundSeconds", roundSeconds, 1, Epoch.SECONDS);
    require("sampleSize", sampleSize, 3, SetSummary.MAX_COUNT);
    require("maxBytesPerRound", maxBytesPerRound, 1_000, 10_000_000);
    require("observationsPerUpdate", observationsPerUpdate, 1, StatisticsUpdate.MAX_OBSERVATIONS);
    require("epochsAveraged", epochsAveraged, 1, 1_000);
  }

  private static void require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(name + " outside " + least + ".." + most + ": " + value);
    }
  }
}
