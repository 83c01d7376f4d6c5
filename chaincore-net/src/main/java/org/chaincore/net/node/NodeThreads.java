package org.chaincore.net.node;

import java.time.Duration;
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
    return listeners;
  }

  /** Ends the node's own threads; whether all had ended in time. */
  boolean close(Duration within) throws InterruptedException {
    if (lent != null) {
      return true;
    }
    long deadline = System.nanoTime() + within.toNanos();
    workers.shutdownNow();
    ExecutorService own = (ExecutorService) listeners;
    own.shutdownNow();
    boolean ended = workers.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    return own.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS) && ended;
  }
}
