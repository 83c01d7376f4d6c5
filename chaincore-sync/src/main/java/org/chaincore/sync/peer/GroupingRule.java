package org.chaincore.sync.peer;

import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Bytes;

/**
 * Which addresses count as one owner's, and which an address book keeps at all.
 *
 * <p>Addresses next to each other are cheap, addresses all over the internet are not: so public
 * IPv4 hosts are grouped by their first 16 bits and IPv6 hosts by 32, an IPv6 host that stands for
 * an IPv4 host with that one, and the hosts of Hurricane Electric's tunnels, which anyone has for
 * nothing, by 36. Hosts of Tor, I2P and CJDNS are keys that cost nothing; there the first 4 random
 * bits make 16 groups a network, enough that a node which only uses one of them finds peers, and
 * few enough that its keys count as few owners. The numbers are those of Bitcoin Core's netgroups.
 *
 * <p>A rule is fixed for the life of an address book. Its ids are written to disk.
 */
public enum GroupingRule {
  /**
   * For networks on the internet: addresses that are not public are one group, and no address book
   * keeps them.
   */
  BY_PREFIX(0),

  /**
   * For networks of one house, one machine or one test: each loopback or private address is a group
   * of its own with its port. Whoever reaches such a network can have as many groups as they have
   * ports, so this is for networks whose members are trusted not to flood. Public addresses are
   * grouped as ever.
   */
  BY_ADDRESS(1);

  private static final int IPV4_BITS = 16;
  private static final int IPV6_BITS = 32;
  private static final int TUNNEL_BITS = 36;
  private static final int OVERLAY_BITS = 4;

  /** All hosts of CJDNS begin with the same byte. */
  private static final int CJDNS_BITS = 8 + OVERLAY_BITS;

  /** One customer line has at least so many bits of IPv6 host to itself (RFC 6177). */
  private static final int IPV6_HOST_BITS = 64;

  private static final AddressPrefix TUNNELS = AddressPrefix.parse("2001:470::/32");
  private static final AddressPrefix TEREDO = AddressPrefix.parse("2001::/32");
  private static final AddressPrefix SIX_TO_FOUR = AddressPrefix.parse("2002::/16");
  private static final AddressPrefix NAT64 = AddressPrefix.parse("64:ff9b::/96");
  private static final AddressPrefix TRANSLATED = AddressPrefix.parse("::ffff:0:0:0/96");

  private final int id;

  GroupingRule(int id) {
    this.id = id;
  }

  /** The number that stands for it in what is kept on disk. */
  int id() {
    return id;
  }

  /** The group of an address. */
  public NetworkGroup groupOf(NetworkAddress address) {
    Bytes host = address.host();
    if (!address.isPublic()) {
      return new NetworkGroup(
          address.network(), standsAlone(address) ? hostAndPort(address) : Bytes.EMPTY);
    }
    return switch (address.network()) {
      case IPV4 -> ipv4Group(host);
      case IPV6 -> ipv6Group(host);
      case TOR_V3, I2P -> group(address.network(), host, OVERLAY_BITS);
      case CJDNS -> group(AddressNetwork.CJDNS, host, CJDNS_BITS);
    };
  }

  /** Whether a node could be dialled there: what an address book keeps. */
  public boolean isDialable(NetworkAddress address) {
    boolean hasPort = address.port() != 0 || address.network() == AddressNetwork.I2P;
    return hasPort && (address.isPublic() || standsAlone(address));
  }

  /**
   * What is banned when a peer at this address is: its host with port 0, for public IPv6 the 64
   * bits that one line has to itself. Under {@link #BY_ADDRESS} a private address stands for
   * itself, or one bad node in a test on one machine would ban them all.
   */
  public NetworkAddress ownerOf(NetworkAddress address) {
    if (standsAlone(address)) {
      return address;
    }
    if (address.network() != AddressNetwork.IPV6 || !address.isPublic()) {
      return address.withPort(0);
    }
    byte[] line = new byte[AddressNetwork.IPV6.hostBytes()];
    AddressPrefix.cut(address.host(), IPV6_HOST_BITS).copyTo(line, 0);
    return new NetworkAddress(AddressNetwork.IPV6, Bytes.of(line), 0);
  }

  private boolean standsAlone(NetworkAddress address) {
    Reach reach = this == BY_ADDRESS ? address.reach() : Reach.RESERVED;
    return reach == Reach.LOOPBACK || reach == Reach.PRIVATE;
  }

  private static NetworkGroup ipv6Group(Bytes host) {
    if (SIX_TO_FOUR.holds(host)) {
      return ipv4Group(host.slice(2, 6));
    }
    if (NAT64.holds(host) || TRANSLATED.holds(host)) {
      return ipv4Group(host.slice(12, 16));
    }
    if (TEREDO.holds(host)) {
      // The client's host stands at the end with every bit turned over (RFC 4380 §4).
      return ipv4Group(Bytes.of((byte) ~host.at(12), (byte) ~host.at(13), (byte) 0, (byte) 0));
    }
    return group(AddressNetwork.IPV6, host, TUNNELS.holds(host) ? TUNNEL_BITS : IPV6_BITS);
  }

  private static NetworkGroup ipv4Group(Bytes host) {
    return group(AddressNetwork.IPV4, host, IPV4_BITS);
  }

  private static NetworkGroup group(AddressNetwork network, Bytes host, int bits) {
    return new NetworkGroup(network, AddressPrefix.cut(host, bits));
  }

  private static Bytes hostAndPort(NetworkAddress address) {
    return ByteWriter.ofExpectedSize(18).bytes(address.host()).uint16(address.port()).toBytes();
  }
}
