package org.chaincore.net.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The open connections, in the order of their last complete request; one that has made none counts
 * from when it came. When there are too many the first has to go: somebody who only holds
 * connections open loses them one by one, and whoever comes to ask something gets in.
 *
 * <p>Thread-safe. The lock is held for a few steps, and nobody is called under it.
 */
final class ConnectionTable {
  private final int most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition empty = lock.newCondition();
  private final Set<HttpConnection> connections = new LinkedHashSet<>();

  ConnectionTable(int most) {
    this.most = most;
  }

  /**
   * A connection came.
   *
   * @return one that has to go for it, null if there is room
   */
  @Nullable HttpConnection enter(HttpConnection newcomer) {
    lock.lock();
    try {
      HttpConnection victim = connections.size() < most ? null : idlest();
      if (victim != null) {
        connections.remove(victim);
      }
      connections.add(newcomer);
      return victim;
    } finally {
      lock.unlock();
    }
  }

  /** Those that are being answered are spared, as long as there are others. */
  private HttpConnection idlest() {
    for (HttpConnection connection : connections) {
      if (!connection.isBeingAnswered()) {
        return connection;
      }
    }
    return connections.iterator().next();
  }

  /** A connection has made a complete request. */
  void asked(HttpConnection connection) {
    lock.lock();
    try {
      if (connections.remove(connection)) {
        connections.add(connection);
      }
    } finally {
      lock.unlock();
    }
  }

  void leave(HttpConnection connection) {
    lock.lock();
    try {
      connections.remove(connection);
      if (connections.isEmpty()) {
        empty.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there are none; false if there still are when the time is over. */
  boolean awaitEmpty(long deadlineNanos) {
    lock.lock();
    try {
      while (!connections.isEmpty()) {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        long rest = empty.awaitNanos(left);
        if (rest <= 0 && !connections.isEmpty()) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return connections.size();
    } finally {
      lock.unlock();
    }
  }

  /** All of them, as they are now. */
  List<HttpConnection> all() {
    lock.lock();
    try {
      return new ArrayList<>(connections);
    } finally {
      lock.unlock();
    }
  }
}
