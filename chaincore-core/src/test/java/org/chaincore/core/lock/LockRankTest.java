package org.chaincore.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class LockRankTest {
  @Test
  void ofNode_always_ascends() {
    assertThat(LockRank.ofNode())
        .extracting(LockRank::name)
        .containsExactly("CHAIN", "UTXO", "MEMPOOL", "PEERS", "SESSION", "MINING", "NETWORK");
    assertThat(LockRank.ofNode()).isSorted();
  }

  @Test
  void host_betweenTwoRanks_comparesBetweenThem() {
    LockRank wallet = LockRank.host("WALLET", 250);
    assertThat(wallet).isGreaterThan(LockRank.UTXO).isLessThan(LockRank.MEMPOOL);
    assertThat(wallet).hasToString("WALLET/250");
  }

  @Test
  void host_orderOfANodeRank_isRefused() {
    assertThatThrownBy(() -> LockRank.host("WALLET", 300))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("300")
        .hasMessageContaining("MEMPOOL");
  }

  @Test
  void host_blankName_isRefused() {
    assertThatThrownBy(() -> LockRank.host(" ", 5)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void compareTo_sameOrder_goesByName() {
    assertThat(LockRank.host("A", 800)).isLessThan(LockRank.host("B", 800));
  }
}
