package org.chaincore.sync.driver;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the threads of one executor, and knows those that live. An executor says that it has ended
 * when its last thread still has a few steps to go; whoever promises that no thread is left waits
 * for the thread itself. Thread-safe.
 */
public final class DaemonThreads implements ThreadFactory {
  private final String name;
  private final AtomicInteger made = new AtomicInteger();

  /** As many as the executor has at most, and those that have ended since it made one. */
  private final Queue<Thread> known = new ConcurrentLinkedQueue<>();

  private DaemonThreads(String name) {
    this.name = name;
  }

  /**
   * Makes none yet.
   *
   * @param name what the names of the threads begin with; a number follows
   */
  public static DaemonThreads named(String name) {
    return new DaemonThreads(name);
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = new Thread(task, name + "-" + made.incrementAndGet());
    thread.setDaemon(true);
    known.removeIf(one -> one.getState() == Thread.State.TERMINATED);
    known.add(thread);
    return thread;
  }

  /**
   * Waits until an executor of these threads, which was told to end, has ended, and they with it.
   * From one of the threads it does not wait.
   *
   * @param deadlineNanos on the clock of {@link System#nanoTime}
   * @return whether all have ended in time
   */
  public boolean awaitEnd(ExecutorService executor, long deadlineNanos)
      throws InterruptedException {
    if (known.contains(Thread.currentThread())
        || !executor.awaitTermination(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    for (Thread thread : known) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      thread.join(Math.max(1, left)); // Zero would be for ever.
      if (thread.isAlive()) {
        return false;
      }
    }
    return true;
  }
}
