package org.chaincore.sync.peer;

/**
 * How many connections a node has. Those that it chose itself are limited apart from those that
 * chose it: whoever fills all inbound slots has gained none of the others. Immutable.
 *
 * @param minPeers with fewer, the node says that it lacks peers
 * @param targetPeers connections of its own choice; with these it stops dialling
 * @param maxPeers connections in all, feelers and manual ones apart
 * @param blockPeers of its own choice, for blocks only
 */
public record SlotLimits(int minPeers, int targetPeers, int maxPeers, int blockPeers) {
  public static final SlotLimits DEFAULT = new SlotLimits(2, 8, 20, 2);

  /** Connections that the host application asks for; it may be a loop that went wrong. */
  static final int MAX_MANUAL = 32;

  /** Feelers at a time. */
  static final int MAX_FEELERS = 1;

  private static final int MOST = 1_000;

  public SlotLimits {
    require("minPeers", minPeers, 0, MOST);
    require("targetPeers", targetPeers, minPeers, MOST);
    require("maxPeers", maxPeers, targetPeers, MOST);
    require("blockPeers", blockPeers, 0, targetPeers);
  }

  /** Connections of a kind at a time. */
  public int max(ConnectionKind kind) {
    return switch (kind) {
      case INBOUND -> maxPeers - targetPeers;
      case OUTBOUND -> targetPeers - blockPeers;
      case BLOCK_RELAY -> blockPeers;
      case FEELER -> MAX_FEELERS;
      case MANUAL -> MAX_MANUAL;
    };
  }

  private static void require(String field, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(field + " outside " + least + ".." + most + ": " + value);
    }
  }
}
