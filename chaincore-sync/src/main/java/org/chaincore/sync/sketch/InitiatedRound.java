package org.chaincore.sync.sketch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * One reconciliation on the side that asked for it: tells what to ask with, takes the sketch of the
 * other side, its extensions if that was too small, and then sketches of parts of the set.
 *
 * <p><b>When a sketch tells nothing</b> as much again of it is asked for, up to {@link
 * Sketch#MAX_CAPACITY}: what came is the beginning of it, so nothing is lost. When that is not
 * enough either, the set is split ({@code DifferenceSearch}), which goes on doubling. So what is
 * sent is less than twice what the differences need, or little more if the parts are uneven. What
 * was found counts even if a part has too many differences however it is split.
 *
 * <p><b>Cost.</b> Whatever the other side sends, the whole is decoded at most ten times, in
 * doubling capacities, and the parts at most fourteen times; the own set is sketched at most twice,
 * and once more for each level of parts.
 *
 * <p>Not thread-safe; confined to the owner of the connection.
 */
public final class InitiatedRound {
  private final Snapshot snapshot;
  private final CapacityEstimate estimate;
  private final long seed;
  private final boolean maySplit;
  private @Nullable Sketch theirs;
  private @Nullable Sketch oursLargest;
  private @Nullable DifferenceSearch search;
  private boolean isOver;

  private InitiatedRound(
      Snapshot snapshot, CapacityEstimate estimate, long seed, boolean maySplit) {
    this.snapshot = snapshot;
    this.estimate = estimate;
    this.seed = seed;
    this.maySplit = maySplit;
  }

  /**
   * Begins a round.
   *
   * @param snapshot what this side has
   * @param estimate of this connection, which learns from the round
   * @param seed random and unknown to the other side
   * @param maySplit whether sketches of parts may be asked for
   */
  public static InitiatedRound of(
      Snapshot snapshot, CapacityEstimate estimate, long seed, boolean maySplit) {
    return new InitiatedRound(snapshot, estimate, seed, maySplit);
  }

  /** What the request says this side has. */
  public int setSize() {
    return snapshot.size();
  }

  /** The request's coefficient, see {@link CapacityEstimate}. */
  public int q() {
    return estimate.q(snapshot.size());
  }

  /**
   * Takes the other side's sketch, or after {@link RoundStep.NeedsExtension} or {@link
   * RoundStep.NeedsPart} what these say.
   *
   * @throws MalformedBytesException if the bytes are no first sketch of at most {@link
   *     CapacityEstimate#MAX_INITIAL_CAPACITY} sums, or not just as many more as were asked for;
   *     the round then waits as before
   * @throws IllegalStateException if the round is over
   */
  public RoundStep take(Bytes bytes) {
    if (isOver) {
      throw new IllegalStateException("the round is over");
    }
    DifferenceSearch splitting = search;
    if (splitting != null) {
      splitting.take(sketchOfPart(bytes));
      return goOn(splitting);
    }
    Sketch before = theirs;
    Sketch now = before == null ? firstSketch(bytes) : extendedSketch(before, bytes);
    theirs = now;
    Sketch merged = ours(now.capacity(), before == null);
    merged.merge(now);
    int most = Math.max(1, now.capacity() - CapacityEstimate.CHECK_SUMS);
    return merged.decode(most, seed).map(this::all).orElseGet(() -> overfull(merged));
  }

  private Sketch ours(int capacity, boolean isFirst) {
    if (isFirst) {
      return snapshot.sketch(capacity);
    }
    if (oursLargest == null) {
      oursLargest = snapshot.sketch(Sketch.MAX_CAPACITY);
    }
    return oursLargest.truncated(capacity);
  }

  private RoundStep overfull(Sketch merged) {
    if (merged.capacity() < Sketch.MAX_CAPACITY) {
      return new RoundStep.NeedsExtension();
    }
    estimate.learnFailure(merged.capacity());
    if (!maySplit) {
      isOver = true;
      return new RoundStep.Failed();
    }
    DifferenceSearch splitting = new DifferenceSearch(snapshot, merged, seed);
    search = splitting;
    return goOn(splitting);
  }

  private RoundStep goOn(DifferenceSearch splitting) {
    Optional<SketchPart> wanted = splitting.wanted();
    if (wanted.isPresent()) {
      return new RoundStep.NeedsPart(wanted.get());
    }
    isOver = true;
    int[] found = splitting.found();
    return found.length == 0 && !splitting.isWhole()
        ? new RoundStep.Failed()
        : difference(splitting.isWhole(), found);
  }

  private static Sketch firstSketch(Bytes bytes) {
    Sketch sketch = Sketch.read(bytes);
    int most = CapacityEstimate.MAX_INITIAL_CAPACITY;
    if (sketch.capacity() > most) {
      throw new MalformedBytesException(
          0, "sketch", sketch.capacity() + " sums where at most " + most + " may come");
    }
    return sketch;
  }

  private static Sketch extendedSketch(Sketch before, Bytes bytes) {
    Sketch extended = before.extended(bytes);
    if (extended.capacity() != CapacityEstimate.extended(before.capacity())) {
      throw new MalformedBytesException(
          0,
          "sketch extension",
          (extended.capacity() - before.capacity()) + " sums behind " + before.capacity());
    }
    return extended;
  }

  private static Sketch sketchOfPart(Bytes bytes) {
    Sketch sketch = Sketch.read(bytes);
    if (sketch.capacity() != Sketch.MAX_CAPACITY) {
      throw new MalformedBytesException(
          0,
          "sketch of a part",
          sketch.capacity() + " sums where " + Sketch.MAX_CAPACITY + " must come");
    }
    return sketch;
  }

  private RoundStep all(int[] ids) {
    isOver = true;
    RoundStep.Difference difference = difference(true, ids);
    int onlyThere = difference.missingHere().size();
    int onlyHere = ids.length - onlyThere;
    int theirSize = snapshot.size() - onlyHere + onlyThere;
    estimate.learn(snapshot.size(), theirSize, ids.length);
    return difference;
  }

  private RoundStep.Difference difference(boolean isWhole, int[] ids) {
    List<Integer> missingHere = new ArrayList<>();
    List<Hash256> missingThere = new ArrayList<>();
    for (int id : ids) {
      List<Hash256> wtxids = snapshot.wtxids(id);
      if (wtxids.isEmpty()) {
        missingHere.add(id);
      }
      missingThere.addAll(wtxids);
    }
    return new RoundStep.Difference(isWhole, missingHere, missingThere);
  }
}
