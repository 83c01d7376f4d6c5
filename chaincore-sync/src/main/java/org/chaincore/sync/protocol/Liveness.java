package org.chaincore.sync.protocol;

import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.Pong;

/**
 * Asks peers that are silent whether they are still there, and learns how far away they are.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class Liveness implements Machine {
  Liveness(MachineContext context) {}

  void ping(Peer peer, Ping message, long nowMillis) {}

  void pong(Peer peer, Pong message, long nowMillis) {}

  /** It is time to ask. */
  void pingDue(Peer peer, long nowMillis) {}

  /** The answer did not come in time. */
  void pongMissing(Peer peer) {}
}
