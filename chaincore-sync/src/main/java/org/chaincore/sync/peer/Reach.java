package org.chaincore.sync.peer;

import java.util.List;
import org.chaincore.core.value.Bytes;

/**
 * From where an address can be reached. Sources: the IANA registries of special-purpose IPv4 and
 * IPv6 addresses (RFC 6890), BIP155 for what may not travel under another network's name.
 */
public enum Reach {
  /** From the machine itself only. */
  LOOPBACK,
  /** From the local network only: private, shared and link-local ranges. */
  PRIVATE,
  /** From everywhere that its network reaches. */
  PUBLIC,
  /**
   * From nowhere: ranges for documentation, multicast or nothing yet, and hosts written under the
   * wrong network, such as IPv4 hosts dressed up as IPv6. One host has one spelling, or a ban could
   * be walked round.
   */
  RESERVED;

  private static final List<AddressPrefix> LOOPBACKS = prefixes("127.0.0.0/8", "::1/128");

  private static final List<AddressPrefix> PRIVATES =
      prefixes(
          "10.0.0.0/8",
          "172.16.0.0/12",
          "192.168.0.0/16",
          "100.64.0.0/10",
          "169.254.0.0/16",
          "fd00::/8",
          "fe80::/10");

  private static final List<AddressPrefix> RESERVED_IPV4 =
      prefixes(
          "0.0.0.0/8",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4");

  /** Global unicast, and the prefixes of translators to IPv4 (RFC 6052, RFC 6145). */
  private static final List<AddressPrefix> PUBLIC_IPV6 =
      prefixes("2000::/3", "64:ff9b::/96", "::ffff:0:0:0/96");

  private static final List<AddressPrefix> RESERVED_IPV6 =
      prefixes("2001:db8::/32", "3fff::/20", "2001:10::/28", "2001:20::/28");

  /** The range whose hosts belong to CJDNS (BIP155 appendix D). */
  private static final AddressPrefix CJDNS = AddressPrefix.parse("fc00::/8");

  /** Onion names of old as IPv6, which nothing reaches any more (BIP155 appendix A). */
  private static final AddressPrefix OLD_ONION_AS_IPV6 = AddressPrefix.parse("fd87:d87e:eb43::/48");

  private static final AddressPrefix IPV4_AS_IPV6 = AddressPrefix.parse("::ffff:0:0/96");

  /** The reach of an address; its port does not matter. */
  public static Reach of(NetworkAddress address) {
    Bytes host = address.host();
    return switch (address.network()) {
      case TOR_V3, I2P -> PUBLIC;
      case CJDNS -> isCjdns(host) ? PUBLIC : RESERVED;
      case IPV4 -> local(host, anyHolds(RESERVED_IPV4, host) ? RESERVED : PUBLIC);
      case IPV6 ->
          local(
              host,
              anyHolds(PUBLIC_IPV6, host) && !anyHolds(RESERVED_IPV6, host) ? PUBLIC : RESERVED);
    };
  }

  static boolean isCjdns(Bytes host) {
    return CJDNS.holds(host);
  }

  static boolean isIpv4InIpv6(Bytes host) {
    return IPV4_AS_IPV6.holds(host);
  }

  private static Reach local(Bytes host, Reach otherwise) {
    if (anyHolds(LOOPBACKS, host)) {
      return LOOPBACK;
    }
    return anyHolds(PRIVATES, host) && !OLD_ONION_AS_IPV6.holds(host) ? PRIVATE : otherwise;
  }

  private static boolean anyHolds(List<AddressPrefix> prefixes, Bytes host) {
    for (AddressPrefix prefix : prefixes) {
      if (prefix.holds(host)) {
        return true;
      }
    }
    return false;
  }

  private static List<AddressPrefix> prefixes(String... texts) {
    AddressPrefix[] prefixes = new AddressPrefix[texts.length];
    for (int i = 0; i < texts.length; i++) {
      prefixes[i] = AddressPrefix.parse(texts[i]);
    }
    return List.of(prefixes);
  }
}
