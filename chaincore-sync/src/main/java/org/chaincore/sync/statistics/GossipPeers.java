package org.chaincore.sync.statistics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.peer.PeerId;

/**
 * The connected peers, taken in turns, and the address groups that they belong to. As many as the
 * caller connects, whose slots bound them. Not thread-safe.
 */
final class GossipPeers {
  private final Map<PeerId, GossipPeer> peers = new HashMap<>();
  private final List<GossipPeer> turns = new ArrayList<>();
  private final Map<Bytes, SourceGroup> groups = new HashMap<>();
  private final SplittableRandom random;
  private int turn;
  private int connectedGroups;

  GossipPeers(SplittableRandom random) {
    this.random = random;
  }

  int size() {
    return peers.size();
  }

  Optional<GossipPeer> find(PeerId id) {
    return Optional.ofNullable(peers.get(id));
  }

  void add(PeerId id, Bytes groupName) {
    remove(id);
    SourceGroup group = groups.computeIfAbsent(groupName, SourceGroup::new);
    connectedGroups += group.hasPeers() ? 0 : 1;
    group.joined();
    GossipPeer peer = new GossipPeer(id, group);
    peers.put(id, peer);
    // At random: if turns went by the order of ids, all nodes would ask the same few at first.
    turns.add(random.nextInt(turns.size() + 1), peer);
  }

  void remove(PeerId id) {
    GossipPeer peer = peers.remove(id);
    if (peer != null) {
      turns.remove(peer);
      peer.group().left();
      connectedGroups -= peer.group().hasPeers() ? 0 : 1;
      forget(peer.group());
    }
  }

  /** A group is kept while it holds a share: who leaves and comes again has used it already. */
  private void forget(SourceGroup group) {
    if (!group.hasPeers() && group.held() == 0) {
      groups.remove(group.name());
    }
  }

  /** Forgets groups that are gone and hold nothing any more. */
  void forgetGroups() {
    groups.values().removeIf(group -> !group.hasPeers() && group.held() == 0);
  }

  /** The next peer that may be asked in a round. */
  Optional<GossipPeer> next(long round) {
    for (int i = 0; i < turns.size(); i++) {
      turn = (turn + 1) % turns.size();
      if (turns.get(turn).mayBeAsked(round)) {
        return Optional.of(turns.get(turn));
      }
    }
    return Optional.empty();
  }

  /**
   * How many observations of a set one group may hold: a quarter, or twice its part of the groups
   * if there are few. If all peers are of one group, as on one machine, no share could protect.
   */
  int share(int capacity) {
    return (int) Math.max((capacity + 3) / 4, 2L * capacity / (connectedGroups + 1));
  }

  /** The nodes that peers say they are. */
  Set<NodeId> nodes() {
    Set<NodeId> nodes = new TreeSet<>();
    turns.forEach(peer -> peer.node().ifPresent(nodes::add));
    return nodes;
  }
}
