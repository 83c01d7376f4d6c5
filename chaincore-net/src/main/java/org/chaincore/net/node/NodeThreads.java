package org.chaincore.net.node;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.script.SignatureWorkers;
import org.chaincore.sync.driver.DaemonThreads;
import org.jspecify.annotations.Nullable;

/** The threads that a node works in: its own, or the host's. Thread-safe. */
final class NodeThreads implements Shutdown.Part {
  /** One mines, one keeps. */
  private static final int WORKERS = 2;

  private static final long IDLE_SECONDS = 5;

  private final DaemonThreads workerThreads = DaemonThreads.named("chaincore-node");
  private final DaemonThreads listenerThreads = DaemonThreads.named("chaincore-listener");
  private final @Nullable ScheduledExecutorService lent;
  private final ScheduledExecutorService workers;
  private final Executor listeners;

  /**
   * Those in which a listener is being told something: none of them may be waited for by itself.
   */
  private final Set<Thread> telling = ConcurrentHashMap.newKeySet();

  private NodeThreads(@Nullable ScheduledExecutorService lent) {
    this.lent = lent;
    this.workers = lent != null ? lent : workers(workerThreads);
    this.listeners = lent != null ? lent : listeners(listenerThreads);
  }

  static NodeThreads of(@Nullable ScheduledExecutorService lent) {
    return new NodeThreads(lent);
  }

  private static ScheduledExecutorService workers(DaemonThreads threads) {
    ScheduledThreadPoolExecutor workers = new ScheduledThreadPoolExecutor(WORKERS, threads);
    workers.setRemoveOnCancelPolicy(true);
    return workers;
  }

  /**
   * As many threads as listeners are being told something: one that blocks has its own. A node has
   * events of two kinds.
   */
  private static ExecutorService listeners(DaemonThreads threads) {
    return new ThreadPoolExecutor(
        0,
        2 * NodeEvents.MAX_LISTENERS,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        threads);
  }

  /** What the host lent, for those who make threads of their own else. */
  @Nullable ScheduledExecutorService lent() {
    return lent;
  }

  /** For as many checks at once as there are processors, or threads with the one that asks. */
  SignatureWorkers signatureWorkers() {
    int processors = Runtime.getRuntime().availableProcessors();
    int most = lent == null ? WORKERS + 1 : processors;
    return new SignatureWorkers(workers, Math.min(processors, most));
  }

  ScheduledExecutorService workers() {
    return workers;
  }

  Executor listeners() {
    return task -> listeners.execute(() -> tell(task));
  }

  private void tell(Runnable task) {
    // An executor may run a task where it is handed over, which may be within another.
    boolean isOutermost = telling.add(Thread.currentThread());
    try {
      task.run();
    } finally {
      if (isOutermost) {
        telling.remove(Thread.currentThread());
      }
    }
  }

  /** Whether it is a listener who asks, within a call: who waits for it waits for the caller. */
  boolean isWithinListener() {
    return telling.contains(Thread.currentThread());
  }

  /**
   * Ends the node's own threads. A listener that asks is neither interrupted nor waited for; it may
   * have more to hear.
   *
   * @return whether all had ended in time
   */
  @Override
  public boolean close(Duration within) throws InterruptedException {
    if (lent != null) {
      return true;
    }
    long deadline = System.nanoTime() + within.toNanos();
    workers.shutdownNow();
    ExecutorService own = (ExecutorService) listeners;
    boolean isWithin = isWithinListener();
    if (isWithin) {
      own.shutdown();
    } else {
      own.shutdownNow();
    }
    boolean ended = workerThreads.awaitEnd(workers, deadline);
    if (isWithin) {
      return false;
    }
    return listenerThreads.awaitEnd(own, deadline) && ended;
  }
}
