package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputTemplateTest {
  private static final Bytes HASH = Bytes.parse("0102030405060708090a0b0c0d0e0f1011121314");
  private static final Bytes KEY = Bytes.of(new byte[32]);

  @Test
  void script_p2pkh_isTheWellKnownOne() {
    assertThat(new PayToPubkeyHash(HASH).script())
        .isEqualTo(Bytes.parse("76a914" + HASH.toHex() + "88ac"));
  }

  @Test
  void script_p2wpkh_isTheWellKnownOne() {
    assertThat(new PayToWitnessPubkeyHash(HASH).script())
        .isEqualTo(Bytes.parse("0014" + HASH.toHex()));
  }

  @Test
  void script_p2tr_isTheWellKnownOne() {
    assertThat(new PayToTaproot(KEY).script()).isEqualTo(Bytes.parse("5120" + KEY.toHex()));
  }

  @Test
  void parse_script_givesTheTemplateBack() {
    assertThat(OutputTemplate.parse(new PayToPubkeyHash(HASH).script()))
        .contains(new PayToPubkeyHash(HASH));
    assertThat(OutputTemplate.parse(new PayToWitnessPubkeyHash(HASH).script()))
        .contains(new PayToWitnessPubkeyHash(HASH));
    assertThat(OutputTemplate.parse(new PayToTaproot(KEY).script()))
        .contains(new PayToTaproot(KEY));
  }

  @ParameterizedTest
  @CsvSource({
    "'',6a00",
    "05,6a55",
    "10,6a60",
    "81,6a4f",
    "00,6a0100",
    "11,6a0111",
    "0102,6a020102"
  })
  void script_shortData_isTheMinimalPush(String data, String script) {
    assertThat(new DataOutput(Bytes.parse(data)).script()).isEqualTo(Bytes.parse(script));
    assertThat(OutputTemplate.parse(Bytes.parse(script)))
        .contains(new DataOutput(Bytes.parse(data)));
  }

  @ParameterizedTest
  @CsvSource({
    "75,6a4b",
    "76,6a4c4c",
    "255,6a4cff",
    "256,6a4d0001",
    "65535,6a4dffff",
    "65536,6a4e00000100",
    "100000,6a4ea0860100"
  })
  void script_longerData_takesTheShortestLength(int length, String prefix) {
    DataOutput output = new DataOutput(Bytes.of(new byte[length]));
    Bytes script = output.script();
    assertThat(script.toHex()).startsWith(prefix + "00");
    assertThat(script.length()).isEqualTo(prefix.length() / 2 + length);
    assertThat(OutputTemplate.parse(script)).contains(output);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "6a",
        "6a0105",
        "6a0181",
        "6a4c00",
        "6a4c0107",
        "6a4d0100aa",
        "6a4e01000000aa",
        "6a4effffffff",
        "6a4c",
        "6a4d01",
        "6a4e010000",
        "6a02aa",
        "6a01aa00",
        "6a5151",
        "6a61",
        "6a50",
        "51",
        "a914000000000000000000000000000000000000000087",
        "0020000000000000000000000000000000000000000000000000000000000000000000",
        "52200000000000000000000000000000000000000000000000000000000000000000",
        "76a91400000000000000000000000000000000000000008800",
      })
  void parse_anyOtherScript_isNoTemplate(String script) {
    assertThat(OutputTemplate.parse(Bytes.parse(script))).isEmpty();
    assertThat(OutputTemplate.isTemplate(Bytes.parse(script))).isFalse();
  }

  @Test
  void parse_pushdataWhereAShorterPushWouldDo_isNoTemplate() {
    String data = "ab".repeat(75);
    assertThat(OutputTemplate.parse(Bytes.parse("6a4c4b" + data))).isEmpty();
    assertThat(OutputTemplate.parse(Bytes.parse("6a4d4c00" + data + "ab"))).isEmpty();
    assertThat(OutputTemplate.parse(Bytes.parse("6a4e00010000" + "ab".repeat(256)))).isEmpty();
  }

  @Test
  void isSpendable_everyTemplate_allButData() {
    assertThat(new PayToPubkeyHash(HASH).isSpendable()).isTrue();
    assertThat(new PayToWitnessPubkeyHash(HASH).isSpendable()).isTrue();
    assertThat(new PayToTaproot(KEY).isSpendable()).isTrue();
    assertThat(new DataOutput(Bytes.EMPTY).isSpendable()).isFalse();
  }

  @Test
  void template_wrongLength_isRefused() {
    assertThatThrownBy(() -> new PayToPubkeyHash(KEY)).hasMessageContaining("got 32");
    assertThatThrownBy(() -> new PayToWitnessPubkeyHash(KEY)).hasMessageContaining("got 32");
    assertThatThrownBy(() -> new PayToTaproot(HASH)).hasMessageContaining("got 20");
  }

  @Test
  void ofScript_noData_isRefused() {
    assertThatThrownBy(() -> DataOutput.ofScript(HASH))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void parse_mutatedScripts_acceptsOnlyWhatScriptMakes() {
    SeededRun.of(20_000, 300)
        .check(
            (random, size) -> {
              Bytes script = Samples.mutated(random, anyTemplate(random, size).script());
              Optional<OutputTemplate> template = OutputTemplate.parse(script);
              assertThat(OutputTemplate.isTemplate(script)).isEqualTo(template.isPresent());
              template.ifPresent(found -> assertThat(found.script()).isEqualTo(script));
            });
  }

  private static OutputTemplate anyTemplate(RandomGenerator random, int size) {
    return switch (random.nextInt(4)) {
      case 0 -> new PayToPubkeyHash(Samples.randomBytes(random, 20));
      case 1 -> new PayToWitnessPubkeyHash(Samples.randomBytes(random, 20));
      case 2 -> new PayToTaproot(Samples.randomBytes(random, 32));
      default -> new DataOutput(Samples.randomBytes(random, random.nextInt(size)));
    };
  }
}
