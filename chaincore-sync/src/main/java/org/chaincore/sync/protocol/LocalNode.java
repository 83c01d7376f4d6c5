package org.chaincore.sync.protocol;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.message.NodeDescription;
import org.chaincore.sync.peer.NetworkAddress;
import org.jspecify.annotations.Nullable;

/**
 * How this node presents itself to peers.
 *
 * @param key what it signs its statistics with
 * @param description what it says of itself in its version message
 * @param extensions what it can do beyond plain Bitcoin messages
 * @param reachableAt where others can dial it, which it tells them; null if they cannot, or are not
 *     to know
 */
public record LocalNode(
    NodeKey key,
    NodeDescription description,
    Set<Extension> extensions,
    @Nullable NetworkAddress reachableAt) {
  public LocalNode {
    extensions = Collections.unmodifiableSet(new TreeSet<>(extensions));
  }

  /** A node that tells nobody where it is. */
  public LocalNode(NodeKey key, NodeDescription description, Set<Extension> extensions) {
    this(key, description, extensions, null);
  }

  /** The same node, which tells others where they can dial it. */
  public LocalNode at(NetworkAddress address) {
    return new LocalNode(key, description, extensions, address);
  }

  /** The same node with fewer extensions, or none. */
  public LocalNode withExtensions(Set<Extension> fewer) {
    return new LocalNode(key, description, fewer, reachableAt);
  }
}
