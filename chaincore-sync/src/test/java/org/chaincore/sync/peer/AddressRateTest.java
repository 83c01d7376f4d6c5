package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.chaincore.core.fixture.SeededRun;
import org.junit.jupiter.api.Test;

final class AddressRateTest {
  private final AddressRate rate = AddressRate.of(0);

  @Test
  void accept_atFirst_isOne() {
    assertThat(rate.accept(10, 0)).isEqualTo(1);
    assertThat(rate.accept(10, 0)).isZero();
    assertThat(rate.refused()).isEqualTo(19);
  }

  @Test
  void accept_later_isOneInTenSeconds() {
    rate.accept(1, 0);

    assertThat(rate.accept(10, 9_999)).isZero();
    assertThat(rate.accept(10, 10_000)).isEqualTo(1);
    assertThat(rate.accept(10, 45_000)).isEqualTo(3);
    assertThat(rate.accept(10, 50_000)).isEqualTo(1);
  }

  @Test
  void accept_afterALongTime_isABurstAtMost() {
    assertThat(rate.accept(5_000, Long.MAX_VALUE / 2)).isEqualTo(1_000);
  }

  @Test
  void accept_fewerThanAllowed_keepsTheRest() {
    rate.asked(0);

    assertThat(rate.accept(300, 0)).isEqualTo(300);
    assertThat(rate.accept(1_000, 0)).isEqualTo(701);
  }

  @Test
  void asked_manyTimes_savesTwoAnswersAtMost() {
    for (int i = 0; i < 10; i++) {
      rate.asked(0);
    }

    assertThat(rate.accept(100_000, 0)).isEqualTo(2_000);
  }

  @Test
  void accept_clockGoesBack_earnsNothingTwice() {
    rate.accept(1, 0);
    assertThat(rate.accept(1, 10_000)).isEqualTo(1);
    assertThat(rate.accept(1, 0)).isZero();
    assertThat(rate.accept(1, 10_000)).isZero();
    assertThat(rate.accept(1, 20_000)).isEqualTo(1);
  }

  @Test
  void accept_anyPattern_staysUnderTheRate() {
    SeededRun.of(200, 200)
        .check(
            (random, size) -> {
              AddressRate any = AddressRate.of(0);
              long now = 0;
              long accepted = 0;
              long answers = 0;
              for (int i = 0; i < size; i++) {
                now += random.nextInt(30_000);
                if (random.nextInt(20) == 0) {
                  any.asked(now);
                  answers++;
                }
                accepted += any.accept(random.nextInt(50), now);
              }
              assertThat(accepted)
                  .isLessThanOrEqualTo(
                      1 + now / AddressRate.MILLIS_PER_ADDRESS + answers * AddressRate.BURST);
            });
  }
}
