package org.chaincore.sync.protocol;

/**
 * One sub-protocol. Its messages and timers reach it by methods of its own; what all machines hear
 * of is that peers come and go.
 */
interface Machine {
  /** The handshake with a peer is done. */
  default void established(Peer peer, long nowMillis) {}

  /**
   * A peer is gone, or has been told to go: what it was asked for will not come from it, and it is
   * to be asked for nothing more. Called once a connection, also for those whose handshake was
   * never done, and for one that we end as soon as that is decided and the deciding step is over,
   * whenever the transport is done with it.
   */
  default void disconnected(Peer peer, long nowMillis) {}
}
