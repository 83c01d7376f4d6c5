package org.chaincore.net.node;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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

  List<String> run(Duration within) {
    Deque<Named> all;
    List<Runnable> told;
    synchronized (this) {
      isRun = true;
      all = new ArrayDeque<>(parts);
      parts.clear();
      told = List.copyOf(wishes);
      wishes.clear();
    }
    told.forEach(Runnable::run);
    List<String> left = new ArrayList<>();
    for (Named named : all) {
      try {
        if (!named.part.close(within)) {
          left.add(named.name);
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        left.add(named.name);
      } catch (RuntimeException broken) {
        LOG.warn("{} failed to close", named.name, broken);
        left.add(named.name);
      }
    }
    return left;
  }
}
