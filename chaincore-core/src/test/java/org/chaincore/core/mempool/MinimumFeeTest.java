package org.chaincore.core.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import org.chaincore.core.mempool.MinimumFee.Fullness;
import org.junit.jupiter.api.Test;

class MinimumFeeTest {
  private static final Fullness FULL = new Fullness(100, 100);
  private static final int HALF_LIFE = 72 * 10;

  private final MinimumFee fee = new MinimumFee(10, 1_000);

  @Test
  void perKilobyte_nothingEvicted_isZero() {
    assertThat(fee.perKilobyte(0, FULL)).isZero();
  }

  @Test
  void evicted_package_demandsOneStepMore() {
    fee.evicted(FeeRate.of(700, 100), 0, FULL);

    assertThat(fee.perKilobyte(1_000_000, FULL)).isEqualTo(8_000);
  }

  @Test
  void evicted_worseThanBefore_changesNothing() {
    fee.evicted(FeeRate.of(700, 100), 0, FULL);
    fee.evicted(FeeRate.of(300, 100), 0, FULL);

    assertThat(fee.perKilobyte(0, FULL)).isEqualTo(8_000);
  }

  @Test
  void blockConnected_afterwards_halvesEachHalfLife() {
    fee.evicted(FeeRate.of(700, 100), 0, FULL);
    fee.blockConnected(5_000);
    fee.blockConnected(5_600);

    assertThat(fee.perKilobyte(5_000, FULL)).isEqualTo(8_000);
    assertThat(fee.perKilobyte(5_000 + HALF_LIFE / 2, FULL)).isEqualTo(6_000);
    assertThat(fee.perKilobyte(5_000 + HALF_LIFE, FULL)).isEqualTo(4_000);
    assertThat(fee.perKilobyte(5_000 + 4 * HALF_LIFE, FULL)).isEqualTo(500);
    assertThat(fee.perKilobyte(5_010 + 4 * HALF_LIFE, FULL)).isZero();
    assertThat(fee.perKilobyte(Long.MAX_VALUE, FULL)).isZero();
  }

  @Test
  void perKilobyte_emptierMempool_fallsFaster() {
    fee.evicted(FeeRate.of(700, 100), 0, FULL);
    fee.blockConnected(0);

    assertThat(fee.perKilobyte(HALF_LIFE, new Fullness(49, 100))).isEqualTo(2_000);
    assertThat(fee.perKilobyte(HALF_LIFE / 2, new Fullness(24, 100))).isEqualTo(2_000);
  }

  @Test
  void perKilobyte_clockGoesBack_isAsAtTheStart() {
    fee.evicted(FeeRate.of(700, 100), 5_000, FULL);
    fee.blockConnected(5_000);

    assertThat(fee.perKilobyte(0, FULL)).isEqualTo(8_000);
  }

  @Test
  void evicted_whileFalling_stopsTheFallUntilTheNextBlock() {
    fee.evicted(FeeRate.of(700, 100), 0, FULL);
    fee.blockConnected(0);
    fee.evicted(FeeRate.of(500, 100), HALF_LIFE, FULL);

    assertThat(fee.perKilobyte(10 * HALF_LIFE, FULL)).isEqualTo(6_000);
  }

  @Test
  void floorBecomes_demandStillThere_keepsItUpToTheNewHalf() {
    fee.evicted(FeeRate.of(700, 100), 0, FULL);
    fee.blockConnected(0);
    fee.floorBecomes(100, 4 * HALF_LIFE, FULL);

    assertThat(fee.perKilobyte(4 * HALF_LIFE, FULL)).isEqualTo(500);
    assertThat(fee.perKilobyte(6 * HALF_LIFE, FULL)).isEqualTo(125);
    assertThat(fee.perKilobyte(8 * HALF_LIFE, FULL)).isZero();
  }

  @Test
  void floorBecomes_demandGone_doesNotBringItBack() {
    fee.evicted(FeeRate.of(700, 100), 0, FULL);
    fee.blockConnected(0);
    fee.floorBecomes(0, 5 * HALF_LIFE, FULL);

    assertThat(fee.perKilobyte(5 * HALF_LIFE, FULL)).isZero();
    assertThat(fee.perKilobyte(0, FULL)).isZero();
  }

  @Test
  void floorBecomes_higher_isTheStepOfTheNextEviction() {
    fee.floorBecomes(5_000, 0, FULL);
    fee.evicted(FeeRate.of(700, 100), 0, FULL);

    assertThat(fee.perKilobyte(0, FULL)).isEqualTo(12_000);
  }

  @Test
  void evicted_noFloor_stillDemandsMore() {
    MinimumFee free = new MinimumFee(10, 0);
    free.evicted(FeeRate.of(0, 100), 0, FULL);

    assertThat(free.perKilobyte(0, FULL)).isEqualTo(1);
  }
}
