package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.settings.SyncTask;

/**
 * The wishes of schedule and host that wait for rounds to end.
 *
 * <p>Not thread-safe; confined to {@link MempoolReconciliation}.
 */
final class ReconciliationTasks {
  /** So many may wait at a time: stops a host that asks faster than peers answer. */
  static final int MAX = 64;

  private final MachineContext context;
  private final List<ReconciliationTask> tasks = new ArrayList<>();

  ReconciliationTasks(MachineContext context) {
    this.context = context;
  }

  /**
   * Takes up a wish. Without peers it is fulfilled at once.
   *
   * @return the peers whose rounds it waits for: all of these, or none if too many wishes wait
   */
  List<PeerId> begin(long receipt, List<PeerId> peers) {
    if (peers.isEmpty() || tasks.size() >= MAX) {
      context.taskFinished(SyncTask.MEMPOOL, receipt, TaskFigures.NONE, peers.isEmpty());
      return List.of();
    }
    tasks.add(new ReconciliationTask(receipt, peers));
    return peers;
  }

  /** A round is over, well or not. */
  void ended(PeerId peer, TaskFigures figures, boolean isGood) {
    Iterator<ReconciliationTask> each = tasks.iterator();
    while (each.hasNext()) {
      ReconciliationTask task = each.next();
      task.ended(peer, figures, isGood);
      if (task.isOver()) {
        each.remove();
        context.taskFinished(SyncTask.MEMPOOL, task.receipt(), task.figures(), task.hasSucceeded());
      }
    }
  }
}
