package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.Vectors;
import org.chaincore.core.script.InvalidAddressException.Reason;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Base58Test {
  @Test
  void encodeAndDecode_bitcoinCoreCases_giveEachOther() {
    Vectors vectors = Vectors.in("addresses");
    int ran = 0;
    for (JsonNode test : vectors.json("base58_encode_decode.json")) {
      Bytes bytes = Bytes.parse(test.get(0).asText());
      assertThat(Base58.encode(bytes)).isEqualTo(test.get(1).asText());
      assertThat(Base58.decode(test.get(1).asText())).isEqualTo(bytes);
      ran++;
    }
    assertThat(ran).isGreaterThan(10);
    vectors.ran("base58_encode_decode.json both ways", ran);
  }

  @Test
  void encode_randomBytes_decodesToTheSame() {
    SeededRun.of(2000, 80)
        .check(
            (random, size) -> {
              byte[] bytes = Samples.randomBytes(random, size).toArray();
              for (int zeros = random.nextInt(4); zeros > 0 && zeros <= size; zeros--) {
                bytes[zeros - 1] = 0;
              }
              assertThat(Base58.decode(Base58.encode(Bytes.of(bytes)))).isEqualTo(Bytes.of(bytes));
            });
  }

  @Test
  void decodeChecked_mutatedTexts_isRefusedOrEncodesBack() {
    SeededRun.of(5000, 40)
        .check(
            (random, size) -> {
              String text = Base58.encodeChecked(size, Samples.randomBytes(random, size));
              String mutated = Samples.mutated(random, text);
              try {
                Bytes decoded = Base58.decodeChecked(mutated);
                Bytes payload = decoded.slice(1, decoded.length());
                assertThat(Base58.encodeChecked(decoded.unsignedAt(0), payload)).isEqualTo(mutated);
              } catch (InvalidAddressException refused) {
                assertThat(refused.reason()).isIn(Reason.CHARACTER, Reason.CHECKSUM, Reason.LENGTH);
              }
            });
  }

  @ParameterizedTest
  @CsvSource({
    "0,CHARACTER",
    "l,CHARACTER",
    "I,CHARACTER",
    "O,CHARACTER",
    "é,CHARACTER",
    "'',LENGTH",
    "1111,LENGTH",
    "11111,CHECKSUM"
  })
  void decodeChecked_wrongText_saysWhy(String text, Reason reason) {
    InvalidAddressException refused =
        catchThrowableOfType(InvalidAddressException.class, () -> Base58.decodeChecked(text));
    assertThat(refused.reason()).isEqualTo(reason);
  }
}
