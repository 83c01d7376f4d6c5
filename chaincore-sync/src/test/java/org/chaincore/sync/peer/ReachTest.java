package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReachTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, LOOPBACK",
    "127.255.255.255, LOOPBACK",
    "126.255.255.255, PUBLIC",
    "128.0.0.0, PUBLIC",
    "::1, LOOPBACK",
    "::, RESERVED",
    "::2, RESERVED",
    "10.0.0.0, PRIVATE",
    "10.255.255.255, PRIVATE",
    "11.0.0.0, PUBLIC",
    "172.15.255.255, PUBLIC",
    "172.16.0.0, PRIVATE",
    "172.31.255.255, PRIVATE",
    "172.32.0.0, PUBLIC",
    "192.168.0.1, PRIVATE",
    "192.169.0.1, PUBLIC",
    "100.63.255.255, PUBLIC",
    "100.64.0.0, PRIVATE",
    "100.127.255.255, PRIVATE",
    "100.128.0.0, PUBLIC",
    "169.254.1.1, PRIVATE",
    "fd00::1, PRIVATE",
    "fe80::1, PRIVATE",
    "febf::1, PRIVATE",
    "fec0::1, RESERVED",
    "fd87:d87e:eb43::1, RESERVED",
    "0.0.0.0, RESERVED",
    "0.1.2.3, RESERVED",
    "1.0.0.0, PUBLIC",
    "192.0.0.1, RESERVED",
    "192.0.2.1, RESERVED",
    "192.0.3.1, PUBLIC",
    "198.17.255.255, PUBLIC",
    "198.18.0.0, RESERVED",
    "198.19.255.255, RESERVED",
    "198.51.100.7, RESERVED",
    "203.0.113.7, RESERVED",
    "223.255.255.255, PUBLIC",
    "224.0.0.0, RESERVED",
    "255.255.255.255, RESERVED",
    "2000::, PUBLIC",
    "2a00:1450::1, PUBLIC",
    "2001:db8::1, RESERVED",
    "2001:10::1, RESERVED",
    "2001:2f::1, RESERVED",
    "3fff:fff::1, RESERVED",
    "4000::1, RESERVED",
    "64:ff9b::1.2.3.4, PUBLIC",
    "::ffff:0:1.2.3.4, PUBLIC",
    "ff02::1, RESERVED",
    "fc00::1, PUBLIC"
  })
  void of_host_isThatOfTheRegistries(String host, Reach reach) {
    NetworkAddress address = NetworkAddress.parseHost(host, 1);

    assertThat(address.reach()).isEqualTo(reach);
    assertThat(address.isPublic()).isEqualTo(reach == Reach.PUBLIC);
  }

  @Test
  void of_hostUnderTheWrongNetwork_isReserved() {
    Bytes ipv4 = Bytes.parse("00000000000000000000ffff01020304");
    Bytes cjdns = Bytes.parse("fc000000000000000000000000000001");
    Bytes global = Bytes.parse("2a000000000000000000000000000001");

    assertThat(Reach.of(new NetworkAddress(AddressNetwork.IPV6, ipv4, 1)))
        .isEqualTo(Reach.RESERVED);
    assertThat(Reach.of(new NetworkAddress(AddressNetwork.IPV6, cjdns, 1)))
        .isEqualTo(Reach.RESERVED);
    assertThat(Reach.of(new NetworkAddress(AddressNetwork.CJDNS, global, 1)))
        .isEqualTo(Reach.RESERVED);
  }

  @Test
  void of_keysOfOverlays_isPublic() {
    Bytes key = Bytes.of(new byte[32]);

    assertThat(Reach.of(new NetworkAddress(AddressNetwork.TOR_V3, key, 1))).isEqualTo(Reach.PUBLIC);
    assertThat(Reach.of(new NetworkAddress(AddressNetwork.I2P, key, 0))).isEqualTo(Reach.PUBLIC);
  }
}
