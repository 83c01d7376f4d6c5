package org.chaincore.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.transport.Connection;
import org.chaincore.sync.transport.Receiver;
import org.chaincore.sync.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Stands between two nodes and passes on what it hears, until it is told to break off. It is made
 * of two transports, so that it tests them as well. Thread-safe.
 */
final class CuttableProxy implements Transport.Acceptor, AutoCloseable {
  private final TcpTransport transport =
      TcpTransport.of(TcpOptions.listeningAt(NetworkAddress.parse("127.0.0.1:0")));
  private final NetworkAddress target;

  // Guarded by this.
  private final List<Passage> passages = new ArrayList<>();

  CuttableProxy(NetworkAddress target) {
    this.target = target;
    transport.start(this);
  }

  NetworkAddress address() {
    return transport.boundAddress();
  }

  @Override
  public synchronized Receiver accepted(Connection connection) {
    Passage passage = new Passage(connection);
    passages.add(passage);
    transport.connect(target, passages.size() - 1);
    return passage.near;
  }

  @Override
  public synchronized Receiver connected(Connection connection, long attempt) {
    return passages.get((int) attempt).reached(connection);
  }

  @Override
  public synchronized void connectFailed(long attempt) {
    passages.get((int) attempt).cut();
  }

  /** Breaks off all that is there; new connections are passed on. */
  synchronized void cut() {
    passages.forEach(Passage::cut);
  }

  synchronized int passages() {
    return passages.size();
  }

  @Override
  public void close() {
    transport.close();
    assertThat(transport.ended()).succeedsWithin(Duration.ofSeconds(20));
  }

  /** One connection on each side. */
  private static final class Passage {
    private final Connection here;
    private final Receiver near = new End(true);
    private final List<byte[]> early = new ArrayList<>();
    private @Nullable Connection there;

    private Passage(Connection here) {
      this.here = here;
    }

    private synchronized Receiver reached(Connection connection) {
      there = connection;
      early.forEach(connection::send);
      early.clear();
      return new End(false);
    }

    private synchronized void pass(boolean isOutward, byte[] bytes) {
      Connection to = isOutward ? there : here;
      if (to == null) {
        early.add(bytes);
      } else {
        to.send(bytes);
      }
    }

    private synchronized void cut() {
      here.close();
      if (there != null) {
        there.close();
      }
    }

    private final class End implements Receiver {
      private final boolean isOutward;

      private End(boolean isOutward) {
        this.isOutward = isOutward;
      }

      @Override
      public void received(byte[] bytes) {
        pass(isOutward, bytes);
      }

      @Override
      public void drained() {}

      @Override
      public void closed() {
        cut();
      }
    }
  }
}
