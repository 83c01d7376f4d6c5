package org.chaincore.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActivationsTest {
  private static final Activations MAINNET = Networks.bitcoinMainnet().activations();

  @ParameterizedTest
  @CsvSource({
    "1, -2147483648", "227930, -2147483648", "227931, 2", "363724, 2",
    "363725, 3", "388380, 3", "388381, 4", "900000, 4"
  })
  void minimumVersion_onMainnet_risesAtTheKnownHeights(int height, int version) {
    assertThat(MAINNET.minimumVersion(height)).isEqualTo(version);
  }

  @Test
  void new_belowOne_isRefusedByName() {
    assertThatThrownBy(() -> new Activations(0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("heightInCoinbase outside 1..2147483647: 0");
    assertThatThrownBy(() -> new Activations(1, -1, 1)).hasMessageStartingWith("strictSignatures");
    assertThatThrownBy(() -> new Activations(1, 1, 0)).hasMessageStartingWith("checkLockTime");
  }
}
