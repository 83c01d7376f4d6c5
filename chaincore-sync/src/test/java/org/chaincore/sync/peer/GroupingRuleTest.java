package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chaincore.sync.peer.GroupingRule.BY_ADDRESS;
import static org.chaincore.sync.peer.GroupingRule.BY_PREFIX;
import static org.chaincore.sync.peer.PeerFixture.at;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GroupingRuleTest {
  @ParameterizedTest
  @CsvSource({
    "1.2.3.4, 1.2.255.1, true",
    "1.2.3.4, 1.3.3.4, false",
    "2a00:1::1, 2a00:1:ffff::1, true",
    "2a00:1::1, 2a00:2::1, false",
    "2001:470:1000::1, 2001:470:1fff::1, true",
    "2001:470:1000::1, 2001:470:2000::1, false",
    "2002:102:304::1, 1.2.9.9, true",
    "64:ff9b::1.2.3.4, 1.2.9.9, true",
    "::ffff:0:1.2.3.4, 1.2.9.9, true",
    "2001:0:53aa::fefd:fcfb, 1.2.9.9, true",
    "fc01::1, fc0f::1, true",
    "fc01::1, fc11::1, false",
    "127.0.0.1, 10.0.0.1, true",
    "192.0.2.1, 10.0.0.1, true"
  })
  void groupOf_byPrefix_putsNeighboursTogether(String one, String other, boolean together) {
    NetworkGroup first = BY_PREFIX.groupOf(NetworkAddress.parseHost(one, 1));
    NetworkGroup second = BY_PREFIX.groupOf(NetworkAddress.parseHost(other, 2));

    assertThat(first.equals(second)).isEqualTo(together);
    assertThat(first.compareTo(second) == 0).isEqualTo(together);
  }

  @Test
  void groupOf_keysOfAnOverlay_makesSixteenGroups() {
    SplittableRandom random = new SplittableRandom(1);
    TreeSet<NetworkGroup> groups = new TreeSet<>();
    for (int i = 0; i < 1_000; i++) {
      Bytes key = PeerFixture.bytes(random, 32);
      groups.add(BY_PREFIX.groupOf(new NetworkAddress(AddressNetwork.TOR_V3, key, 1)));
    }

    assertThat(groups).hasSize(16);
  }

  @Test
  void groupOf_byAddress_keepsEachLocalAddressApart() {
    assertThat(BY_ADDRESS.groupOf(at("127.0.0.1:1")))
        .isNotEqualTo(BY_ADDRESS.groupOf(at("127.0.0.1:2")))
        .isNotEqualTo(BY_ADDRESS.groupOf(at("127.0.0.2:1")))
        .isEqualTo(BY_ADDRESS.groupOf(at("127.0.0.1:1")));
    assertThat(BY_ADDRESS.groupOf(at("[fd00::1]:1")))
        .isNotEqualTo(BY_ADDRESS.groupOf(at("[fd00::1]:2")));
  }

  @Test
  void groupOf_byAddressOfPublicOnes_isByPrefix() {
    assertThat(BY_ADDRESS.groupOf(at("1.2.3.4:1"))).isEqualTo(BY_PREFIX.groupOf(at("1.2.3.4:1")));
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3.4:1, true, true",
    "1.2.3.4:0, false, false",
    "127.0.0.1:1, false, true",
    "10.1.2.3:1, false, true",
    "10.1.2.3:0, false, false",
    "192.0.2.1:1, false, false",
    "[::1]:1, false, true",
    "[2001:db8::1]:1, false, false",
    "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2p:0, true, true"
  })
  void isDialable_address_dependsOnReachAndRule(String text, boolean byPrefix, boolean byAddress) {
    assertThat(BY_PREFIX.isDialable(at(text))).isEqualTo(byPrefix);
    assertThat(BY_ADDRESS.isDialable(at(text))).isEqualTo(byAddress);
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3.4:5, 1.2.3.4:0",
    "[2a00:1:2:3:4:5:6:7]:5, [2a00:1:2:3::]:0",
    "[fe80::4:5:6:7]:5, [fe80::4:5:6:7]:0",
    "127.0.0.1:5, 127.0.0.1:0",
    "[fc00::5]:5, [fc00::5]:0"
  })
  void ownerOf_byPrefix_isTheHostOrItsLine(String address, String owner) {
    assertThat(BY_PREFIX.ownerOf(at(address))).isEqualTo(at(owner));
  }

  @Test
  void ownerOf_byAddress_isTheLocalAddressItself() {
    assertThat(BY_ADDRESS.ownerOf(at("127.0.0.1:5"))).isEqualTo(at("127.0.0.1:5"));
    assertThat(BY_ADDRESS.ownerOf(at("1.2.3.4:5"))).isEqualTo(at("1.2.3.4:0"));
  }

  @Test
  void toString_ofAGroup_namesNetworkAndPrefix() {
    assertThat(BY_PREFIX.groupOf(at("1.2.3.4:5"))).hasToString("IPV4 0102");
  }
}
