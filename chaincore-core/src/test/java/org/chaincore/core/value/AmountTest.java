package org.chaincore.core.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountTest {
  @Test
  void of_endsOfTheRange_areAmounts() {
    assertThat(Amount.of(0)).isEqualTo(Amount.ZERO);
    assertThat(Amount.of(2_100_000_000_000_000L)).isEqualTo(Amount.MAX);
    assertThat(Amount.ofCoins(21_000_000)).isEqualTo(Amount.MAX);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, 2_100_000_000_000_001L, Long.MAX_VALUE})
  void of_outsideTheRange_throwsWithTheValue(long units) {
    assertThat(Amount.isValid(units)).isFalse();
    assertThatThrownBy(() -> Amount.of(units))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(": " + units);
  }

  @Test
  void ofCoins_moreThanALongHolds_throws() {
    assertThatThrownBy(() -> Amount.ofCoins(Long.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void plus_withinTheRange_adds() {
    assertThat(Amount.of(3).plus(Amount.of(4))).isEqualTo(Amount.of(7));
  }

  @Test
  void plus_beyondTheRange_throws() {
    assertThatThrownBy(() -> Amount.MAX.plus(Amount.of(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Amount.MAX.plus(Amount.MAX))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void minus_more_throws() {
    assertThat(Amount.of(4).minus(Amount.of(4))).isEqualTo(Amount.ZERO);
    assertThatThrownBy(() -> Amount.of(3).minus(Amount.of(4)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void compareTo_orders() {
    assertThat(Amount.of(3)).isLessThan(Amount.of(4)).isGreaterThan(Amount.ZERO);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 100000000",
    "0.00000001, 1",
    ".5, 50000000",
    "7., 700000000",
    "21000000, 2100000000000000",
    "20999999.99999999, 2099999999999999",
    "1.10, 110000000",
    "0.100000000000, 10000000"
  })
  void parseCoins_decimal_isItsUnits(String coins, long units) {
    assertThat(Amount.parseCoins(coins)).isEqualTo(Amount.of(units));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "1.1.1",
        "-1",
        "+1",
        "1e8",
        "0.000000001",
        "21000000.00000001",
        "1,5",
        " 1",
        "\u0661",
        "99999999999999999999999999999999999999",
        "0x10",
        "00000000000000000000000000000000000000001"
      })
  void parseCoins_anythingElse_throws(String coins) {
    assertThatThrownBy(() -> Amount.parseCoins(coins)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void toString_hasEightPlaces() {
    assertThat(Amount.of(1)).hasToString("0.00000001");
    assertThat(Amount.MAX).hasToString("21000000.00000000");
    assertThat(Amount.parseCoins(Amount.of(123_456_789_012L).toCoins()).units())
        .isEqualTo(123_456_789_012L);
  }
}
