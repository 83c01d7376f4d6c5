package org.chaincore.sync.protocol;

import org.chaincore.core.chain.HeaderNode;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * A connection as all machines see it: who is at the other end, and what its chain is. What a
 * machine alone needs to know of a peer it keeps itself.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class Peer {
  private final PeerId id;
  private final NetworkAddress address;
  private final ConnectionKind kind;
  private final long connectedAtMillis;
  private @Nullable PeerFacts facts;
  private @Nullable HeaderNode bestKnown;
  private long queuedBytes;
  private boolean isLeaving;

  Peer(PeerId id, NetworkAddress address, ConnectionKind kind, long connectedAtMillis) {
    this.id = id;
    this.address = address;
    this.kind = kind;
    this.connectedAtMillis = connectedAtMillis;
  }

  PeerId id() {
    return id;
  }

  NetworkAddress address() {
    return address;
  }

  ConnectionKind kind() {
    return kind;
  }

  long connectedAtMillis() {
    return connectedAtMillis;
  }

  /** Whether the handshake is done, and the connection not about to end. */
  boolean isEstablished() {
    return facts != null && !isLeaving;
  }

  /**
   * What the peer said of itself.
   *
   * @throws IllegalStateException before the handshake is done
   */
  PeerFacts facts() {
    PeerFacts known = facts;
    if (known == null) {
      throw new IllegalStateException("the handshake with " + id + " is not done");
    }
    return known;
  }

  void establish(PeerFacts told) {
    facts = told;
  }

  /** Whether both sides have an extension. */
  boolean has(Extension extension) {
    return facts != null && facts.has(extension);
  }

  /** The header of most work that the peer is known to have; null while none is. */
  @Nullable HeaderNode bestKnown() {
    return bestKnown;
  }

  /** The peer has shown that it has this header; kept if it is better than what was known. */
  void showedHeader(HeaderNode header) {
    HeaderNode known = bestKnown;
    if (known == null || header.chainWork().compareTo(known.chainWork()) > 0) {
      bestKnown = header;
    }
  }

  /** Forgets headers that have turned out to be invalid; what lies below them counts. */
  void forgetInvalid() {
    HeaderNode known = bestKnown;
    if (known != null && known.isInvalid()) {
      // What stands on an invalid block is invalid too, so the highest valid one can be bisected.
      int valid = 0;
      int invalid = known.height();
      while (invalid - valid > 1) {
        int middle = (valid + invalid) >>> 1;
        HeaderNode node = known.ancestor(middle);
        if (node != null && !node.isInvalid()) {
          valid = middle;
        } else {
          invalid = middle;
        }
      }
      bestKnown = known.ancestor(valid);
    }
  }

  /** Whether the peer is known to have this header. */
  boolean knows(HeaderNode header) {
    HeaderNode known = bestKnown;
    return known != null && known.descendsFrom(header);
  }

  /** How much of what was sent has not left yet. */
  long queuedBytes() {
    return queuedBytes;
  }

  void setQueuedBytes(long bytes) {
    queuedBytes = bytes;
  }

  /** Whether the connection is about to end: nothing more is sent, nothing more is listened to. */
  boolean isLeaving() {
    return isLeaving;
  }

  void leave() {
    isLeaving = true;
  }

  @Override
  public String toString() {
    return id + " (" + kind + ")";
  }
}
