package org.chaincore.sync.protocol;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * A connection at one moment. Immutable.
 *
 * @param id its name in this node
 * @param end the other end of it
 * @param introduction what the peer said of itself; null until the handshake is done
 * @param contact when and how fast it speaks
 * @param best the block of most work that it has shown to have; null if it has shown none
 */
public record PeerStatus(
    PeerId id,
    End end,
    @Nullable Introduction introduction,
    Contact contact,
    @Nullable BlockRef best) {
  /**
   * The other end of a connection.
   *
   * @param address where it is
   * @param kind who made the connection, and what for
   */
  public record End(NetworkAddress address, ConnectionKind kind) {}

  /**
   * What a peer said of itself, true or not.
   *
   * @param version the lower of both protocol versions
   * @param services bits of what it offers, see {@link org.chaincore.sync.peer.Services}
   * @param userAgent its software
   * @param startHeight the height of its chain when it connected
   * @param extensions what both sides can do beyond Bitcoin's messages
   */
  public record Introduction(
      int version, long services, String userAgent, int startHeight, Set<Extension> extensions) {
    public Introduction {
      extensions = Collections.unmodifiableSet(new TreeSet<>(extensions));
    }
  }

  /**
   * When and how fast a peer speaks. Times are Unix milliseconds on the node's clock.
   *
   * @param connectedAtMillis when the connection was made
   * @param lastHeardMillis when it said something last, or connected
   * @param latencyMillis how long its last answer to a ping took, {@link #NOT_MEASURED} before it
   * @param minLatencyMillis how long its fastest answer took
   * @param queuedBytes how much of what was sent to it has not left yet
   */
  public record Contact(
      long connectedAtMillis,
      long lastHeardMillis,
      long latencyMillis,
      long minLatencyMillis,
      long queuedBytes) {
    /** In place of a latency. */
    public static final long NOT_MEASURED = -1;
  }

  /** Whether the handshake is done. */
  public boolean isEstablished() {
    return introduction != null;
  }

  static PeerStatus of(Peer peer) {
    Contact contact =
        new Contact(
            peer.connectedAtMillis(),
            peer.lastHeardMillis(),
            peer.lastLatencyMillis().orElse(Contact.NOT_MEASURED),
            peer.minLatencyMillis().orElse(Contact.NOT_MEASURED),
            peer.queuedBytes());
    HeaderNode best = peer.bestKnown();
    return new PeerStatus(
        peer.id(),
        new End(peer.address(), peer.kind()),
        peer.isEstablished() ? introduction(peer.facts()) : null,
        contact,
        best == null ? null : new BlockRef(best.height(), best.hash()));
  }

  private static Introduction introduction(PeerFacts facts) {
    return new Introduction(
        facts.version(),
        facts.services(),
        facts.userAgent(),
        facts.startHeight(),
        facts.extensions().keySet());
  }
}
