package org.chaincore.sync.message;

import java.util.Collection;
import java.util.List;

/**
 * Ends a round of mempool reconciliation. Source: BIP330.
 *
 * @param success whether the sketch could be decoded; if not, there are no ids
 * @param shortIds of the transactions that the sender is missing, 1..2³²−1, ascending
 */
public record ReconcileDifference(boolean success, List<Long> shortIds) implements Message {
  public static final String COMMAND = "reconcildiff";

  /** A sketch tells no more differences than this. */
  public static final int MAX_SHORT_IDS = SketchMessage.MAX_CAPACITY;

  public ReconcileDifference {
    Checks.atMost("short ids", shortIds.size(), MAX_SHORT_IDS);
    shortIds = List.copyOf(shortIds);
    if (!success && !shortIds.isEmpty()) {
      throw new IllegalArgumentException(shortIds.size() + " short ids of a failed round");
    }
    long previous = 0;
    for (long id : shortIds) {
      Checks.inRange("short id", id, previous + 1, Checks.MAX_UINT32);
      previous = id;
    }
  }

  /** The sketch was decoded, and these are missing; in any order. */
  public static ReconcileDifference of(Collection<Long> missing) {
    return new ReconcileDifference(true, missing.stream().sorted().distinct().toList());
  }

  /** The sketch could not be decoded. */
  public static ReconcileDifference failed() {
    return new ReconcileDifference(false, List.of());
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
