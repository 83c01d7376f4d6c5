package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.curve.Scalars;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EcdsaSignatureTest {
  private static final BigInteger HALF = Scalars.ORDER.shiftRight(1);

  @Test
  void toDer_smallNumbers_isTheShortest() {
    EcdsaSignature signature = EcdsaSignature.of(BigInteger.ONE, BigInteger.valueOf(0x80));
    assertThat(signature.toDer()).isEqualTo(Bytes.parse("300702010102020080"));
    assertThat(EcdsaSignature.parseDer(signature.toDer())).isEqualTo(signature);
    assertThat(signature)
        .hasToString("300702010102020080")
        .hasSameHashCodeAs(EcdsaSignature.of(BigInteger.ONE, BigInteger.valueOf(0x80)));
  }

  @ParameterizedTest
  @CsvSource({
    "'',bytes",
    "30050201010201,bytes",
    "3106020101020101,not a DER sequence",
    "3007020101020101,declared",
    "3006030101020101,r at offset 2: not a DER integer",
    "3006020101030101,s at offset 5: not a DER integer",
    "3006020001020101,r at offset 3: length",
    "3006020701020101,r at offset 3: length",
    "3006020101020001,s at offset 6: length",
    "3006020101020201,s at offset 6: length",
    "300602010102010100,declared",
    "300702010102010100,behind s",
    "3006020181020101,r at offset 4: negative",
    "3006020101020181,s at offset 7: negative",
    "300702020001020101,r at offset 4: padded",
    "300702010102020001,s at offset 7: padded",
    "3006020100020101,r at offset 2: outside 1..n-1",
    "3006020101020100,s at offset 5: outside 1..n-1",
    "3006020401010101,s at offset 8: not a DER integer",
    "3006020301010101,s at offset 7: not a DER integer",
  })
  void parseDer_malformed_namesThePlace(String der, String message) {
    assertThatThrownBy(() -> EcdsaSignature.parseDer(Bytes.parse(der)))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessageContaining(message);
  }

  @Test
  void parseDer_numbersTooLarge_areRefused() {
    String order = "02" + "21" + "00" + Bytes.of(ScalarBytes.of(Scalars.ORDER)).toHex();
    assertThatThrownBy(() -> EcdsaSignature.parseDer(Bytes.parse("3026" + order + "020101")))
        .hasMessageContaining("signature r at offset 2: outside");
    assertThatThrownBy(() -> EcdsaSignature.parseDer(Bytes.parse("3026" + "020101" + order)))
        .hasMessageContaining("signature s at offset 5: outside");
    assertThatThrownBy(
            () -> EcdsaSignature.parseDer(Bytes.parse("30260221" + "01".repeat(33) + "020101")))
        .hasMessageContaining("outside");
    assertThatThrownBy(
            () ->
                EcdsaSignature.parseDer(
                    Bytes.parse("3047" + "0222" + "01".repeat(34) + "0221" + "01".repeat(33))))
        .hasMessageContaining("73 bytes");
  }

  @Test
  void isLowS_aroundHalfTheOrder_changesBehindIt() {
    EcdsaSignature low = EcdsaSignature.of(BigInteger.ONE, HALF);
    EcdsaSignature high = EcdsaSignature.of(BigInteger.ONE, HALF.add(BigInteger.ONE));
    assertThat(low.isLowS()).isTrue();
    assertThat(high.isLowS()).isFalse();
    assertThat(high.toLowS()).isEqualTo(low);
    assertThat(low.toLowS()).isSameAs(low);
    assertThat(low).isNotEqualTo(high).isNotEqualTo("text");
  }

  @Test
  void ofCompact_outOfRange_isRefused() {
    assertThatThrownBy(() -> EcdsaSignature.ofCompact(Bytes.of(new byte[64])))
        .hasMessageContaining("outside");
    assertThatThrownBy(() -> EcdsaSignature.ofCompact(Bytes.of(new byte[63])))
        .hasMessageContaining("got 63");
    Bytes one = Bytes.of(ScalarBytes.of(BigInteger.ONE));
    Bytes order = Bytes.of(ScalarBytes.of(Scalars.ORDER));
    assertThatThrownBy(() -> EcdsaSignature.ofCompact(Samples.join(one, order)))
        .hasMessageContaining("outside");
    EcdsaSignature ones = EcdsaSignature.ofCompact(Samples.join(one, one));
    assertThat(ones.toCompact()).isEqualTo(Samples.join(one, one));
    assertThat(ones.r()).isEqualTo(BigInteger.ONE);
  }

  @Test
  void parseDer_mutatedSignatures_acceptsOnlyWhatToDerMakes() {
    SeededRun.of(20_000, 256)
        .check(
            (random, size) -> {
              BigInteger r =
                  ScalarBytes.read(Samples.randomBytes(random, 1 + size / 8 % 32).toArray());
              BigInteger s = ScalarBytes.read(Samples.randomBytes(random, 1 + size % 32).toArray());
              EcdsaSignature signature =
                  EcdsaSignature.of(
                      r.mod(HALF).add(BigInteger.ONE), s.mod(HALF).add(BigInteger.ONE));
              assertThat(EcdsaSignature.parseDer(signature.toDer())).isEqualTo(signature);
              Bytes mutated = Samples.mutated(random, signature.toDer());
              try {
                assertThat(EcdsaSignature.parseDer(mutated).toDer()).isEqualTo(mutated);
              } catch (MalformedBytesException refused) {
                assertThat(refused.field()).startsWith("signature");
              }
            });
  }
}
