package org.chaincore.sync.protocol;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.chaincore.sync.identity.NodeKey;

/**
 * How this node presents itself to peers.
 *
 * @param key what it signs its statistics with
 * @param userAgent its name in the version message, such as {@code /ChainCore:0.1.0/}
 * @param services what it offers, see {@link org.chaincore.sync.peer.Services}
 * @param extensions what it can do beyond plain Bitcoin messages
 * @param version the protocol version that it announces
 */
public record LocalNode(
    NodeKey key, String userAgent, long services, Set<Extension> extensions, int version) {
  /** The newest protocol there is: the first version that knows feature messages (BIP434). */
  public static final int PROTOCOL_VERSION = 70_017;

  public LocalNode {
    extensions = Collections.unmodifiableSet(new TreeSet<>(extensions));
  }

  /** The same node without its extensions, or with fewer. */
  public LocalNode withExtensions(Set<Extension> fewer) {
    return new LocalNode(key, userAgent, services, fewer, version);
  }

  /** The same node with another protocol version. */
  public LocalNode withVersion(int other) {
    return new LocalNode(key, userAgent, services, extensions, other);
  }
}
