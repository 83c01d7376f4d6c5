package org.chaincore.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chaincore.core.value.Amount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmissionTest {
  private static final Emission BITCOIN = Networks.bitcoinMainnet().emission();

  @ParameterizedTest
  @CsvSource({
    "0, 5000000000",
    "209999, 5000000000",
    "210000, 2500000000",
    "420000, 1250000000",
    "6719999, 2",
    "6720000, 1",
    "6929999, 1",
    "6930000, 0",
    "13230000, 0",
    "13440000, 0",
    "13650000, 0",
    "2147483647, 0"
  })
  void subsidy_onMainnet_halvesUntilNothingIsLeft(int height, long units) {
    assertThat(BITCOIN.subsidy(height).units()).isEqualTo(units);
  }

  @Test
  void subsidy_ofAllBlocks_isJustBelow21MillionCoins() {
    long total = 0;
    for (int era = 0; era < 64; era++) {
      total += 210_000 * BITCOIN.subsidy(era * 210_000).units();
    }
    assertThat(total).isEqualTo(2_099_999_997_690_000L);
  }

  @Test
  void subsidy_halvedEveryBlock_neverWrapsTheShift() {
    Emission fast = new Emission(Amount.MAX, 1, 1);

    assertThat(fast.subsidy(50).units()).isEqualTo(1);
    assertThat(fast.subsidy(51)).isEqualTo(Amount.ZERO);
    assertThat(fast.subsidy(63)).isEqualTo(Amount.ZERO);
    assertThat(fast.subsidy(64)).isEqualTo(Amount.ZERO);
    assertThat(fast.subsidy(128)).isEqualTo(Amount.ZERO);
  }

  @Test
  void new_outOfRange_isRefusedByName() {
    assertThatThrownBy(() -> new Emission(Amount.ZERO, 0, 1))
        .hasMessage("halvingIntervalBlocks outside 1..2147483647: 0");
    assertThatThrownBy(() -> new Emission(Amount.ZERO, 1, 0))
        .hasMessage("coinbaseMaturityBlocks outside 1..100000: 0");
    assertThatThrownBy(() -> new Emission(Amount.ZERO, 1, 100_001))
        .hasMessage("coinbaseMaturityBlocks outside 1..100000: 100001");
  }
}
