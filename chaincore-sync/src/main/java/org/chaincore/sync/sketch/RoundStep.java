package org.chaincore.sync.sketch;

import java.util.List;
import org.chaincore.core.value.Hash256;

/** What a sketch from the other side brought. Immutable and thread-safe. */
public sealed interface RoundStep {
  /**
   * The round is over and both sides can have everything.
   *
   * @param missingHere short ids to ask the other side for, ascending as unsigned numbers
   * @param missingThere transactions to announce to the other side, in the order of their short ids
   */
  record Difference(List<Integer> missingHere, List<Hash256> missingThere) implements RoundStep {
    public Difference {
      missingHere = List.copyOf(missingHere);
      missingThere = List.copyOf(missingThere);
    }
  }

  /** There are more differences than the sketch holds: its extension is needed. */
  record NeedsExtension() implements RoundStep {}

  /** The extension did not suffice either: announce transactions one by one. */
  record Failed() implements RoundStep {}
}
