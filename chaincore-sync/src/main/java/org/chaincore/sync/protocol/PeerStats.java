package org.chaincore.sync.protocol;

/**
 * How a node is connected at one moment. Immutable.
 *
 * @param status in a word
 * @param knownAddresses addresses in the book
 * @param inbound peers that dialled us, whose handshake is done
 * @param outbound peers that we dialled, whose handshake is done
 * @param counters what has happened since the node started
 */
public record PeerStats(
    NetworkStatus status, int knownAddresses, int inbound, int outbound, Counters counters) {
  /**
   * What has happened since the node started.
   *
   * @param discoveryAttempts how often peers were asked for more addresses, or would have been
   * @param successfulConnections dialled addresses that completed the handshake
   * @param failedConnections dialled addresses that did not
   * @param peerTimeouts connections that we ended since the peer was silent or held us up
   */
  public record Counters(
      long discoveryAttempts,
      long successfulConnections,
      long failedConnections,
      long peerTimeouts) {}

  /** Connections whose handshake is done. */
  public int connected() {
    return inbound + outbound;
  }
}
