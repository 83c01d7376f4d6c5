package org.chaincore.net.node;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.chaincore.core.script.SignatureWorkers;
import org.jspecify.annotations.Nullable;

/** The threads that a node works in: its own, or the host's. Thread-safe. */
final class NodeThreads {
  /** One mines, one keeps. */
  private static final int WORKERS = 2;

  private static final long IDLE_SECONDS = 5;

  private final @Nullable ScheduledExecutorService lent;
  private final ScheduledExecutorService workers;
  private final Executor listeners;

  /**
   * Those in which a listener is being told something: none of them may be waited for by itself.
   */
  private final Set<Thread> telling = ConcurrentHashMap.newKeySet();

  private NodeThreads(
      @Nullable ScheduledExecutorService lent,
      ScheduledExecutorService workers,
      Executor listeners) {
    this.lent = lent;
    this.workers = workers;
    this.listeners = listeners;
  }

  static NodeThreads of(@Nullable ScheduledExecutorService lent) {
    if (lent != null) {
      return new NodeThreads(lent, lent, lent);
    }
    ScheduledThreadPoolExecutor workers =
        new ScheduledThreadPoolExecutor(WORKERS, daemons("chaincore-node"));
    workers.setRemoveOnCancelPolicy(true);
    // As many threads as listeners are being told something: one that blocks has its own. A node
    // has events of two kinds.
    ThreadPoolExecutor listeners =
        new ThreadPoolExecutor(
            0,
            2 * NodeEvents.MAX_LISTENERS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            daemons("chaincore-listener"));
    return new NodeThreads(null, workers, listeners);
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
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
  boolean close(Duration within) throws InterruptedException {
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
    boolean ended = workers.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    if (isWithin) {
      return false;
    }
    return own.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS) && ended;
  }
}
