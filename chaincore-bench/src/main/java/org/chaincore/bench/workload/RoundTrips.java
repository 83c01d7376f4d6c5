package org.chaincore.bench.workload;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.chaincore.net.tcp.TcpOptions;
import org.chaincore.net.tcp.TcpTransport;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.transport.Connection;
import org.chaincore.sync.transport.Receiver;
import org.chaincore.sync.transport.Transport;

/**
 * A small message to the other end and back, again and again: over {@link TcpTransport}, and over
 * bare Netty on the same machine.
 */
public final class RoundTrips implements AutoCloseable {
  /** A ping's frame. */
  public static final int BYTES = 32;

  private final Rally rally = new Rally();
  private final Rally bareRally = new Rally();
  private final Ends ends = Ends.connect(rally);
  private final BareNetty netty;

  private RoundTrips() throws InterruptedException {
    netty = BareNetty.start(2);
    Channel bare = netty.connect(bareRally::heard);
    bareRally.send =
        bytes -> {
          var unused = bare.writeAndFlush(Unpooled.wrappedBuffer(bytes));
        };
    rally.send = ends.near::send;
  }

  /** Both, connected. */
  public static RoundTrips start() throws InterruptedException {
    return new RoundTrips();
  }

  /** The median time over the transport, in microseconds. */
  public double micros(int trips) {
    return rally.p50(trips);
  }

  /** The median time over bare Netty, in microseconds. */
  public double bareMicros(int trips) {
    return bareRally.p50(trips);
  }

  @Override
  public void close() {
    ends.close();
    netty.close();
  }

  /** Sends the next message when the last is back, in the thread that hears it. */
  private static final class Rally {
    private Consumer<byte[]> send = bytes -> {};
    private CompletableFuture<double[]> done = new CompletableFuture<>();
    private double[] micros = {};
    private int trip;
    private int heardBytes;
    private long sentNanos;

    double p50(int trips) {
      micros = new double[trips];
      trip = 0;
      done = new CompletableFuture<>();
      serve();
      return median(done.join());
    }

    private void serve() {
      heardBytes = 0;
      sentNanos = System.nanoTime();
      send.accept(new byte[BYTES]);
    }

    void heard(int count) {
      heardBytes += count;
      if (heardBytes < BYTES) {
        return;
      }
      micros[trip++] = (System.nanoTime() - sentNanos) / 1e3;
      if (trip == micros.length) {
        done.complete(micros);
      } else {
        serve();
      }
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Two transports that are connected; the far one gives back what it hears. */
  private record Ends(TcpTransport server, TcpTransport client, Connection near)
      implements AutoCloseable {
    static Ends connect(Rally rally) {
      CompletableFuture<Connection> near = new CompletableFuture<>();
      TcpTransport server =
          TcpTransport.of(TcpOptions.listeningAt(NetworkAddress.parse("127.0.0.1:0")));
      server.start(new Ear(connection -> {}, (connection, bytes) -> connection.send(bytes)));
      TcpTransport client = TcpTransport.of(TcpOptions.connectingOnly());
      client.start(new Ear(near::complete, (connection, bytes) -> rally.heard(bytes.length)));
      client.connect(server.boundAddress(), 1);
      return new Ends(server, client, near.join());
    }

    @Override
    public void close() {
      client.close();
      server.close();
    }
  }

  /** What is done with bytes. */
  private interface Heard {
    void bytes(Connection connection, byte[] bytes);
  }

  /** Hears every connection in the same way. */
  private record Ear(Consumer<Connection> opened, Heard heard) implements Transport.Acceptor {
    @Override
    public Receiver accepted(Connection connection) {
      opened.accept(connection);
      return new Receiver() {
        @Override
        public void received(byte[] bytes) {
          heard.bytes(connection, bytes);
        }

        @Override
        public void drained() {}

        @Override
        public void closed() {}
      };
    }

    @Override
    public Receiver connected(Connection connection, long attempt) {
      return accepted(connection);
    }

    @Override
    public void connectFailed(long attempt) {
      throw new IllegalStateException("no connection");
    }
  }
}
