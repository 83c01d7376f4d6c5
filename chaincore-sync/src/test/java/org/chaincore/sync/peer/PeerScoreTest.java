package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.chaincore.sync.peer.Misbehaviour.Consequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PeerScoreTest {
  private static final long NOW = 1_000_000;

  private final PeerScore score = PeerScore.of(NOW);

  @ParameterizedTest
  @EnumSource(Misbehaviour.class)
  void add_eachFaultOnce_isFollowedByItsConsequence(Misbehaviour fault) {
    assertThat(score.add(fault, NOW)).isEqualTo(fault.consequence());
    assertThat(score.points(NOW)).isEqualTo(fault.points());
  }

  @ParameterizedTest
  @EnumSource(Misbehaviour.class)
  void points_ofEachFault_discourageAloneAtTheLimitOnly(Misbehaviour fault) {
    assertThat(fault.points()).isBetween(0, PeerScore.LIMIT_POINTS);
    assertThat(fault.consequence() == Consequence.DISCOURAGE)
        .isEqualTo(fault.points() == PeerScore.LIMIT_POINTS);
    assertThat(fault.points() == 0).isEqualTo(fault.consequence() == Consequence.DISCONNECT);
  }

  @Test
  void add_smallFaults_addUp() {
    for (int i = 0; i < 9; i++) {
      assertThat(score.add(Misbehaviour.NON_CONNECTING_HEADERS, NOW)).isEqualTo(Consequence.NONE);
    }
    assertThat(score.add(Misbehaviour.NON_CONNECTING_HEADERS, NOW))
        .isEqualTo(Consequence.DISCOURAGE);
  }

  @Test
  void add_smallFaultsFarApart_fade() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(
              score.add(
                  Misbehaviour.NON_CONNECTING_HEADERS, NOW + 10L * i * PeerScore.MILLIS_PER_POINT))
          .isEqualTo(Consequence.NONE);
    }
  }

  @Test
  void points_afterAWhile_areOneAMinuteFewer() {
    score.add(Misbehaviour.FLOOD, NOW);

    assertThat(score.points(NOW + 59_999)).isEqualTo(50);
    assertThat(score.points(NOW + 60_000)).isEqualTo(49);
    assertThat(score.points(NOW)).isEqualTo(49);
    assertThat(score.points(Long.MAX_VALUE)).isZero();
  }

  @Test
  void add_afterDiscouragement_staysDiscouraged() {
    score.add(Misbehaviour.INVALID_BLOCK, NOW);

    assertThat(score.add(Misbehaviour.SILENT, Long.MAX_VALUE)).isEqualTo(Consequence.DISCOURAGE);
  }
}
