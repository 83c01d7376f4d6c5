package org.chaincore.net.tcp;

import org.chaincore.net.tls.MutualTls;
import org.chaincore.sync.peer.NetworkAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TcpTransport} is made of. Immutable and thread-safe, if what TLS asks is.
 *
 * @param listenAt where others can connect; port 0 takes a free one. Null: nobody can
 * @param tls encrypts and says who may come in. Null: plain TCP, which anybody on the way can read
 *     and change; fit for public networks, whose peers are strangers anyway, and for one machine
 * @param socket of each connection
 * @param accepting who may connect
 * @param output how much may wait to be sent
 * @param times how long is waited
 */
public record TcpOptions(
    @Nullable NetworkAddress listenAt,
    @Nullable MutualTls tls,
    SocketOptions socket,
    AcceptLimits accepting,
    OutputLimits output,
    TcpTimes times) {
  /**
   * How sockets are set.
   *
   * @param backlog connections that wait in the system until they are accepted
   * @param isNoDelay whether small messages leave at once instead of waiting for more (TCP_NODELAY)
   */
  public record SocketOptions(int backlog, boolean isNoDelay) {
    public static final SocketOptions DEFAULT = new SocketOptions(128, true);

    public SocketOptions {
      Range.atLeast(1, backlog, "backlog");
    }
  }

  /** Plain TCP that others can connect to, all else by default. */
  public static TcpOptions listeningAt(NetworkAddress address) {
    return connectingOnly().withListenAt(address);
  }

  /** Plain TCP that only connects to others. */
  public static TcpOptions connectingOnly() {
    return new TcpOptions(
        null,
        null,
        SocketOptions.DEFAULT,
        AcceptLimits.DEFAULT,
        OutputLimits.DEFAULT,
        TcpTimes.DEFAULT);
  }

  public TcpOptions withListenAt(@Nullable NetworkAddress address) {
    return new TcpOptions(address, tls, socket, accepting, output, times);
  }

  public TcpOptions withTls(@Nullable MutualTls other) {
    return new TcpOptions(listenAt, other, socket, accepting, output, times);
  }

  public TcpOptions withSocket(SocketOptions other) {
    return new TcpOptions(listenAt, tls, other, accepting, output, times);
  }

  public TcpOptions withAccepting(AcceptLimits other) {
    return new TcpOptions(listenAt, tls, socket, other, output, times);
  }

  public TcpOptions withOutput(OutputLimits other) {
    return new TcpOptions(listenAt, tls, socket, accepting, other, times);
  }

  public TcpOptions withTimes(TcpTimes other) {
    return new TcpOptions(listenAt, tls, socket, accepting, output, other);
  }
}
