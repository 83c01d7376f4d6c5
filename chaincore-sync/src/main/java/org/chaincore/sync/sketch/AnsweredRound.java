package org.chaincore.sync.sketch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/**
 * One reconciliation on the side that was asked: its sketch, once its extension, and the
 * transactions that the other side then asks for.
 *
 * <p>Not thread-safe; confined to the owner of the connection.
 */
public final class AnsweredRound {
  private final Snapshot snapshot;
  private final int capacity;
  private boolean wasExtended;

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

  public int capacity() {
    return capacity;
  }

  public Bytes sketch() {
    return snapshot.sketch(capacity).toBytes();
  }

  /** The end of a sketch of twice the capacity; empty if it was asked for before. */
  public Optional<Bytes> extension() {
    if (wasExtended) {
      return Optional.empty();
    }
    wasExtended = true;
    Bytes all = snapshot.sketch(2 * capacity).toBytes();
    return Optional.of(all.slice(all.length() / 2, all.length()));
  }

  /**
   * The transactions of the short ids that the other side does not have, in the order asked for.
   * Ids that are not in the snapshot are left out.
   *
   * @return empty if there are more ids than the sketch can have told, or if one comes twice: an
   *     honest peer asks so never
   */
  public Optional<List<Hash256>> asked(List<Integer> shortIds) {
    int told = wasExtended ? 2 * capacity : capacity;
    if (shortIds.size() > told || shortIds.stream().distinct().count() < shortIds.size()) {
      return Optional.empty();
    }
    List<Hash256> wtxids = new ArrayList<>();
    for (int id : shortIds) {
      wtxids.addAll(snapshot.wtxids(id));
    }
    return Optional.of(List.copyOf(wtxids));
  }
}
