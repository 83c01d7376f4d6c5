package org.chaincore.sync.protocol;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.chaincore.sync.peer.NetworkAddress;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that lead to this node itself: the one that its host named, and those where it met
 * itself. They are neither dialled nor kept.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class OwnAddresses {
  /**
   * A node has few; somebody who forwards connections to us from many places must not fill this.
   */
  static final int MAX_MET = 64;

  private final @Nullable NetworkAddress reachableAt;
  private final Set<NetworkAddress> met = new TreeSet<>();

  OwnAddresses(@Nullable NetworkAddress reachableAt) {
    this.reachableAt = reachableAt;
  }

  /** Where others can dial this node; empty if they cannot, or are not to know. */
  Optional<NetworkAddress> reachableAt() {
    return Optional.ofNullable(reachableAt);
  }

  /** The node dialled this address and met itself. */
  void meet(NetworkAddress address) {
    if (met.size() < MAX_MET) {
      met.add(address);
    }
  }

  boolean contains(NetworkAddress address) {
    return address.equals(reachableAt) || met.contains(address);
  }
}
