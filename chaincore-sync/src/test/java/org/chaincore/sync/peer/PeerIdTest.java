package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class PeerIdTest {
  @Test
  void constructor_notPositive_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PeerId(0))
        .withMessageContaining("not 0");
  }

  @Test
  void compareTo_byNumber_isInOrder() {
    assertThat(new PeerId(1)).isLessThan(new PeerId(2)).hasToString("peer 1");
  }

  @Test
  void hasAll_someMissing_isFalse() {
    assertThat(Services.hasAll(Services.NETWORK, Services.NETWORK | Services.WITNESS)).isFalse();
    assertThat(Services.hasAll(Services.NETWORK | Services.BLOOM, Services.NETWORK)).isTrue();
  }
}
