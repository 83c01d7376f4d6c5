package org.chaincore.sync.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class CapacityEstimateTest {
  private static final int FULL = CapacityEstimate.Q_ONE;

  @Test
  void capacity_ofEqualSizes_isTheShareOfTheSetAndOne() {
    assertThat(CapacityEstimate.capacity(1_000, 1_000, (FULL + 9) / 10)).isEqualTo(101);
  }

  @Test
  void capacity_ofAnEmptySide_isAllOfTheOther() {
    assertThat(CapacityEstimate.capacity(0, 150, FULL)).isEqualTo(151);
    assertThat(CapacityEstimate.capacity(150, 0, 0)).isEqualTo(151);
  }

  @Test
  void capacity_imbalanceWithinChance_addsNothing() {
    int even = CapacityEstimate.capacity(1_000, 1_000, (FULL + 9) / 10);
    assertThat(CapacityEstimate.capacity(1_020, 1_000, (FULL + 9) / 10)).isEqualTo(even);
    assertThat(CapacityEstimate.capacity(1_030, 1_000, (FULL + 9) / 10)).isEqualTo(even + 10);
  }

  @Test
  void capacity_extremeRequests_stayWithinTheLimits() {
    assertThat(CapacityEstimate.capacity(1_000, 1_000, 0)).isEqualTo(8);
    assertThat(CapacityEstimate.capacity(1_000, Integer.MAX_VALUE, 0)).isEqualTo(200);
    assertThat(
            CapacityEstimate.capacity(Integer.MAX_VALUE, Integer.MAX_VALUE, CapacityEstimate.MAX_Q))
        .isEqualTo(200);
  }

  @Test
  void capacity_impossibleNumbers_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CapacityEstimate.capacity(-1, 0, 0))
        .withMessageContaining("-1");
    assertThatIllegalArgumentException().isThrownBy(() -> CapacityEstimate.capacity(0, -1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> CapacityEstimate.capacity(0, 0, 65_536));
    assertThatIllegalArgumentException().isThrownBy(() -> CapacityEstimate.create().q(-1));
  }

  @Test
  void learn_impossibleNumbers_areRefused() {
    CapacityEstimate estimate = CapacityEstimate.create();
    assertThatIllegalArgumentException().isThrownBy(() -> estimate.learn(-1, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> estimate.learn(0, -1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> estimate.learn(0, 0, -1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> estimate.learnFailure(Sketch.MAX_CAPACITY + 1));
  }

  @Test
  void q_beforeAnyRound_isTheDefault() {
    assertThat(CapacityEstimate.create().q(500)).isEqualTo(CapacityEstimate.DEFAULT_Q);
  }

  @Test
  void q_afterEqualRounds_asksForWhatTheyHad() {
    CapacityEstimate estimate = CapacityEstimate.create();
    for (int round = 0; round < 100; round++) {
      estimate.learn(2_000, 2_000, 100);
    }
    assertThat(CapacityEstimate.capacity(2_000, 2_000, estimate.q(2_000))).isBetween(101, 104);
  }

  @Test
  void q_allDifferencesOnOneSide_hidesNearlyNothing() {
    CapacityEstimate estimate = CapacityEstimate.create();
    for (int round = 0; round < 200; round++) {
      estimate.learn(2_000, 2_100, 100);
    }
    assertThat(CapacityEstimate.capacity(2_100, 2_000, estimate.q(2_000))).isBetween(101, 110);
  }

  @Test
  void capacity_qOfAMuchLargerSet_isNoMoreThanTwiceTheSmaller() {
    assertThat(CapacityEstimate.capacity(10, 60, FULL)).isEqualTo(20 + 50 - 2 * 4 + 1);
  }

  @Test
  void q_afterFailure_asksForMore() {
    CapacityEstimate estimate = CapacityEstimate.create();
    estimate.learn(1_000, 1_000, 10);
    int before = CapacityEstimate.capacity(1_000, 1_000, estimate.q(1_000));
    estimate.learnFailure(2 * before);
    assertThat(CapacityEstimate.capacity(1_000, 1_000, estimate.q(1_000)))
        .isGreaterThanOrEqualTo(2 * before);
  }

  @Test
  void q_ofEmptySets_isNoMoreThanFitsTwoBytes() {
    CapacityEstimate estimate = CapacityEstimate.create();
    estimate.learnFailure(400);
    assertThat(estimate.q(0)).isEqualTo(CapacityEstimate.MAX_Q);
  }

  @Test
  void q_peerThatInventedDifferences_isForgotten() {
    CapacityEstimate estimate = CapacityEstimate.create();
    for (int round = 0; round < 100; round++) {
      estimate.learn(2_000, 2_000, 200);
    }
    for (int round = 0; round < 100; round++) {
      estimate.learn(2_000, 2_000, 10);
    }
    assertThat(CapacityEstimate.capacity(2_000, 2_000, estimate.q(2_000))).isLessThan(20);
  }
}
