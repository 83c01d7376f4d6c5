package org.chaincore.sync.transport;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.chaincore.sync.peer.NetworkAddress;
import org.jspecify.annotations.Nullable;

/** One node's end of a {@link MemoryNetwork}. Thread-safe. */
final class MemoryTransport implements Transport {
  private final MemoryNetwork network;
  private final NetworkAddress address;
  private final Set<MemoryConnection> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Acceptor acceptor;

  MemoryTransport(MemoryNetwork network, NetworkAddress address) {
    this.network = network;
    this.address = address;
  }

  @Override
  public void start(Acceptor hearing) {
    acceptor = hearing;
    network.listen(address, this);
  }

  @Override
  public void connect(NetworkAddress to, long attempt) {
    Acceptor here = acceptor;
    if (!network.later(() -> connectNow(to, attempt)) && here != null) {
      here.connectFailed(attempt);
    }
  }

  private void connectNow(NetworkAddress to, long attempt) {
    Acceptor here = acceptor;
    MemoryTransport other = network.at(to);
    Acceptor there = other == null ? null : other.acceptor;
    if (here == null) {
      return; // Closed meanwhile.
    }
    if (other == null || there == null) {
      here.connectFailed(attempt);
      return;
    }
    MemoryConnection near = new MemoryConnection(network, to, open);
    MemoryConnection far = new MemoryConnection(network, address, other.open);
    near.join(far);
    far.receiveBy(there.accepted(far));
    near.receiveBy(here.connected(near, attempt));
    if (acceptor == null || other.acceptor == null) {
      near.close(); // One of the two was closed meanwhile, and did not see this connection.
    }
  }

  @Override
  public void close() {
    acceptor = null;
    network.stopListening(address, this);
    for (MemoryConnection connection : open) {
      connection.close();
    }
  }
}
