package org.chaincore.bench.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.chaincore.net.tcp.TcpOptions;
import org.chaincore.net.tcp.TcpTransport;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.transport.Connection;
import org.chaincore.sync.transport.Receiver;
import org.chaincore.sync.transport.Transport;

/**
 * How long a small message takes to the other end and back: over {@link TcpTransport}, beside bare
 * Netty on the same machine, in turns.
 *
 * <p>Arguments: how many round trips a turn, how many turns. Prints one JSON object in the form of
 * {@code SideBySide}; smaller is better.
 *
 * <p>{@code java -cp chaincore-bench/target/benchmarks.jar org.chaincore.bench.net.RoundTrip 20000
 * 9}
 */
public final class RoundTrip {
  /** A ping's frame. */
  private static final int BYTES = 32;

  private static final double GOAL = 2.0;

  private RoundTrip() {}

  /** Measures. */
  public static void main(String[] args) throws Exception {
    int trips = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
    int turns = args.length > 1 ? Integer.parseInt(args[1]) : 9;
    Rally bareRally = new Rally();
    Rally rally = new Rally();
    try (BareNetty netty = BareNetty.start(2);
        Ends ends = Ends.connect(rally)) {
      Channel bare = netty.connect(bareRally::heard);
      bareRally.send =
          bytes -> {
            var unused = bare.writeAndFlush(Unpooled.wrappedBuffer(bytes));
          };
      rally.send = ends.near::send;
      double[] bareMicros = new double[turns];
      double[] micros = new double[turns];
      double[] ratios = new double[turns];
      bareRally.p50(trips);
      rally.p50(trips);
      for (int i = 0; i < turns; i++) {
        bareMicros[i] = bareRally.p50(trips);
        micros[i] = rally.p50(trips);
        ratios[i] = micros[i] / bareMicros[i];
      }
      System.out.printf(
          Locale.ROOT,
          "{\"metric\":\"round_trip\",\"chaincore\":%.1f,\"peer\":%.1f,"
              + "\"peer_name\":\"limit: bare Netty\",\"ratio\":%.3f,\"goal\":%.2f,"
              + "\"unit\":\"microseconds, p50 of %d bytes and back, smaller is better\",\"runs\":%d}%n",
          median(micros),
          median(bareMicros),
          median(ratios),
          GOAL,
          BYTES,
          turns);
    }
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
