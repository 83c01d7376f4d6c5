package org.chaincore.sync.peer;

import java.util.Optional;
import org.chaincore.core.value.Bytes;

/**
 * Where a node can be reached. Ordered by network, host and port, so that maps of addresses that
 * peers choose can be trees: whoever chooses the keys of a hash table can make them collide.
 *
 * @param network the network it is on
 * @param host the address in that network, of its length
 * @param port 0 to 65535; 0 where none is known
 */
public record NetworkAddress(AddressNetwork network, Bytes host, int port)
    implements Comparable<NetworkAddress> {
  private static final int MAX_PORT = 0xffff;

  /** Longer texts are cut in messages about them: they come from files and peers. */
  private static final int MAX_SHOWN_CHARS = 80;

  public NetworkAddress {
    if (host.length() != network.hostBytes()) {
      throw new IllegalArgumentException(
          network + " addresses have " + network.hostBytes() + " bytes, not " + host.length());
    }
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port " + port + " is not in 0..65535");
    }
  }

  /**
   * The address of an IP host, under the network that it belongs to: an IPv4 host in its IPv6 form
   * is an IPv4 address, and fc00::/8 is CJDNS.
   *
   * @param host 4 or 16 bytes
   */
  public static NetworkAddress ofIp(Bytes host, int port) {
    if (host.length() == AddressNetwork.IPV4.hostBytes()) {
      return new NetworkAddress(AddressNetwork.IPV4, host, port);
    }
    if (Reach.isIpv4InIpv6(host)) {
      return new NetworkAddress(AddressNetwork.IPV4, host.slice(12, 16), port);
    }
    AddressNetwork network = Reach.isCjdns(host) ? AddressNetwork.CJDNS : AddressNetwork.IPV6;
    return new NetworkAddress(network, host, port);
  }

  /**
   * Reads a host and its port: {@code 1.2.3.4:8333}, {@code [2001:db8::1]:8333}, {@code
   * name.onion:8333} or {@code name.b32.i2p:0}. Names that would have to be looked up are refused.
   *
   * @throws IllegalArgumentException if it is nothing of these
   */
  public static NetworkAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    int port = colon < 0 ? -1 : IpText.decimal(text.substring(colon + 1), MAX_PORT);
    if (port < 0) {
      throw new IllegalArgumentException("no port of 0..65535 behind a host: " + shown(text));
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      Optional<Bytes> ipv6 = IpText.parseIpv6(host.substring(1, host.length() - 1));
      if (ipv6.isEmpty()) {
        throw new IllegalArgumentException("no IPv6 address: " + shown(text));
      }
      return ofIp(ipv6.get(), port);
    }
    if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("IPv6 before a port needs brackets: " + shown(text));
    }
    return parseHost(host, port);
  }

  /**
   * Reads a host alone, IPv6 without brackets.
   *
   * @throws IllegalArgumentException if it is no literal of a known network
   */
  public static NetworkAddress parseHost(String host, int port) {
    Optional<Bytes> ip = IpText.parse(host);
    if (ip.isPresent()) {
      return ofIp(ip.get(), port);
    }
    Optional<Bytes> onion = OverlayText.parseOnion(host);
    if (onion.isPresent()) {
      return new NetworkAddress(AddressNetwork.TOR_V3, onion.get(), port);
    }
    Optional<Bytes> i2p = OverlayText.parseI2p(host);
    if (i2p.isPresent()) {
      return new NetworkAddress(AddressNetwork.I2P, i2p.get(), port);
    }
    throw new IllegalArgumentException("no address: " + shown(host));
  }

  /** From where it can be reached. */
  public Reach reach() {
    return Reach.of(this);
  }

  /** Whether it can be reached from everywhere that its network reaches. */
  public boolean isPublic() {
    return reach() == Reach.PUBLIC;
  }

  /** The same host with another port. */
  public NetworkAddress withPort(int otherPort) {
    return new NetworkAddress(network, host, otherPort);
  }

  /** The host as {@link #parseHost} reads it. */
  public String hostText() {
    return switch (network) {
      case IPV4 -> IpText.formatIpv4(host);
      case IPV6, CJDNS -> IpText.formatIpv6(host);
      case TOR_V3 -> OverlayText.formatOnion(host);
      case I2P -> OverlayText.formatI2p(host);
    };
  }

  /** Host and port as {@link #parse} reads them. */
  @Override
  public String toString() {
    boolean bracketed = network == AddressNetwork.IPV6 || network == AddressNetwork.CJDNS;
    return bracketed ? "[" + hostText() + "]:" + port : hostText() + ":" + port;
  }

  @Override
  public int compareTo(NetworkAddress other) {
    int byNetwork = Integer.compare(network.id(), other.network.id());
    if (byNetwork != 0) {
      return byNetwork;
    }
    int byHost = compare(host, other.host);
    return byHost != 0 ? byHost : Integer.compare(port, other.port);
  }

  /** Shorter before longer, then as numbers. */
  static int compare(Bytes one, Bytes other) {
    int order = Integer.compare(one.length(), other.length());
    for (int i = 0; order == 0 && i < one.length(); i++) {
      order = Integer.compare(one.unsignedAt(i), other.unsignedAt(i));
    }
    return order;
  }

  private static String shown(String text) {
    return text.length() <= MAX_SHOWN_CHARS ? text : text.substring(0, MAX_SHOWN_CHARS) + "...";
  }
}
