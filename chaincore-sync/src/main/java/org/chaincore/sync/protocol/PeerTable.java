package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * The connections there are, in the order in which they were made. One that we end is no longer
 * among them from when the machines have heard of it: all that is left of it is its name, until the
 * transport is done with it.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class PeerTable {
  private final Map<PeerId, Peer> peers = new LinkedHashMap<>();

  /** Connections that we have ended and that are not over: bounded by those of the transport. */
  private final Set<PeerId> ending = new LinkedHashSet<>();

  void add(Peer peer) {
    if (ending.contains(peer.id()) || peers.putIfAbsent(peer.id(), peer) != null) {
      throw new IllegalArgumentException(peer.id() + " is connected already");
    }
  }

  /** A peer is not to be found any more, though its connection is not over. */
  void letGo(PeerId peer) {
    if (peers.remove(peer) != null) {
      ending.add(peer);
    }
  }

  /**
   * A connection is over.
   *
   * @return whether there was one
   */
  boolean remove(PeerId peer) {
    boolean wasThere = peers.remove(peer) != null;
    return ending.remove(peer) || wasThere;
  }

  @Nullable Peer find(PeerId peer) {
    return peers.get(peer);
  }

  Collection<Peer> all() {
    return Collections.unmodifiableCollection(peers.values());
  }

  /** The peers whose handshake is done, oldest connection first. */
  List<Peer> established() {
    List<Peer> established = new ArrayList<>(peers.size());
    for (Peer peer : peers.values()) {
      if (peer.isEstablished()) {
        established.add(peer);
      }
    }
    return established;
  }

  int size() {
    return peers.size();
  }

  /** How many connections we have ended that are not over. */
  int endingCount() {
    return ending.size();
  }
}
