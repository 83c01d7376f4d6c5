package org.chaincore.core.mempool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.chaincore.core.fixture.SeededRun;
import org.junit.jupiter.api.Test;

class FeeRateTest {
  @Test
  void compareTo_sameQuotient_isEqual() {
    assertThat(FeeRate.of(1, 3)).isEqualByComparingTo(FeeRate.of(3, 9));
  }

  @Test
  void compareTo_differenceBelowDoublePrecision_isSeen() {
    FeeRate a = FeeRate.of(9_007_199_254_740_993L, 9_007_199_254_740_992L);
    FeeRate b = FeeRate.of(9_007_199_254_740_992L, 9_007_199_254_740_991L);

    assertThat(a).isLessThan(b);
  }

  @Test
  void compareTo_anyTwo_isThatOfTheExactFractions() {
    SeededRun.of(2_000, 62)
        .check(
            (random, bits) -> {
              long unitsA = random.nextLong(1L << bits);
              long unitsB = random.nextLong(1L << bits);
              long bytesA = 1 + random.nextLong(1L << bits);
              long bytesB = 1 + random.nextLong(1L << bits);
              BigInteger left = BigInteger.valueOf(unitsA).multiply(BigInteger.valueOf(bytesB));
              BigInteger right = BigInteger.valueOf(unitsB).multiply(BigInteger.valueOf(bytesA));

              assertThat(
                      Integer.signum(
                          FeeRate.of(unitsA, bytesA).compareTo(FeeRate.of(unitsB, bytesB))))
                  .isEqualTo(left.compareTo(right));
            });
  }

  @Test
  void unitsPerKilobyte_fraction_isRoundedUp() {
    assertThat(FeeRate.of(10, 3).unitsPerKilobyte()).isEqualTo(3_334);
    assertThat(FeeRate.perKilobyte(1_000).unitsPerKilobyte()).isEqualTo(1_000);
  }

  @Test
  void of_noRoomOrNegativeFee_throws() {
    assertThatThrownBy(() -> FeeRate.of(1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FeeRate.of(-1, 1)).hasMessageContaining("-1 units");
  }

  @Test
  void toString_saysBoth() {
    assertThat(FeeRate.of(5, 2)).hasToString("5 units for 2 vB");
  }
}
