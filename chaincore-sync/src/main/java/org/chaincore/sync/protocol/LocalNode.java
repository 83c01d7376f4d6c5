package org.chaincore.sync.protocol;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.message.NodeDescription;

/**
 * How this node presents itself to peers.
 *
 * @param key what it signs its statistics with
 * @param description what it says of itself in its version message
 * @param extensions what it can do beyond plain Bitcoin messages
 */
public record LocalNode(NodeKey key, NodeDescription description, Set<Extension> extensions) {
  public LocalNode {
    extensions = Collections.unmodifiableSet(new TreeSet<>(extensions));
  }

  /** The same node with fewer extensions, or none. */
  public LocalNode withExtensions(Set<Extension> fewer) {
    return new LocalNode(key, description, fewer);
  }
}
