package org.chaincore.sync.sketch;

import java.util.List;
import org.chaincore.core.value.Hash256;

/** What a sketch from the other side brought. Immutable and thread-safe. */
public sealed interface RoundStep {
  /**
   * The round is over, and what was found can be had.
   *
   * @param isWhole whether these are all differences; if not, there are too many in some part
   * @param missingHere short ids to ask the other side for, ascending as unsigned numbers
   * @param missingThere transactions to announce to the other side, in the order of their short ids
   */
  record Difference(boolean isWhole, List<Integer> missingHere, List<Hash256> missingThere)
      implements RoundStep {
    public Difference {
      missingHere = List.copyOf(missingHere);
      missingThere = List.copyOf(missingThere);
    }
  }

  /** There are more differences than the sketch holds: its extension is needed. */
  record NeedsExtension() implements RoundStep {}

  /** There are more than any sketch holds: one of a part is needed. */
  record NeedsPart(SketchPart part) implements RoundStep {}

  /** Nothing was found, however it was extended and split: announce transactions one by one. */
  record Failed() implements RoundStep {}
}
