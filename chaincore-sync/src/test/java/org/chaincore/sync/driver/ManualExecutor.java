package org.chaincore.sync.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An executor whose time passes when the test says so, in the test's thread. */
final class ManualExecutor extends AbstractExecutorService implements ScheduledExecutorService {
  private final List<Task<?>> waiting = new ArrayList<>();
  private long nowNanos;
  private long nextNumber;

  /** The executor's stopwatch. */
  long nanos() {
    return nowNanos;
  }

  /** Runs what is due now. */
  void run() {
    pass(Duration.ZERO);
  }

  /** Lets time pass, and runs what comes due in order. */
  void pass(Duration time) {
    long until = nowNanos + time.toNanos();
    for (Task<?> next = earliest(); next != null && next.atNanos <= until; next = earliest()) {
      waiting.remove(next);
      nowNanos = Math.max(nowNanos, next.atNanos);
      next.run();
    }
    nowNanos = until;
  }

  private @Nullable Task<?> earliest() {
    waiting.removeIf(FutureTask::isCancelled);
    return waiting.stream()
        .min(
            Comparator.comparingLong((Task<?> task) -> task.atNanos)
                .thenComparingLong(task -> task.number))
        .orElse(null);
  }

  private final class Task<T extends @Nullable Object> extends FutureTask<T>
      implements ScheduledFuture<T> {
    private final long atNanos;
    private final long number = nextNumber++;

    Task(Callable<T> work, long atNanos) {
      super(work);
      this.atNanos = atNanos;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(atNanos - nowNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  @Override
  public void execute(Runnable command) {
    var unused = schedule(command, 0, TimeUnit.NANOSECONDS);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return schedule(
        () -> {
          command.run();
          return "done";
        },
        delay,
        unit);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    Task<V> task = new Task<>(callable, nowNanos + unit.toNanos(delay));
    waiting.add(task);
    return task;
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long first, long period, TimeUnit unit) {
    throw new UnsupportedOperationException("a node repeats nothing blindly");
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long first, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException("a node repeats nothing blindly");
  }

  @Override
  public void shutdown() {
    waiting.clear();
  }

  @Override
  public List<Runnable> shutdownNow() {
    List<Runnable> dropped = List.copyOf(waiting);
    waiting.clear();
    return dropped;
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return false;
  }
}
