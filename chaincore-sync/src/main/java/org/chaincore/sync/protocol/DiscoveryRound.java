package org.chaincore.sync.protocol;

import java.util.Set;
import java.util.TreeSet;
import org.chaincore.sync.peer.PeerId;

/**
 * One run of the discovery of peers: who was asked, and what came.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class DiscoveryRound {
  /** A question is a frame without a payload. */
  private static final int QUESTION_BYTES = 24;

  private final long receipt;
  private final Set<PeerId> awaited = new TreeSet<>();
  private int asked;
  private int gone;
  private long told;
  private long unknown;
  private long bytes;

  DiscoveryRound(long receipt) {
    this.receipt = receipt;
  }

  long receipt() {
    return receipt;
  }

  void asked(PeerId peer) {
    awaited.add(peer);
    asked++;
    bytes += QUESTION_BYTES;
  }

  /** A peer told addresses: the first ones count as its answer. */
  void answered(Peer peer, int addresses, int unknownBefore) {
    if (awaited.remove(peer.id())) {
      told += addresses;
      unknown += unknownBefore;
      bytes += peer.lastFrameBytes();
    }
  }

  void gone(PeerId peer) {
    gone += awaited.remove(peer) ? 1 : 0;
  }

  boolean isDone() {
    return awaited.isEmpty();
  }

  /** Whether all who were asked left: who stays and says nothing has nothing new to say. */
  boolean isDeserted() {
    return asked > 0 && gone == asked;
  }

  TaskFigures figures() {
    return new TaskFigures(asked, 0, told, unknown, told - unknown, bytes);
  }
}
