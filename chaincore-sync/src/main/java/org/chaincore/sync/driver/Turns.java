package org.chaincore.sync.driver;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has work done by one thread at a time: whenever it is woken, and at a time that the work itself
 * names. The executor may have many threads: the next turn is given to it only when the one before
 * is over, so what one turn leaves behind the next one sees.
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

  /** Where the one turn is that there can be at a time. */
  private enum State {
    /** Nothing is to be done. */
    IDLE,
    /** The executor has been given a turn. */
    DUE,
    /** A turn is under way. */
    RUNNING,
    /** The same, and something has come up since it began. */
    RUNNING_AND_DUE;

    State woken() {
      return this == IDLE || this == DUE ? DUE : RUNNING_AND_DUE;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

  private final ScheduledExecutorService executor;

  /** Those of the executor, if it is our own. */
  private final @Nullable DaemonThreads ownThreads;

  private final Work work;
  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean isStopping;
  private volatile @Nullable Thread worker;

  // Confined to the thread whose turn it is.
  private @Nullable Future<?> alarm;

  private Turns(ScheduledExecutorService executor, @Nullable DaemonThreads ownThreads, Work work) {
    this.executor = executor;
    this.ownThreads = ownThreads;
    this.work = work;
  }

  static Turns of(DriverSetup.Host host, Work work) {
    ScheduledExecutorService lent = host.executor();
    if (lent != null) {
      return new Turns(lent, null, work);
    }
    DaemonThreads threads = DaemonThreads.named("chaincore-sync");
    ScheduledThreadPoolExecutor own = new ScheduledThreadPoolExecutor(1, threads);
    own.setRemoveOnCancelPolicy(true);
    return new Turns(own, threads, work);
  }

  /** There is something to do. Returns at once. */
  void wake() {
    State before = state.getAndUpdate(State::woken);
    if (before == State.IDLE) {
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
      return; // It stays due for ever: nobody wakes this again.
    }
    state.set(State.RUNNING);
    worker = Thread.currentThread();
    boolean isMore = false;
    try {
      isMore = work.doPiece();
    } catch (RuntimeException broken) {
      LOG.error("a turn failed", broken);
      isMore = true; // The rest of what it had to do is still there.
    } finally {
      worker = null;
      if (isMore || isStopping || !state.compareAndSet(State.RUNNING, State.IDLE)) {
        state.set(State.DUE);
        submit();
      }
    }
  }

  /**
   * Has nothing done any more. From within the work it returns at once, and the turn under way is
   * the last.
   *
   * @return whether the turn that was under way has ended within the time, and the thread with it
   *     if it is our own
   */
  boolean stop(long millis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    isStopping = true;
    wake();
    if (Thread.currentThread() == worker) {
      if (ownThreads != null) {
        executor.shutdown();
      }
      return false;
    }
    boolean hasStopped = stopped.await(millis, TimeUnit.MILLISECONDS);
    if (ownThreads != null) {
      executor.shutdownNow();
      hasStopped &= ownThreads.awaitEnd(executor, deadline);
    }
    return hasStopped;
  }
}
