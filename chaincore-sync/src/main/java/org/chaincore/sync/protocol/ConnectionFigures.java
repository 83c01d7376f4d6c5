package org.chaincore.sync.protocol;

import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.SlotLimits;
import org.chaincore.sync.protocol.DisconnectReason.Cause;
import org.jspecify.annotations.Nullable;

/**
 * How many connections there are whose handshake is done, and what has come of dialling so far.
 * Feelers are no connections here: they only look.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class ConnectionFigures {
  private final PeerTable peers;
  private long successful;
  private long failed;
  private long timeouts;
  private int failuresInARow;

  ConnectionFigures(PeerTable peers) {
    this.peers = peers;
  }

  /** A dialled address completed the handshake. */
  void succeeded() {
    successful++;
    failuresInARow = 0;
  }

  /**
   * A dialled address did not complete the handshake.
   *
   * @param isUnreachable whether there was no connection at all; else somebody is there, who may
   *     have no room now, and looking again soon is worth it
   */
  void failed(boolean isUnreachable) {
    failed++;
    failuresInARow = isUnreachable ? failuresInARow + 1 : 0;
  }

  /** How many dialled addresses were out of reach since one last was not. */
  int failuresInARow() {
    return failuresInARow;
  }

  /** A connection is over, by us for this cause, or by the other side if it is null. */
  void ended(@Nullable Cause cause) {
    timeouts += cause == Cause.TIMEOUT || cause == Cause.STALLING ? 1 : 0;
  }

  /** Peers that dialled us. */
  int inbound() {
    return count(true);
  }

  /** Peers that we dialled. */
  int outbound() {
    return count(false);
  }

  private int count(boolean isInbound) {
    int count = 0;
    for (Peer peer : peers.all()) {
      boolean counts = peer.isEstablished() && peer.kind() != ConnectionKind.FEELER;
      count += counts && peer.kind().isInbound() == isInbound ? 1 : 0;
    }
    return count;
  }

  PeerStats stats(SlotLimits limits, int knownAddresses, long discoveryAttempts) {
    int inbound = inbound();
    int outbound = outbound();
    return new PeerStats(
        NetworkStatus.of(inbound + outbound, limits),
        knownAddresses,
        inbound,
        outbound,
        new PeerStats.Counters(discoveryAttempts, successful, failed, timeouts));
  }
}
