package org.chaincore.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoinbaseScriptTest {
  @ParameterizedTest
  @CsvSource({
    "0, 00aa",
    "1, 51aa",
    "16, 60aa",
    "17, 0111aa",
    "127, 017faa",
    "128, 028000aa",
    "255, 02ff00aa",
    "256, 020001aa",
    "32767, 02ff7faa",
    "32768, 03008000aa",
    "8388607, 03ffff7faa",
    "8388608, 0400008000aa",
    "2147483647, 04ffffff7faa"
  })
  void of_heights_pushesThemAsScriptNumbers(int height, String script) {
    assertThat(CoinbaseScript.of(height, Bytes.parse("aa")).toHex()).isEqualTo(script);
  }

  @ParameterizedTest
  @CsvSource({"0, 0000", "1, 5100", "16, 6000", "17, 0111", "300025, 03f99304"})
  void of_heightAlone_isPaddedToTwoBytes(int height, String script) {
    assertThat(CoinbaseScript.of(height, Bytes.EMPTY).toHex()).isEqualTo(script);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 17, 127, 128, 32_767, 32_768, 8_388_608})
  void beginsWithHeight_ofItsOwnScript_isTrueForThatHeightOnly(int height) {
    Bytes script = CoinbaseScript.of(height, Bytes.parse("0102"));

    assertThat(CoinbaseScript.beginsWithHeight(script, height)).isTrue();
    assertThat(CoinbaseScript.beginsWithHeight(script, height + 1)).isFalse();
    assertThat(CoinbaseScript.beginsWithHeight(script, height + 256)).isFalse();
  }

  @Test
  void beginsWithHeight_ofAScriptShorterThanThePush_isFalse() {
    assertThat(CoinbaseScript.beginsWithHeight(Bytes.parse("0111"), 17)).isTrue();
    assertThat(CoinbaseScript.beginsWithHeight(Bytes.parse("01"), 17)).isFalse();
    assertThat(CoinbaseScript.beginsWithHeight(Bytes.EMPTY, 1)).isFalse();
  }

  @Test
  void beginsWithHeight_ofANumberThatIsNotMinimal_isFalse() {
    assertThat(CoinbaseScript.beginsWithHeight(Bytes.parse("0101"), 1)).isFalse();
    assertThat(CoinbaseScript.beginsWithHeight(Bytes.parse("02110000"), 17)).isFalse();
  }
}
