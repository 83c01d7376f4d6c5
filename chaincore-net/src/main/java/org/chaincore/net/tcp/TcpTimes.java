package org.chaincore.net.tcp;

import java.time.Duration;

/**
 * How long a transport waits, 1 ms to a day each.
 *
 * @param connect until a connection that was asked for stands
 * @param handshake until a handshake of TLS is done; also until the first byte comes from somebody
 *     who has connected: connections that are only held open take places
 * @param silence until a connection ends from which nothing comes, while this node reads. Longer
 *     than a protocol's own pings take
 * @param stall until a connection ends that takes none of what waits for it
 * @param flush for what is left to be sent when a connection is closed
 */
public record TcpTimes(
    Duration connect, Duration handshake, Duration silence, Duration stall, Duration flush) {
  public static final TcpTimes DEFAULT =
      new TcpTimes(
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofMinutes(20),
          Duration.ofMinutes(2),
          Duration.ofSeconds(1));

  public TcpTimes {
    Range.time(connect, "connect");
    Range.time(handshake, "handshake");
    Range.time(silence, "silence");
    Range.time(stall, "stall");
    Range.time(flush, "flush");
  }
}
