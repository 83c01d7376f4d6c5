package org.chaincore.net.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How the HTTP server behaves. Immutable; start from {@link #onLoopback(int)}.
 *
 * @param bind where it listens; port 0 picks one
 * @param limits how much it takes on
 * @param times how long it waits
 */
public record HttpOptions(InetSocketAddress bind, Limits limits, Times times) {
  /**
   * How much the server takes on.
   *
   * @param maxConnections 1,024..65,536; when there are as many, a newcomer takes the place of the
   *     one that has gone longest without a complete request. Stops floods of idle connections
   * @param maxEventStreams 1..65,536; more are answered by 503
   * @param workers 1..256; threads that answer, as many again answer what may take long
   * @param maxBufferedBytes 1 MiB..1 TiB; of bodies that came and answers that were not read yet,
   *     in all. Stops clients that make us answer and do not read
   */
  public record Limits(
      int maxConnections, int maxEventStreams, int workers, long maxBufferedBytes) {
    /** For a node on an ordinary machine. */
    public static final Limits DEFAULT = new Limits(2_048, 256, 2, 64L * 1024 * 1024);

    public Limits {
      require("maxConnections", maxConnections, 1_024, 65_536);
      require("maxEventStreams", maxEventStreams, 1, 65_536);
      require("workers", workers, 1, 256);
      require("maxBufferedBytes", maxBufferedBytes, 1L << 20, 1L << 40);
    }

    private static void require(String name, long value, long least, long most) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(name + " outside " + least + ".." + most + ": " + value);
      }
    }
  }

  /**
   * How long the server waits. All are 10 ms to 1 day.
   *
   * @param request for a request to be complete, from its first byte on. Stops slow senders
   * @param idle for the first byte of the next request
   * @param answer for the node to answer
   * @param reading for a client to read its answer; large answers get more in proportion. Stops
   *     slow readers
   * @param heartbeat between two signs of life on a stream of events
   */
  public record Times(
      Duration request, Duration idle, Duration answer, Duration reading, Duration heartbeat) {
    private static final Duration LEAST = Duration.ofMillis(10);
    private static final Duration MOST = Duration.ofDays(1);

    /** For clients near and far. */
    public static final Times DEFAULT =
        new Times(
            Duration.ofSeconds(15),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(15));

    public Times {
      require("request", request);
      require("idle", idle);
      require("answer", answer);
      require("reading", reading);
      require("heartbeat", heartbeat);
    }

    private static void require(String name, Duration value) {
      if (value.compareTo(LEAST) < 0 || value.compareTo(MOST) > 0) {
        throw new IllegalArgumentException(name + " outside " + LEAST + ".." + MOST + ": " + value);
      }
    }
  }

  /** Listens for this machine only. */
  public static HttpOptions onLoopback(int port) {
    return new HttpOptions(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        Limits.DEFAULT,
        Times.DEFAULT);
  }

  public HttpOptions withLimits(Limits other) {
    return new HttpOptions(bind, other, times);
  }

  public HttpOptions withTimes(Times other) {
    return new HttpOptions(bind, limits, other);
  }
}
