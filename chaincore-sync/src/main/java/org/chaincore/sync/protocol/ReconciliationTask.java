package org.chaincore.sync.protocol;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.chaincore.sync.peer.PeerId;

/**
 * One wish of the schedule or the host to have mempools reconciled: the peers whose rounds it waits
 * for, and what came of those that are over.
 *
 * <p>Not thread-safe; confined to {@link MempoolReconciliation}.
 */
final class ReconciliationTask {
  private final long receipt;
  private final Set<PeerId> waiting;
  private final int asked;
  private int succeeded;
  private TaskFigures sum = TaskFigures.NONE;

  ReconciliationTask(long receipt, Collection<PeerId> peers) {
    this.receipt = receipt;
    this.waiting = new LinkedHashSet<>(peers);
    this.asked = waiting.size();
  }

  long receipt() {
    return receipt;
  }

  /** A round with a peer is over, well or not. */
  void ended(PeerId peer, TaskFigures figures, boolean isGood) {
    if (waiting.remove(peer)) {
      succeeded += isGood ? 1 : 0;
      sum =
          new TaskFigures(
              asked,
              sum.offered() + figures.offered(),
              sum.wanted() + figures.wanted(),
              sum.received() + figures.received(),
              sum.duplicates() + figures.duplicates(),
              sum.bytes() + figures.bytes());
    }
  }

  boolean isOver() {
    return waiting.isEmpty();
  }

  TaskFigures figures() {
    return sum;
  }

  /** Whether a peer took part to the end, or there was none. */
  boolean hasSucceeded() {
    return succeeded > 0 || asked == 0;
  }
}
