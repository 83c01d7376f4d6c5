package org.chaincore.sync.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.message.Addresses;
import org.chaincore.sync.message.AddressesV2;
import org.chaincore.sync.message.TimestampedAddress;
import org.chaincore.sync.peer.AddressNetwork;
import org.chaincore.sync.peer.NetworkAddress;

/** Addresses of nodes, in the old form and in that of BIP155. Stateless. */
final class AddressFormats {
  /** Bytes of an address and a port in the old form. */
  static final int PLACE_BYTES = 16 + 2;

  private static final int OLD_BYTES = 4 + 8 + PLACE_BYTES;

  static final int MAX_BYTES = 3 + Addresses.MAX_ADDRESSES * OLD_BYTES;

  /** Longer addresses are refused, whatever their network. Source: BIP155. */
  private static final int MAX_HOST_BYTES = 512;

  private static final int MIN_V2_BYTES = 4 + 1 + 1 + 1 + 2;

  static final int MAX_V2_BYTES =
      3 + Addresses.MAX_ADDRESSES * (4 + 9 + 1 + 3 + MAX_HOST_BYTES + 2);

  /** IPv4 within IPv6. Source: RFC 4291, section 2.5.5.2. */
  private static final Bytes MAPPED = Bytes.parse("00000000000000000000ffff");

  /** Tor's second version within IPv6; long gone. Source: BIP155, appendix A. */
  private static final Bytes ONION_CAT = Bytes.parse("fd87d87eeb43");

  private AddressFormats() {}

  static Addresses read(ByteReader in) {
    int count = count(in, OLD_BYTES);
    List<TimestampedAddress> addresses = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long time = in.uint32("address time");
      long services = in.int64("address services");
      NetworkAddress address = readPlace(in, "address");
      if (!startsWith(address.host(), ONION_CAT)) {
        addresses.add(new TimestampedAddress(time, services, address));
      }
    }
    return new Addresses(addresses);
  }

  static void write(Addresses message, ByteWriter out) {
    out.compactSize(message.addresses().size());
    for (TimestampedAddress told : message.addresses()) {
      out.uint32(told.timeSeconds()).int64(told.services());
      writePlace(told.address(), out);
    }
  }

  static AddressesV2 readV2(ByteReader in) {
    int count = count(in, MIN_V2_BYTES);
    List<TimestampedAddress> addresses = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long time = in.uint32("address time");
      long services = in.compactSize("address services");
      readAddress(in)
          .ifPresent(address -> addresses.add(new TimestampedAddress(time, services, address)));
    }
    return new AddressesV2(addresses);
  }

  static void writeV2(AddressesV2 message, ByteWriter out) {
    out.compactSize(message.addresses().size());
    for (TimestampedAddress told : message.addresses()) {
      NetworkAddress address = told.address();
      out.uint32(told.timeSeconds())
          .compactSize(told.services())
          .uint8(address.network().id())
          .varBytes(address.host());
      writePort(address.port(), out);
    }
  }

  /** Empty for an address of a network that is not known here, or hidden in another's. */
  private static Optional<NetworkAddress> readAddress(ByteReader in) {
    Optional<AddressNetwork> network = AddressNetwork.of(in.uint8("address network"));
    int at = in.position();
    Bytes host = in.varBytes("address host");
    int port = readPort(in);
    if (host.length() > MAX_HOST_BYTES) {
      throw new MalformedBytesException(at, "address host", host.length() + " bytes");
    }
    return network
        .map(known -> new NetworkAddress(known, host, port))
        .filter(address -> !isDisguised(address));
  }

  private static boolean isDisguised(NetworkAddress address) {
    return address.network() == AddressNetwork.IPV6
        && (startsWith(address.host(), MAPPED) || startsWith(address.host(), ONION_CAT));
  }

  /** An address of 16 bytes and a port. */
  static NetworkAddress readPlace(ByteReader in, String field) {
    Bytes host = in.bytes(field, AddressNetwork.IPV6.hostBytes());
    int port = readPort(in);
    return startsWith(host, MAPPED)
        ? new NetworkAddress(AddressNetwork.IPV4, host.slice(MAPPED.length(), host.length()), port)
        : new NetworkAddress(AddressNetwork.IPV6, host, port);
  }

  static void writePlace(NetworkAddress address, ByteWriter out) {
    if (address.network() == AddressNetwork.IPV4) {
      out.bytes(MAPPED);
    }
    out.bytes(address.host());
    writePort(address.port(), out);
  }

  /** The one number of the protocol that has its most significant byte first. */
  private static int readPort(ByteReader in) {
    return in.uint8("port") << 8 | in.uint8("port");
  }

  private static void writePort(int port, ByteWriter out) {
    out.uint8(port >>> 8).uint8(port);
  }

  private static int count(ByteReader in, int minBytesEach) {
    int at = in.position();
    int count = in.count("addresses", minBytesEach);
    if (count > Addresses.MAX_ADDRESSES) {
      throw new MalformedBytesException(
          at, "addresses", count + " of them, at most " + Addresses.MAX_ADDRESSES);
    }
    return count;
  }

  private static boolean startsWith(Bytes bytes, Bytes prefix) {
    return bytes.length() >= prefix.length() && bytes.slice(0, prefix.length()).equals(prefix);
  }
}
