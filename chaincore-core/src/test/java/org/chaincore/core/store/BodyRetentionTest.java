package org.chaincore.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chaincore.core.block.OutPoint;
import org.chaincore.core.store.AddressIndex.Position;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

class BodyRetentionTest {
  @Test
  void retention_ofAStoreThatForgets_isLimited() {
    assertThat(BodyRetention.EVERYTHING.isLimited()).isFalse();
    assertThat(new BodyRetention(0, 10).isLimited()).isTrue();
    assertThat(new BodyRetention(5, Integer.MAX_VALUE).isLimited()).isTrue();
    assertThat(new BodyRetention(5, 10).depthBelow(12)).isEqualTo(7);
    assertThat(new BodyRetention(5, 10).depthBelow(3)).isZero();
  }

  @Test
  void retention_ofNothing_isRefused() {
    assertThatThrownBy(() -> new BodyRetention(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BodyRetention(0, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void positions_ofOneBlock_areOrderedByTxidThenIndex() {
    Hash256 low = Hash256.ofWords(0, 0, 0, 1);
    Hash256 high = Hash256.ofWords(-1, 0, 0, 0);
    Position first = new Position(1, new OutPoint(low, 1));
    assertThat(first).isLessThan(new Position(1, new OutPoint(low, -1)));
    assertThat(first.compareTo(new Position(1, new OutPoint(high, 0)))).isNotZero();
    assertThat(first).isLessThan(new Position(2, new OutPoint(low, 0)));
    assertThat(Position.START).isLessThan(first);
  }
}
