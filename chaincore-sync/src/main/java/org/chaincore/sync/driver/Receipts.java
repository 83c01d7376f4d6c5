package org.chaincore.sync.driver;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.chaincore.sync.protocol.SyncEvent.TaskFinished;

/**
 * What the host waits for. A receipt that is done, or that the host has cancelled, is forgotten;
 * there are as many as wishes may wait, and as tasks of the schedule take wishes.
 *
 * <p>Thread-safe.
 */
final class Receipts {
  private final Map<Long, CompletableFuture<?>> open = new ConcurrentHashMap<>();
  private final Map<Long, CompletableFuture<TaskFinished>> tasks = new ConcurrentHashMap<>();
  private final AtomicLong nextNumber = new AtomicLong(1);
  private volatile boolean isClosed;

  /** Something that will be known; cancelled when the node stops before that. */
  <T> CompletableFuture<T> issue() {
    CompletableFuture<T> receipt = new CompletableFuture<>();
    long number = nextNumber.getAndIncrement();
    open.put(number, receipt);
    var unused = receipt.whenComplete((result, failure) -> open.remove(number));
    if (isClosed) {
      receipt.cancel(false);
    }
    return receipt;
  }

  /** Names a task that the host wants done; {@link #finished} then completes its receipt. */
  long number(CompletableFuture<TaskFinished> receipt) {
    long number = nextNumber.getAndIncrement();
    tasks.put(number, receipt);
    var unused = receipt.whenComplete((result, failure) -> tasks.remove(number));
    return number;
  }

  /** A task is done that the host, or the schedule, wanted. */
  void finished(TaskFinished task) {
    CompletableFuture<TaskFinished> receipt = tasks.get(task.receipt());
    if (receipt != null) {
      receipt.complete(task);
    }
  }

  /** Nothing comes any more. */
  void close() {
    isClosed = true;
    for (CompletableFuture<?> receipt : List.copyOf(open.values())) {
      receipt.cancel(false);
    }
  }

  /** How many wait. */
  int size() {
    return open.size();
  }
}
