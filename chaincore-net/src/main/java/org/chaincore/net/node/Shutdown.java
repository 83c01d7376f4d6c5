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
    boolean close(Duration within) throws InterruptedException;
  }

  private record Named(String name, Part part) {}

  /** Held by who closes, not to be confused with the monitor, which guards the collections. */
  private final ReentrantLock turn = new ReentrantLock();

  private final Deque<Named> parts = new ArrayDeque<>();
  private final Set<Runnable> wishes = new LinkedHashSet<>();
  private boolean isRun;

  synchronized void add(String name, Part part) {
    parts.push(new Named(name, part));
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
   * Closes what is not closed yet, and waits for another thread that is at it. What has not stopped
   * in time is asked again by the next call; what has failed is not closed again, and stays named.
   *
   * @param within how long to wait for each part
   * @return the names of what has not stopped, or has failed, last opened first
   */
  List<String> run(Duration within) {
    begin();
    boolean isMine = false;
    try {
      isMine = turn.tryLock(within.toNanos(), TimeUnit.NANOSECONDS);
      if (isMine) {
        unstopped().forEach(named -> close(named, within));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      if (isMine) {
        turn.unlock();
      }
    }
    return unstopped().stream().map(Named::name).toList();
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
    } catch (RuntimeException broken) {
      LOG.warn("{} failed to close", named.name, broken);
      replace(named, new Named(named.name, again -> false));
    }
  }
}
