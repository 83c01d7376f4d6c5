package org.chaincore.sync.protocol;

import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.NetworkAddress;

/**
 * Keeps as many connections as are wanted, to peers that differ from each other.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class ConnectionKeeper implements Machine {
  private final MachineContext context;

  ConnectionKeeper(MachineContext context) {
    this.context = context;
  }

  /** A connection that was asked for did not come about. */
  void connectFailed(NetworkAddress address, ConnectionKind kind, long nowMillis) {}

  /** The host wants this connection. */
  void connectRequested(NetworkAddress address, long nowMillis) {
    context.out().connect(address, ConnectionKind.OUTBOUND);
  }

  /** It is time to look after the connections. */
  void due(long nowMillis) {}
}
