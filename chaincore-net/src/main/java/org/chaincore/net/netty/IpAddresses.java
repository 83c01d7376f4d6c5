package org.chaincore.net.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.peer.NetworkAddress;

/** Translates between the JDK's addresses and ours. No name is ever looked up. */
public final class IpAddresses {
  private IpAddresses() {}

  /** The socket address of an IP host; empty for overlay networks, which need a proxy. */
  public static Optional<InetSocketAddress> socketAddress(NetworkAddress address) {
    return switch (address.network()) {
      case IPV4, IPV6, CJDNS -> {
        try {
          InetAddress host = InetAddress.getByAddress(address.host().toArray());
          yield Optional.of(new InetSocketAddress(host, address.port()));
        } catch (UnknownHostException e) {
          throw new IllegalStateException("no IP host of 4 or 16 bytes: " + address, e);
        }
      }
      case TOR_V3, I2P -> Optional.empty();
    };
  }

  /** Our address of a socket's; empty if it is of no IP socket. */
  public static Optional<NetworkAddress> networkAddress(SocketAddress address) {
    if (address instanceof InetSocketAddress ip && ip.getAddress() != null) {
      return Optional.of(NetworkAddress.ofIp(Bytes.of(ip.getAddress().getAddress()), ip.getPort()));
    }
    return Optional.empty();
  }
}
