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
 * other side and, if that was too small, its extension.
 *
 * <p>Whatever the other side sends, it costs at most two decodings, of {@link
 * CapacityEstimate#MAX_INITIAL_CAPACITY} and of twice that, and the sketches of the own set for
 * them.
 *
 * <p>Not thread-safe; confined to the owner of the connection.
 */
public final class InitiatedRound {
  private final Snapshot snapshot;
  private final CapacityEstimate estimate;
  private final long seed;
  private @Nullable Sketch first;
  private boolean isOver;

  private InitiatedRound(Snapshot snapshot, CapacityEstimate estimate, long seed) {
    this.snapshot = snapshot;
    this.estimate = estimate;
    this.seed = seed;
  }

  /**
   * Begins a round.
   *
   * @param snapshot what this side has
   * @param estimate of this connection, which learns from the round
   * @param seed random and unknown to the other side
   */
  public static InitiatedRound of(Snapshot snapshot, CapacityEstimate estimate, long seed) {
    return new InitiatedRound(snapshot, estimate, seed);
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
   * Takes the other side's sketch, or after {@link RoundStep.NeedsExtension} its extension.
   *
   * @throws MalformedBytesException if the bytes are no first sketch of at most {@link
   *     CapacityEstimate#MAX_INITIAL_CAPACITY} sums, or no extension of just as many as the first
   *     one had; the round then waits as before
   * @throws IllegalStateException if the round is over
   */
  public RoundStep take(Bytes bytes) {
    if (isOver) {
      throw new IllegalStateException("the round is over");
    }
    Sketch theirs = first == null ? firstSketch(bytes) : extendedSketch(first, bytes);
    Sketch merged = snapshot.sketch(theirs.capacity());
    merged.merge(theirs);
    Optional<int[]> ids =
        merged.decode(Math.max(1, theirs.capacity() - CapacityEstimate.CHECK_SUMS), seed);
    if (ids.isPresent()) {
      isOver = true;
      return difference(ids.get());
    }
    if (first == null) {
      first = theirs;
      return new RoundStep.NeedsExtension();
    }
    isOver = true;
    estimate.learnFailure(theirs.capacity());
    return new RoundStep.Failed();
  }

  private static Sketch firstSketch(Bytes bytes) {
    Sketch sketch = Sketch.read(bytes);
    if (sketch.capacity() > CapacityEstimate.MAX_INITIAL_CAPACITY) {
      throw new MalformedBytesException(
          0,
          "sketch",
          sketch.capacity()
              + " sums where at most "
              + CapacityEstimate.MAX_INITIAL_CAPACITY
              + " may come");
    }
    return sketch;
  }

  private static Sketch extendedSketch(Sketch first, Bytes bytes) {
    Sketch extended = first.extended(bytes);
    if (extended.capacity() != 2 * first.capacity()) {
      throw new MalformedBytesException(
          0,
          "sketch extension",
          (extended.capacity() - first.capacity()) + " sums behind " + first.capacity());
    }
    return extended;
  }

  private RoundStep.Difference difference(int[] ids) {
    List<Integer> missingHere = new ArrayList<>();
    List<Hash256> missingThere = new ArrayList<>();
    for (int id : ids) {
      List<Hash256> wtxids = snapshot.wtxids(id);
      if (wtxids.isEmpty()) {
        missingHere.add(id);
      }
      missingThere.addAll(wtxids);
    }
    int onlyHere = ids.length - missingHere.size();
    int theirSize = snapshot.size() - onlyHere + missingHere.size();
    estimate.learn(snapshot.size(), theirSize, ids.length);
    return new RoundStep.Difference(missingHere, missingThere);
  }
}
