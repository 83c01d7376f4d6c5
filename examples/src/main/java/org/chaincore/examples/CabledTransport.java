package org.chaincore.examples;

import java.util.List;
import java.util.Optional;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.transport.Connection;
import org.chaincore.sync.transport.Receiver;
import org.chaincore.sync.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A transport of the host's own: another one, whose connections run through cables. An address to
 * which no whole cable leads cannot be reached. It shows how little a transport has to do, and that
 * it may refuse and break off whenever it likes. Thread-safe.
 */
final class CabledTransport implements Transport {
  private final Transport inner;
  private final NetworkAddress home;
  private final List<Cable> cables;
  private volatile @Nullable Acceptor acceptor;

  /**
   * A transport that is not started.
   *
   * @param inner carries the bytes
   * @param home where it is
   * @param cables all that there are; may grow meanwhile, if the list is made for that
   */
  CabledTransport(Transport inner, NetworkAddress home, List<Cable> cables) {
    this.inner = inner;
    this.home = home;
    this.cables = cables;
  }

  @Override
  public void start(Acceptor hearing) {
    acceptor = hearing;
    inner.start(new CableEnds(hearing));
  }

  @Override
  public void connect(NetworkAddress to, long attempt) {
    Acceptor hearing = acceptor;
    if (cableTo(to).filter(Cable::isWhole).isPresent()) {
      inner.connect(to, attempt);
    } else if (hearing != null) {
      hearing.connectFailed(attempt);
    }
  }

  @Override
  public void close() {
    inner.close();
  }

  private Optional<Cable> cableTo(NetworkAddress address) {
    return cables.stream().filter(cable -> cable.joins(home, address)).findFirst();
  }

  /** Puts each connection into its cable. */
  private final class CableEnds implements Acceptor {
    private final Acceptor hearing;

    private CableEnds(Acceptor hearing) {
      this.hearing = hearing;
    }

    @Override
    public Receiver accepted(Connection connection) {
      return through(connection, hearing.accepted(connection));
    }

    @Override
    public Receiver connected(Connection connection, long attempt) {
      return through(connection, hearing.connected(connection, attempt));
    }

    @Override
    public void connectFailed(long attempt) {
      hearing.connectFailed(attempt);
    }

    private Receiver through(Connection connection, Receiver receiver) {
      Cable cable = cableTo(connection.remote()).orElse(null);
      if (cable == null) {
        connection.close();
        return receiver;
      }
      cable.carry(connection);
      return new CableEnd(cable, connection, receiver);
    }
  }

  /** Hears for a node, and lets go of the connection when it ends. */
  private record CableEnd(Cable cable, Connection connection, Receiver receiver)
      implements Receiver {
    @Override
    public void received(byte[] bytes) {
      receiver.received(bytes);
    }

    @Override
    public void drained() {
      receiver.drained();
    }

    @Override
    public void closed() {
      cable.drop(connection);
      receiver.closed();
    }
  }
}
