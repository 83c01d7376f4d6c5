package org.chaincore.sync.message;

import java.util.Collection;
import java.util.List;
import org.chaincore.sync.sketch.Sketch;
import org.chaincore.sync.sketch.SketchPart;

/**
 * Ends a round of mempool reconciliation. Source: BIP330.
 *
 * @param success whether all differences were found; if not, both sides announce what the other is
 *     not known to have
 * @param shortIds of the transactions that the sender is missing, none zero, ascending as unsigned
 *     numbers; at most {@link #MAX_SHORT_IDS}
 */
public record ReconcileDifference(boolean success, List<Integer> shortIds) implements Message {
  public static final String COMMAND = "reconcildiff";

  /** All sketches of a round tell no more than this, so that nobody can ask for more at once. */
  public static final int MAX_SHORT_IDS = Sketch.MAX_CAPACITY << SketchPart.MAX_SPLITS;

  public ReconcileDifference {
    Checks.atMost("short ids", shortIds.size(), MAX_SHORT_IDS);
    shortIds = List.copyOf(shortIds);
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

  /** All was found, and these are missing; in any order. */
  public static ReconcileDifference of(Collection<Integer> missing) {
    return of(true, missing);
  }

  /** Of what was found these are missing; in any order. */
  public static ReconcileDifference of(boolean success, Collection<Integer> missing) {
    return new ReconcileDifference(
        success, missing.stream().sorted(Integer::compareUnsigned).distinct().toList());
  }

  /** Nothing was found. */
  public static ReconcileDifference failed() {
    return new ReconcileDifference(false, List.of());
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
