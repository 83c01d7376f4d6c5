package org.chaincore.sync.protocol;

import java.util.OptionalLong;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.sync.peer.ConnectionKind;
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
  private static final long NOT_MEASURED = -1;

  private final PeerId id;
  private final NetworkAddress address;
  private final ConnectionKind kind;
  private final long connectedAtMillis;
  private @Nullable PeerFacts facts;
  private @Nullable HeaderNode bestKnown;
  private @Nullable HeaderNode lastTold;
  private long queuedBytes;
  private long lastHeardMillis;
  private long lastLatencyMillis = NOT_MEASURED;
  private long minLatencyMillis = NOT_MEASURED;
  private int lastFrameBytes;
  private long usefulBlockMillis;
  private long usefulTransactionMillis;
  private boolean takesCompact;
  private boolean isLeaving;
  private @Nullable DisconnectReason leavesBecause;

  Peer(PeerId id, NetworkAddress address, ConnectionKind kind, long connectedAtMillis) {
    this.id = id;
    this.address = address;
    this.kind = kind;
    this.connectedAtMillis = connectedAtMillis;
    this.lastHeardMillis = connectedAtMillis;
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

  /** Whether the handshake was done, even if the connection has ended since. */
  boolean hasGreeted() {
    return facts != null;
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

  /**
   * We have told the peer of this header. One below the last that we told it of changes nothing.
   */
  void toldHeader(HeaderNode header) {
    HeaderNode last = lastTold;
    if (last == null || !last.descendsFrom(header)) {
      lastTold = header;
    }
  }

  /** Whether the peer is known to have this header: it showed it, or we did. */
  boolean knows(HeaderNode header) {
    return isAbove(bestKnown, header) || isAbove(lastTold, header);
  }

  /** Whether the peer has shown that it has this header, and so the block. */
  boolean hasShown(HeaderNode header) {
    return isAbove(bestKnown, header);
  }

  private static boolean isAbove(@Nullable HeaderNode known, HeaderNode header) {
    return known != null && known.descendsFrom(header);
  }

  /** It sends blocks in compact form to whoever asks, as it has said (BIP152). */
  void offeredCompact() {
    takesCompact = true;
  }

  boolean takesCompact() {
    return takesCompact;
  }

  /** How much of what was sent has not left yet. */
  long queuedBytes() {
    return queuedBytes;
  }

  void setQueuedBytes(long bytes) {
    queuedBytes = bytes;
  }

  /** When the peer said something last, or connected. */
  long lastHeardMillis() {
    return lastHeardMillis;
  }

  void heard(int frameBytes, long nowMillis) {
    lastFrameBytes = frameBytes;
    lastHeardMillis = nowMillis;
  }

  /** Whether the peer has said anything. */
  boolean hasSpoken() {
    return lastFrameBytes > 0;
  }

  /** The size of the frame that the peer said last. */
  int lastFrameBytes() {
    return lastFrameBytes;
  }

  /** When the peer last brought a block that became part of the chain; 0 for never. */
  long usefulBlockMillis() {
    return usefulBlockMillis;
  }

  void broughtBlock(long nowMillis) {
    usefulBlockMillis = nowMillis;
  }

  /** When the peer last brought a transaction that was taken in; 0 for never. */
  long usefulTransactionMillis() {
    return usefulTransactionMillis;
  }

  void broughtTransaction(long nowMillis) {
    usefulTransactionMillis = nowMillis;
  }

  /** How long its last answer to a ping took; absent before the first. */
  OptionalLong lastLatencyMillis() {
    return measured(lastLatencyMillis);
  }

  /** How long its fastest answer to a ping took: what it cannot make look better than it is. */
  OptionalLong minLatencyMillis() {
    return measured(minLatencyMillis);
  }

  private static OptionalLong measured(long millis) {
    return millis == NOT_MEASURED ? OptionalLong.empty() : OptionalLong.of(millis);
  }

  void measuredLatency(long millis) {
    boolean isBest = minLatencyMillis == NOT_MEASURED || millis < minLatencyMillis;
    lastLatencyMillis = millis;
    minLatencyMillis = isBest ? millis : minLatencyMillis;
  }

  /** Whether the connection is about to end: nothing more is sent, nothing more is listened to. */
  boolean isLeaving() {
    return isLeaving;
  }

  /** The other side, or the medium, has ended the connection. */
  void leave() {
    isLeaving = true;
  }

  /** We end the connection. */
  void leave(DisconnectReason reason) {
    isLeaving = true;
    leavesBecause = reason;
  }

  /** Why we ended the connection; null if we did not. */
  @Nullable DisconnectReason leavesBecause() {
    return leavesBecause;
  }

  @Override
  public String toString() {
    return id + " (" + kind + ")";
  }
}
