package org.chaincore.core.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Threads of one test. Closing interrupts and joins those that are left. */
final class Crew implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  private final List<Hand> hands = new ArrayList<>();

  /** A thread that runs one task. */
  static final class Hand {
    private final FutureTask<Object> task;
    private final Thread thread;

    private Hand(String name, Callable<?> work) {
      this.task = new FutureTask<>(work::call);
      this.thread = new Thread(task, name);
      thread.setDaemon(true);
      thread.start();
    }

    Thread thread() {
      return thread;
    }

    boolean isDone() {
      return task.isDone();
    }

    /** Waits for the end and hands on what the task threw. */
    void finish() throws Exception {
      try {
        task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Exception cause) {
          throw cause;
        }
        throw new AssertionError(e.getCause());
      } catch (TimeoutException e) {
        AssertionError hangs = new AssertionError(thread.getName() + " does not end");
        hangs.setStackTrace(thread.getStackTrace());
        throw hangs;
      }
    }
  }

  /** Work that may throw. */
  interface Work {
    void run() throws Exception;
  }

  Hand start(String name, Work work) {
    Hand hand =
        new Hand(
            name,
            () -> {
              work.run();
              return true;
            });
    hands.add(hand);
    return hand;
  }

  /** Runs work in a thread of its own to its end. */
  void run(Work work) throws Exception {
    start("other", work).finish();
  }

  static void until(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
        throw new AssertionError("not within " + PATIENCE_SECONDS + " s: " + what);
      }
      LockSupport.parkNanos(100_000);
    }
  }

  static void untilWaiting(RankedReadWriteLock lock, int waiters) {
    until(waiters + " wait for " + lock, () -> lock.turnstile().waiting().size() == waiters);
  }

  @Override
  public void close() {
    hands.forEach(hand -> hand.thread.interrupt());
    for (Hand hand : hands) {
      try {
        hand.thread.join(TimeUnit.SECONDS.toMillis(1));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
