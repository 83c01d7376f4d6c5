package org.chaincore.sync.driver;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Has work done by one thread at a time: whenever it is woken, and at a time that the work itself
 * names.
 *
 * <p>Thread-safe.
 */
final class Turns {
  /** A piece of work. */
  @FunctionalInterface
  interface Work {
    /**
     * Does a limited piece.
     *
     * @return whether there is more to do at once
     */
    boolean doPiece();
  }

  private final ScheduledExecutorService executor;
  private final boolean isOwnExecutor;
  private final Work work;
  private final AtomicBoolean isDue = new AtomicBoolean();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean isStopping;

  // Confined to the thread whose turn it is.
  private @Nullable Future<?> alarm;

  private Turns(ScheduledExecutorService executor, boolean isOwnExecutor, Work work) {
    this.executor = executor;
    this.isOwnExecutor = isOwnExecutor;
    this.work = work;
  }

  static Turns of(DriverSetup.Host host, Work work) {
    ScheduledExecutorService lent = host.executor();
    return lent != null ? new Turns(lent, false, work) : new Turns(ownThread(), true, work);
  }

  private static ScheduledExecutorService ownThread() {
    ScheduledThreadPoolExecutor own =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "chaincore-sync");
              thread.setDaemon(true);
              return thread;
            });
    own.setRemoveOnCancelPolicy(true);
    return own;
  }

  /** There is something to do. Returns at once. */
  void wake() {
    if (isDue.compareAndSet(false, true)) {
      submit();
    }
  }

  /** Wakes at a time, in place of the one before. To be called from within the work. */
  void wakeIn(long millis) {
    Future<?> before = alarm;
    if (before != null) {
      before.cancel(false);
    }
    try {
      alarm = executor.schedule(this::wake, Math.max(0, millis), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closing) {
      alarm = null;
    }
  }

  private void submit() {
    try {
      executor.execute(this::turn);
    } catch (RejectedExecutionException closing) {
      // Nobody works any more: whoever lent the executor has closed it, or we have.
      stopped.countDown();
    }
  }

  private void turn() {
    if (isStopping) {
      Future<?> pending = alarm;
      if (pending != null) {
        pending.cancel(false);
      }
      stopped.countDown();
      return; // isDue stays set: nobody wakes this again.
    }
    isDue.set(false);
    boolean isMore = work.doPiece();
    if (isMore || isStopping) {
      wake();
    }
  }

  /**
   * Has nothing done any more.
   *
   * @return whether the turn that was under way has ended within the time
   */
  boolean stop(long millis) throws InterruptedException {
    isStopping = true;
    wake();
    boolean hasStopped = stopped.await(millis, TimeUnit.MILLISECONDS);
    if (isOwnExecutor) {
      executor.shutdownNow();
    }
    return hasStopped;
  }
}
