package org.chaincore.sync.message;

import java.util.Collection;
import java.util.List;
import org.chaincore.sync.sketch.Sketch;

/**
 * Ends a round of mempool reconciliation. Source: BIP330.
 *
 * @param success whether the sketch could be decoded; if not, there are no ids
 * @param shortIds of the transactions that the sender is missing, none zero, ascending as unsigned
 *     numbers; at most {@link #MAX_SHORT_IDS}
 */
public record ReconcileDifference(boolean success, List<Integer> shortIds) implements Message {
  public static final String COMMAND = "reconcildiff";

  /** A sketch tells no more differences than this, so that nobody can ask for more at once. */
  public static final int MAX_SHORT_IDS = Sketch.MAX_CAPACITY;

  public ReconcileDifference {
    Checks.atMost("short ids", shortIds.size(), MAX_SHORT_IDS);
    shortIds = List.copyOf(shortIds);
    if (!success && !shortIds.isEmpty()) {
      throw new IllegalArgumentException(shortIds.size() + " short ids of a failed round");
    }
    int previous = 0;
    for (int id : shortIds) {
      if (Integer.compareUnsigned(id, previous) <= 0) {
        throw new IllegalArgumentException(
            "short id "
                + Integer.toUnsignedString(id)
                + " after "
                + Integer.toUnsignedString(previous));
      }
      previous = id;
    }
  }

  /** The sketch was decoded, and these are missing; in any order. */
  public static ReconcileDifference of(Collection<Integer> missing) {
    return new ReconcileDifference(
        true, missing.stream().sorted(Integer::compareUnsigned).distinct().toList());
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
