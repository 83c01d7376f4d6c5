package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Locale;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.script.InvalidAddressException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The strings are the test vectors of BIP173 and BIP350. */
class Bech32Test {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "A12UEL5L",
        "a12uel5l",
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
        "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        "11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j",
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
        "?1ezyfcl",
      })
  void decode_bip173Valid_encodesBack(String text) {
    Bech32 decoded = Bech32.decode(text);
    assertThat(decoded.variant()).isEqualTo(Bech32.Variant.BECH32);
    assertThat(decoded.encode()).isEqualTo(text.toLowerCase(Locale.ROOT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A1LQFN3A",
        "a1lqfn3a",
        "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
        "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
        "11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8",
        "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
        "?1v759aa",
      })
  void decode_bip350Valid_encodesBack(String text) {
    Bech32 decoded = Bech32.decode(text);
    assertThat(decoded.variant()).isEqualTo(Bech32.Variant.BECH32M);
    assertThat(decoded.encode()).isEqualTo(text.toLowerCase(Locale.ROOT));
  }

  @ParameterizedTest
  @CsvSource({
    "' 1nwldj5',CHARACTER",
    "\u007f1axkwrx,CHARACTER",
    "\u00801eym55h,CHARACTER",
    "an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1569pvx,LENGTH",
    "pzry9x0s0muk,CHARACTER",
    "1pzry9x0s0muk,LENGTH",
    "x1b4n0q5v,CHARACTER",
    "li1dgmt3,LENGTH",
    "de1lg7wt\u00ff,CHARACTER",
    "A1G7SGD8,CHECKSUM",
    "10a06t8,LENGTH",
    "1qzzfhee,LENGTH",
    "' 1xj0phk',CHARACTER",
    "\u007f1g6xzxy,CHARACTER",
    "\u00801vctc34,CHARACTER",
    "an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4,LENGTH",
    "qyrz8wqd2c9m,CHARACTER",
    "1qyrz8wqd2c9m,LENGTH",
    "y1b0jsk6g,CHARACTER",
    "lt1igcx5c0,CHARACTER",
    "in1muywd,LENGTH",
    "mm1crxm3i,CHARACTER",
    "au1s5cgom,CHARACTER",
    "M1VUXWEZ,CHECKSUM",
    "16plkw9,LENGTH",
    "1p2gdwpf,LENGTH",
    "A12uEL5L,MIXED_CASE",
    "'',CHARACTER",
  })
  void decode_invalid_saysWhy(String text, Reason reason) {
    InvalidAddressException refused =
        catchThrowableOfType(InvalidAddressException.class, () -> Bech32.decode(text));
    assertThat(refused.reason()).isEqualTo(reason);
  }

  @Test
  void toGroups_randomBytes_readBackTheSame() {
    SeededRun.of(2000, 40)
        .check(
            (random, size) -> {
              var bytes = Samples.randomBytes(random, size);
              var groups = Bech32.toGroups(3, bytes);
              Bech32 encoded = new Bech32("x", groups, Bech32.Variant.BECH32M);
              assertThat(groups.at(0)).isEqualTo((byte) 3);
              assertThat(encoded.bytesFrom(1)).isEqualTo(bytes);
              assertThat(Bech32.decode(encoded.encode())).isEqualTo(encoded);
            });
  }
}
