package org.chaincore.sync.peer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.SipKey;

/**
 * Chooses who of the inbound peers goes when another one comes and there is no slot.
 *
 * <p><b>Idea.</b> An attacker opens connections until only his are left. So peers that are best by
 * one of several measures are not considered: an attacker would have to be best by all of them, for
 * every slot. Protected are some from groups that a secret picks, of each the oldest; the nearest
 * by ping; the last to tell a useful block; the last to tell a useful transaction; and of the rest
 * the longer connected half. Of those that remain, the group with the most loses its youngest:
 * whoever comes in numbers pushes out his own.
 *
 * <p>The shape is Bitcoin Core's. There the numbers suit more than a hundred slots; with a dozen
 * they would protect everyone, and whoever came first would stay for good. So each measure protects
 * an eighth of the peers, at least one and at most {@link #MAX_PROTECTED}.
 *
 * <p>Immutable and thread-safe.
 */
public final class Eviction {
  /** Protected by one measure at most; more slots are not more good peers. */
  public static final int MAX_PROTECTED = 8;

  /** Of how many peers each measure protects one. */
  private static final int PEERS_PER_PROTECTED = 8;

  private final SipKey secret;

  private Eviction(SipKey secret) {
    this.secret = secret;
  }

  /** By a secret that no peer can guess. */
  public static Eviction of(SipKey secret) {
    return new Eviction(secret);
  }

  /**
   * Who goes. Discouraged peers go first and are not protected.
   *
   * @return empty if all are protected: then the one who comes is refused
   */
  public Optional<PeerId> choose(List<InboundPeer> peers) {
    List<InboundPeer> unwanted = peers.stream().filter(InboundPeer::isDiscouraged).toList();
    List<InboundPeer> candidates = unwanted.isEmpty() ? unprotected(peers) : unwanted;
    Map<NetworkGroup, List<InboundPeer>> groups = new TreeMap<>();
    for (InboundPeer candidate : candidates) {
      groups.computeIfAbsent(candidate.group(), group -> new ArrayList<>()).add(candidate);
    }
    return groups.values().stream()
        .max(
            Comparator.<List<InboundPeer>>comparingInt(List::size)
                .thenComparing(Eviction::youngest, Eviction::compareAge))
        .map(group -> youngest(group).peer());
  }

  private List<InboundPeer> unprotected(List<InboundPeer> peers) {
    int each = Math.max(1, Math.min(MAX_PROTECTED, peers.size() / PEERS_PER_PROTECTED));
    List<InboundPeer> left = new ArrayList<>(peers);
    protectGroups(left, each);
    protect(left, each, Comparator.comparingLong(peer -> peer.merits().minPingMillis()));
    protect(left, each, latest(peer -> peer.merits().usefulTransactionMillis()));
    protect(left, each, latest(peer -> peer.merits().usefulBlockMillis()));
    protect(left, left.size() / 2, Eviction::compareAge);
    return left;
  }

  /** Protects the oldest peer of each of some groups that nobody outside can predict. */
  private void protectGroups(List<InboundPeer> left, int most) {
    left.sort(
        Comparator.<InboundPeer>comparingLong(peer -> rank(peer.group()))
            .thenComparing(Eviction::compareAge));
    Set<NetworkGroup> seen = new HashSet<>();
    left.removeIf(peer -> seen.size() < most && seen.add(peer.group()));
  }

  private static void protect(List<InboundPeer> left, int most, Comparator<InboundPeer> bestFirst) {
    left.sort(bestFirst.thenComparing(Eviction::compareAge));
    left.subList(0, Math.min(most, left.size())).clear();
  }

  private long rank(NetworkGroup group) {
    ByteWriter bytes = ByteWriter.create();
    group.write(bytes);
    return secret.hash(bytes.toArray());
  }

  private static Comparator<InboundPeer> latest(ToLongFunction<InboundPeer> time) {
    return Comparator.comparingLong(time).reversed();
  }

  /** Oldest first. */
  private static int compareAge(InboundPeer a, InboundPeer b) {
    int order = Long.compare(a.sinceMillis(), b.sinceMillis());
    return order != 0 ? order : a.peer().compareTo(b.peer());
  }

  private static InboundPeer youngest(List<InboundPeer> group) {
    return group.stream().max(Eviction::compareAge).orElseThrow();
  }
}
