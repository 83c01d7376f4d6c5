package org.chaincore.sync.protocol;

/**
 * One sub-protocol. Its messages and timers reach it by methods of its own; what all machines hear
 * of is that peers come and go.
 */
interface Machine {
  /** The handshake with a peer is done. */
  default void established(Peer peer, long nowMillis) {}

  /**
   * A peer is gone, or about to be: what it was asked for will not come from it. Called once a
   * connection, also for connections whose handshake was never done.
   */
  default void disconnected(Peer peer, long nowMillis) {}
}
