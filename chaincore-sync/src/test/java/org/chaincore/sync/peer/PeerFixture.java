package org.chaincore.sync.peer;

import java.util.random.RandomGenerator;
import org.chaincore.core.value.Bytes;

/** Addresses for tests. */
final class PeerFixture {
  /** 2026-01-01. */
  static final long NOW = 1_767_225_600;

  static final long MINUTE = 60;
  static final long HOUR = 60 * MINUTE;
  static final long DAY = 24 * HOUR;

  private PeerFixture() {}

  static NetworkAddress at(String text) {
    return NetworkAddress.parse(text);
  }

  static SeenAddress seen(String text) {
    return seen(at(text), NOW);
  }

  static SeenAddress seen(NetworkAddress address, long seenSeconds) {
    return new SeenAddress(address, Services.NETWORK | Services.WITNESS, seenSeconds);
  }

  /** Any address at all that has the right spelling for its network. */
  static NetworkAddress anyAddress(RandomGenerator random) {
    int port = random.nextInt(0x10000);
    return switch (random.nextInt(5)) {
      case 0 -> NetworkAddress.ofIp(bytes(random, 4), port);
      case 1 -> NetworkAddress.ofIp(bytes(random, 16), port);
      case 2 -> new NetworkAddress(AddressNetwork.TOR_V3, bytes(random, 32), port);
      case 3 -> new NetworkAddress(AddressNetwork.I2P, bytes(random, 32), port);
      default -> {
        byte[] host = bytes(random, 16).toArray();
        host[0] = (byte) 0xfc;
        yield new NetworkAddress(AddressNetwork.CJDNS, Bytes.of(host), port);
      }
    };
  }

  /** A public IPv4 address of any group. */
  static NetworkAddress publicAddress(RandomGenerator random) {
    while (true) {
      NetworkAddress address = NetworkAddress.ofIp(bytes(random, 4), 1 + random.nextInt(0xffff));
      if (address.isPublic()) {
        return address;
      }
    }
  }

  /** A public IPv4 address of one group. */
  static NetworkAddress inGroup(int group, RandomGenerator random) {
    byte[] host = bytes(random, 4).toArray();
    host[0] = (byte) (20 + group / 256);
    host[1] = (byte) group;
    return NetworkAddress.ofIp(Bytes.of(host), 8333);
  }

  /** The group that {@link #inGroup} made an address of; negative or large if it made none. */
  static int groupNumber(NetworkAddress address) {
    Bytes host = address.host();
    return 256 * (host.unsignedAt(0) - 20) + host.unsignedAt(1);
  }

  static Bytes bytes(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Bytes.of(bytes);
  }
}
