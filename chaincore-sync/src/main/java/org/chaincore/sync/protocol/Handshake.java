package org.chaincore.sync.protocol;

import org.chaincore.sync.message.Message;

/**
 * Version, verack and what lies between them: both sides learn what the other is, and part if they
 * live by different rules.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class Handshake implements Machine {
  Handshake(MachineContext context) {}

  /** A connection stands: whoever made it speaks first. */
  void connected(Peer peer, long nowMillis) {}

  /**
   * A message of a peer whose handshake is not done.
   *
   * @return whether it is done now
   */
  boolean received(Peer peer, Message message, long nowMillis) {
    return false;
  }

  /** The handshake took too long. */
  void timedOut(Peer peer) {}
}
