package org.chaincore.sync.protocol;

import java.util.List;
import org.chaincore.sync.message.TimestampedAddress;

/**
 * Learns addresses of other nodes from peers, and tells them ours and those that we know.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class PeerExchange implements Machine {
  PeerExchange(MachineContext context) {}

  void getAddresses(Peer peer, long nowMillis) {}

  void addresses(Peer peer, List<TimestampedAddress> addresses, long nowMillis) {}

  /** It is time to send a peer what has gathered for it. */
  void due(Peer peer, long nowMillis) {}

  /** The schedule wants more addresses. */
  void discover(long receipt, long nowMillis) {}
}
