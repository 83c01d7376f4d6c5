package org.chaincore.sync.protocol;

import org.chaincore.sync.peer.Misbehaviour;

/**
 * Decides what follows from misbehaviour, whom to let in, and who has to go when there is no room.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class PeerSafety implements Machine {
  PeerSafety(MachineContext context) {}

  /** Whether a new connection may stay. If not, it has been told to go. */
  boolean admits(Peer peer, long nowMillis) {
    return true;
  }

  /** A peer did something that it should not have. */
  void complained(Peer peer, Misbehaviour misbehaviour, String detail, long nowMillis) {}
}
