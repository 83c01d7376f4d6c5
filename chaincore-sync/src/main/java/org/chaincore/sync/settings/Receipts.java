package org.chaincore.sync.settings;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.chaincore.sync.settings.TaskReceipt.State;

/**
 * The receipts that are out. One that has not ended belongs to a task, which has at most one that
 * waits and one that runs; of those that ended the last {@link #MAX_ENDED} are kept. Not
 * thread-safe.
 */
final class Receipts {
  /** Stops whoever may trigger tasks from filling the node with receipts. */
  static final int MAX_ENDED = 64;

  private final Map<Long, TaskReceipt> byId = new LinkedHashMap<>();
  private long lastId;
  private int ended;

  long issue(SyncTask task, long nowMillis) {
    lastId++;
    byId.put(lastId, TaskReceipt.waiting(lastId, task, nowMillis));
    return lastId;
  }

  Optional<TaskReceipt> find(long id) {
    return Optional.ofNullable(byId.get(id));
  }

  void run(long id) {
    byId.computeIfPresent(id, (same, receipt) -> receipt.running());
  }

  void end(long id, State how, long nowMillis) {
    TaskReceipt receipt = byId.remove(id);
    if (receipt == null) {
      return;
    }
    // Put in anew, so that those that ended first come first among those that ended.
    byId.put(id, receipt.ended(how, nowMillis));
    ended++;
    if (ended > MAX_ENDED) {
      removeOldestEnded();
    }
  }

  private void removeOldestEnded() {
    Iterator<TaskReceipt> oldestFirst = byId.values().iterator();
    boolean isRemoved = false;
    while (!isRemoved && oldestFirst.hasNext()) {
      if (oldestFirst.next().isEnded()) {
        oldestFirst.remove();
        ended--;
        isRemoved = true;
      }
    }
  }
}
