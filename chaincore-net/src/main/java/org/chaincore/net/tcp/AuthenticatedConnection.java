package org.chaincore.net.tcp;

import java.util.Optional;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.transport.Connection;

/**
 * A connection whose other end may have proved who it is. What a node says of itself in the
 * protocol can be held against it: the driver's connections are of this type where {@link
 * TcpTransport} made them.
 */
public interface AuthenticatedConnection extends Connection {
  /** The node whose key the other end holds; empty without TLS, or with other certificates. */
  Optional<NodeId> provedNode();
}
