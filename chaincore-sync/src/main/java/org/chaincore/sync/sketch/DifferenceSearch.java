package org.chaincore.sync.sketch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Looks for differences that are too many for one sketch, in halves and halves of halves.
 *
 * <p><b>Idea.</b> A sketch of a part is the sum of the sketches of its two halves. Of a part that
 * cannot be decoded the other side sends the lower half only; the upper one is what is left of the
 * part when that is taken away. So each sketch that is sent doubles what there is to decode, and
 * what was sent for the whole is not lost.
 *
 * <p><b>Cost.</b> At most 2^{@value SketchPart#MAX_SPLITS} − 1 sketches are asked for, whatever the
 * other side sends, and twice as many decoded.
 *
 * <p>Source: the bisection of the first drafts of BIP330.
 *
 * <p>Not thread-safe; confined to one round.
 */
final class DifferenceSearch {
  private final Snapshot snapshot;
  private final long seed;
  private final List<Integer> found = new ArrayList<>();
  private boolean isWhole = true;

  /** Parts that could not be decoded, the next to be split first. */
  private final Deque<Part> open = new ArrayDeque<>();

  private record Part(SketchPart which, Sketch difference) {}

  /**
   * Begins to split.
   *
   * @param difference of all ids, which could not be decoded
   * @param seed see {@link Sketch#decode}
   */
  DifferenceSearch(Snapshot snapshot, Sketch difference, long seed) {
    this.snapshot = snapshot;
    this.seed = seed;
    open.push(new Part(SketchPart.WHOLE, difference));
  }

  /** The part whose sketch is needed next; empty if there is none. */
  Optional<SketchPart> wanted() {
    return open.isEmpty() ? Optional.empty() : Optional.of(open.peek().which().lowerHalf());
  }

  /** Takes the other side's sketch of the part that was wanted. */
  void take(Sketch theirs) {
    Part split = open.pop();
    SketchPart lower = split.which().lowerHalf();
    Sketch lowerDifference = snapshot.sketch(lower, theirs.capacity());
    lowerDifference.merge(theirs);
    Sketch upperDifference = split.difference();
    upperDifference.merge(lowerDifference);
    look(split.which().upperHalf(), upperDifference);
    look(lower, lowerDifference);
  }

  private void look(SketchPart part, Sketch difference) {
    int most = difference.capacity() - CapacityEstimate.CHECK_SUMS;
    Optional<int[]> ids =
        difference.decode(most, seed).filter(all -> Arrays.stream(all).allMatch(part::contains));
    if (ids.isPresent()) {
      Arrays.stream(ids.get()).forEach(found::add);
    } else if (part.splits() < SketchPart.MAX_SPLITS) {
      open.push(new Part(part, difference));
    } else {
      isWhole = false;
    }
  }

  /** Whether every part could be decoded. */
  boolean isWhole() {
    return isWhole && open.isEmpty();
  }

  /** The ids that were found, ascending as unsigned numbers. */
  int[] found() {
    return found.stream().sorted(Integer::compareUnsigned).mapToInt(id -> id).toArray();
  }
}
