package org.chaincore.examples;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.transport.Connection;

/**
 * What joins two nodes. While it is whole they can connect; when it is cut, what runs through it
 * ends, and what was on its way is lost. Thread-safe.
 */
final class Cable {
  private final NetworkAddress left;
  private final NetworkAddress right;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private volatile boolean isCut;

  Cable(NetworkAddress left, NetworkAddress right) {
    this.left = left;
    this.right = right;
  }

  /** Whether it runs from one of these to the other. */
  boolean joins(NetworkAddress one, NetworkAddress other) {
    return (left.equals(one) && right.equals(other)) || (left.equals(other) && right.equals(one));
  }

  boolean isWhole() {
    return !isCut;
  }

  void cut() {
    isCut = true;
    open.forEach(Connection::close);
  }

  void mend() {
    isCut = false;
  }

  /** A connection runs through this cable from now on, or ends if the cable is cut. */
  void carry(Connection connection) {
    open.add(connection);
    // Asked afterwards: whoever cuts meanwhile either finds it among the open ones or is seen here.
    if (isCut) {
      connection.close();
    }
  }

  /** A connection is over. */
  void drop(Connection connection) {
    open.remove(connection);
  }
}
