package org.chaincore.net.node;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is to be closed, last opened first. Thread-safe. */
final class Shutdown {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  /** A part that is to be closed. */
  @FunctionalInterface
  interface Part {
    /** Closes it; whether it had stopped within the time. */
    boolean close(Duration within) throws Exception;
  }

  private record Named(String name, Part part) {}

  /** Held by who closes, not to be confused with the monitor, which guards the collections. */
  private final ReentrantLock turn = new ReentrantLock();

  private final Deque<Named> parts = new ArrayDeque<>();
  private final Set<Runnable> wishes = new LinkedHashSet<>();
  private BooleanSupplier isWaitedFor = () -> false;
  private boolean isRun;

  synchronized void add(String name, Part part) {
    parts.push(new Named(name, part));
  }

  /** A part that has stopped when its {@code close} returns. */
  void add(String name, AutoCloseable part) {
    add(
        name,
        within -> {
          part.close();
          return true;
        });
  }

  /**
   * Says which threads a part may wait for. If one of these closes too, it does not wait for its
   * turn: whoever has that may wait for it.
   *
   * @param isCaller whether it is one of them that asks
   */
  synchronized void waitsFor(BooleanSupplier isCaller) {
    isWaitedFor = isCaller;
  }

  private synchronized BooleanSupplier isWaitedFor() {
    return isWaitedFor;
  }

  /** Has something done when the node is closed; at once if it is. */
  void whenRun(Runnable wish) {
    synchronized (this) {
      if (!isRun) {
        wishes.add(wish);
        return;
      }
    }
    wish.run();
  }

  /** It need not be done any more. */
  synchronized void forget(Runnable wish) {
    wishes.remove(wish);
  }

  /**
   * Closes what is not closed yet, and waits for another thread that is at it, unless that may wait
   * for this one. What has not stopped in time is asked again by the next call; what has failed is
   * not closed again, and stays named.
   *
   * @param within how long to wait for each part
   * @return the names of what has not stopped, or has failed, last opened first
   */
  List<String> run(Duration within) {
    // Parts would not wait, nor some of them close at all, in a thread that is interrupted.
    boolean isInterrupted = Thread.interrupted();
    try {
      begin();
      isInterrupted |= Thread.interrupted();
      isInterrupted |= closeInTurn(within);
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return unstopped().stream().map(Named::name).toList();
  }

  /** Closes what is left when it is this thread's turn; whether the thread was interrupted. */
  private boolean closeInTurn(Duration within) {
    boolean isInterrupted = false;
    try {
      long patience = isWaitedFor().getAsBoolean() ? 0 : within.toNanos();
      if (!turn.tryLock(patience, TimeUnit.NANOSECONDS)) {
        return false;
      }
    } catch (InterruptedException interrupted) {
      return true;
    }
    try {
      for (Named named : unstopped()) {
        close(named, within);
        isInterrupted |= Thread.interrupted(); // It ends one wait, not those for the other parts.
      }
    } finally {
      turn.unlock();
    }
    return isInterrupted;
  }

  private void begin() {
    List<Runnable> told;
    synchronized (this) {
      isRun = true;
      told = List.copyOf(wishes);
      wishes.clear();
    }
    told.forEach(Runnable::run);
  }

  private synchronized List<Named> unstopped() {
    return List.copyOf(parts);
  }

  private synchronized void replace(Named before, @Nullable Named after) {
    List<Named> now = new ArrayList<>(parts);
    parts.clear();
    for (Named part : now) {
      Named kept = part.equals(before) ? after : part;
      if (kept != null) {
        parts.addLast(kept);
      }
    }
  }

  private void close(Named named, Duration within) {
    try {
      if (named.part.close(within)) {
        replace(named, null);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (Exception | Error broken) {
      LOG.warn("{} failed to close", named.name, broken);
      replace(named, new Named(named.name, again -> false));
    }
  }
}
