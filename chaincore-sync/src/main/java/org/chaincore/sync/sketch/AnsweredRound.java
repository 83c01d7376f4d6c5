package org.chaincore.sync.sketch;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * One reconciliation on the side that was asked: its sketch, extensions of it and sketches of parts
 * if they are asked for, and the transactions that the other side then wants.
 *
 * <p>Whatever the other side asks for, its set is sketched once in the first capacity, once in the
 * largest, and once more for each level of parts.
 *
 * <p>Not thread-safe; confined to the owner of the connection.
 */
public final class AnsweredRound {
  private final Snapshot snapshot;
  private final BitSet partsSent = new BitSet();
  private int capacity;
  private @Nullable Bytes largest;

  private AnsweredRound(Snapshot snapshot, int capacity) {
    this.snapshot = snapshot;
    this.capacity = capacity;
  }

  /**
   * Begins to answer a request.
   *
   * @param snapshot what this side has
   * @param theirSize how many ids the other side says it has, 0 or more
   * @param q its coefficient, 0 to {@link CapacityEstimate#MAX_Q}
   */
  public static AnsweredRound of(Snapshot snapshot, int theirSize, int q) {
    return new AnsweredRound(snapshot, CapacityEstimate.capacity(snapshot.size(), theirSize, q));
  }

  /** The capacity of the sketch of all ids, with the extensions that were sent. */
  public int capacity() {
    return capacity;
  }

  /** How many differences all that was sent can tell. */
  public int told() {
    return capacity + partsSent.cardinality() * Sketch.MAX_CAPACITY;
  }

  public Bytes sketch() {
    return snapshot.sketch(capacity).toBytes();
  }

  /** As much again of the sketch, up to {@link Sketch#MAX_CAPACITY}; empty if it was all sent. */
  public Optional<Bytes> extension() {
    int extended = CapacityEstimate.extended(capacity);
    if (extended == capacity) {
      return Optional.empty();
    }
    if (largest == null) {
      largest = snapshot.sketch(Sketch.MAX_CAPACITY).toBytes();
    }
    int from = capacity;
    capacity = extended;
    return Optional.of(
        largest.slice(from * Sketch.BYTES_PER_ELEMENT, extended * Sketch.BYTES_PER_ELEMENT));
  }

  /**
   * The sketch of a part, of {@link Sketch#MAX_CAPACITY}; empty if an honest peer would not ask for
   * it now: before all of the whole was sent, of no lower half, twice, or of a half of what was not
   * split.
   */
  public Optional<Bytes> part(SketchPart part) {
    if (capacity < Sketch.MAX_CAPACITY || !part.isLowerHalf() || isSent(part)) {
      return Optional.empty();
    }
    int parent = part.number() / 2;
    if (parent > 1 && !partsSent.get(parent - parent % 2)) {
      return Optional.empty();
    }
    partsSent.set(part.number());
    return Optional.of(snapshot.sketch(part, Sketch.MAX_CAPACITY).toBytes());
  }

  private boolean isSent(SketchPart part) {
    return partsSent.get(part.number());
  }

  /** Whether a sketch of a part was sent. */
  public boolean isSplit() {
    return !partsSent.isEmpty();
  }

  /**
   * The transactions of the short ids that the other side does not have, in the order asked for.
   * Ids that are not in the snapshot are left out.
   *
   * @return empty if there are more ids than the sketches can have told, or if one comes twice: an
   *     honest peer asks so never
   */
  public Optional<List<Hash256>> asked(List<Integer> shortIds) {
    if (shortIds.size() > told() || shortIds.stream().distinct().count() < shortIds.size()) {
      return Optional.empty();
    }
    List<Hash256> wtxids = new ArrayList<>();
    for (int id : shortIds) {
      wtxids.addAll(snapshot.wtxids(id));
    }
    return Optional.of(List.copyOf(wtxids));
  }
}
