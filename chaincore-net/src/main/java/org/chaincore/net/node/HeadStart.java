package org.chaincore.net.node;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that a start needs later and that takes a while: it is begun in another thread, if one
 * is free, and is done by whoever asks for it if it has not begun by then. So nobody ever waits for
 * a thread to become free, be it that the host's only one is the one that starts the node. Wherever
 * it is done, it finds the classes that the one who began it finds.
 *
 * <p>Thread-safe.
 */
final class HeadStart<T> implements Supplier<T> {
  private final FutureTask<T> task;

  private HeadStart(Supplier<T> work) {
    ClassLoader classes = Thread.currentThread().getContextClassLoader();
    this.task = new FutureTask<>(() -> done(work, classes));
  }

  private static <T> T done(Supplier<T> work, @Nullable ClassLoader classes) {
    Thread worker = Thread.currentThread();
    ClassLoader before = worker.getContextClassLoader();
    worker.setContextClassLoader(classes);
    try {
      return work.get();
    } finally {
      worker.setContextClassLoader(before);
    }
  }

  static <T> HeadStart<T> begin(Executor executor, Supplier<T> work) {
    HeadStart<T> begun = new HeadStart<>(work);
    try {
      executor.execute(begun.task);
    } catch (RejectedExecutionException closed) {
      // It will be done when it is asked for.
    }
    return begun;
  }

  /** What came of it; what it threw is thrown here as it was. An interrupt is kept for later. */
  @Override
  public T get() {
    task.run();
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException later) {
          isInterrupted = true;
        } catch (ExecutionException failed) {
          throw asThrown(failed.getCause());
        }
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException asThrown(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(cause);
  }
}
