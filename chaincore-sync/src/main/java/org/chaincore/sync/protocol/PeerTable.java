package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * The connections there are, in the order in which they were made.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class PeerTable {
  private final Map<PeerId, Peer> peers = new LinkedHashMap<>();

  void add(Peer peer) {
    Peer before = peers.putIfAbsent(peer.id(), peer);
    if (before != null) {
      throw new IllegalArgumentException(peer.id() + " is connected already");
    }
  }

  void remove(PeerId peer) {
    peers.remove(peer);
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
}
