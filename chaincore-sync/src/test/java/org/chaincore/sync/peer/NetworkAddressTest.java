package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;

final class NetworkAddressTest {
  @Test
  void constructor_hostOfWrongLength_isRefusedWithTheLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NetworkAddress(AddressNetwork.IPV4, Bytes.parse("010203"), 1))
        .withMessageContaining("not 3");
  }

  @Test
  void of_idOfEachNetwork_findsIt() {
    SeededRun.of(20, 255)
        .check(
            (random, size) ->
                AddressNetwork.of(size)
                    .ifPresent(network -> assertThat(network.id()).isEqualTo(size)));
    assertThat(AddressNetwork.of(4)).contains(AddressNetwork.TOR_V3);
  }
}
