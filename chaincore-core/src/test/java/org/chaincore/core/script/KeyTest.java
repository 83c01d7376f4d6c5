package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.script.InvalidAddressException.Reason;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTest {
  private static final String ONE =
      "0000000000000000000000000000000000000000000000000000000000000001";
  private static final String ORDER =
      "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
  private static final String G =
      "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
  private static final String G_Y =
      "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";

  private static PrivateKey key(String hex) {
    return PrivateKey.of(Bytes.parse(hex).toArray());
  }

  @Test
  void publicKey_ofOne_isTheGenerator() {
    assertThat(key(ONE).publicKey()).hasToString("02" + G);
    assertThat(key(ONE).uncompressedPublicKey()).hasToString("04" + G + G_Y);
    assertThat(key(ONE).publicKey().xOnly()).hasToString(G);
    // The P2PKH and P2WPKH hash of the generator, as in BIP173.
    assertThat(key(ONE).publicKey().hash160())
        .isEqualTo(Bytes.parse("751e76e8199196d454941c45d1b3a323f1433bd6"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "01",
        "0000000000000000000000000000000000000000000000000000000000000000",
        ORDER,
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        ONE + "00",
      })
  void of_noPrivateKey_isRefusedWithoutShowingIt(String hex) {
    assertThatThrownBy(() -> key(hex))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("ffff")
        .hasMessageNotContaining("0000");
  }

  @Test
  void of_largest_isAKey() {
    PrivateKey largest = key("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140");
    assertThat(largest.publicKey()).hasToString("03" + G);
  }

  @Test
  void ofSeed_sameSeed_givesTheSameKey() {
    byte[] seed = new byte[32];
    seed[31] = 9;
    assertThat(PrivateKey.ofSeed(seed).publicKey()).isEqualTo(PrivateKey.ofSeed(seed).publicKey());
    byte[] other = new byte[32];
    assertThat(PrivateKey.ofSeed(other).publicKey())
        .isNotEqualTo(PrivateKey.ofSeed(seed).publicKey());
    assertThatThrownBy(() -> PrivateKey.ofSeed(new byte[31])).hasMessageContaining("31");
  }

  @Test
  void toString_keys_neverShowTheSecret() {
    KeyPair pair = Samples.key(5);
    String secret = Bytes.of(pair.privateKey().toSecretBytes()).toHex();
    assertThat(pair.privateKey().toString()).doesNotContain(secret.substring(0, 8));
    assertThat(pair.toString())
        .doesNotContain(secret.substring(0, 8))
        .contains(pair.publicKey().toString());
    assertThat(String.valueOf(pair.privateKey().scalar())).isNotEmpty();
  }

  @Test
  void destroy_key_cannotBeUsedAgain() {
    PrivateKey key = key(ONE);
    assertThat(key.isDestroyed()).isFalse();
    key.destroy();
    assertThat(key.isDestroyed()).isTrue();
    assertThatThrownBy(key::publicKey).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(key::toSecretBytes).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void publicKey_encoding_isCheckedByLengthAndPrefix() {
    assertThat(PublicKey.of(Bytes.parse("03" + G)).isCompressed()).isTrue();
    assertThat(PublicKey.of(Bytes.parse("04" + G + G_Y)).isCompressed()).isFalse();
    assertThatThrownBy(() -> PublicKey.of(Bytes.parse("04" + G))).hasMessageContaining("04" + G);
    assertThatThrownBy(() -> PublicKey.of(Bytes.parse("05" + G)));
    assertThatThrownBy(() -> PublicKey.of(Bytes.parse("02" + G + G_Y)));
    assertThatThrownBy(() -> PublicKey.of(Bytes.parse("06" + G + G_Y)));
    assertThatThrownBy(() -> PublicKey.of(Bytes.EMPTY));
  }

  @Test
  void isOnCurve_keys_tellsPointsFromOthers() {
    String noPoint = "0000000000000000000000000000000000000000000000000000000000000005";
    String field = "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f";
    assertThat(PublicKey.of(Bytes.parse("02" + G)).isOnCurve()).isTrue();
    assertThat(PublicKey.of(Bytes.parse("04" + G + G_Y)).isOnCurve()).isTrue();
    assertThat(PublicKey.of(Bytes.parse("02" + noPoint)).isOnCurve()).isFalse();
    assertThat(PublicKey.of(Bytes.parse("02" + field)).isOnCurve()).isFalse();
    assertThat(PublicKey.of(Bytes.parse("04" + G + G)).isOnCurve()).isFalse();
    assertThat(new XOnlyPublicKey(Bytes.parse(G)).isOnCurve()).isTrue();
    assertThat(new XOnlyPublicKey(Bytes.parse(noPoint)).isOnCurve()).isFalse();
    assertThatThrownBy(() -> new XOnlyPublicKey(Bytes.parse(noPoint)).taprootOutputKey())
        .hasMessageContaining(noPoint);
    assertThatThrownBy(() -> new XOnlyPublicKey(Bytes.parse("00"))).hasMessageContaining("got 1");
  }

  @Test
  void taprootOutputKey_privateAndPublic_belongTogether() {
    SeededRun.of(50, 50)
        .check(
            (random, size) -> {
              KeyPair pair = Samples.key(size);
              assertThat(pair.privateKey().taprootOutputKey().publicKey().xOnly())
                  .isEqualTo(pair.publicKey().xOnly().taprootOutputKey());
              assertThat(pair.payToTaproot().outputKey())
                  .isEqualTo(pair.publicKey().xOnly().taprootOutputKey().x());
            });
  }

  @Test
  void parseWif_wellKnown_isReadAndWritten() {
    // The examples of the format's own description on the Bitcoin wiki.
    String wif = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ";
    KeyPair pair = KeyPair.parseWif(wif, Samples.MAINNET);
    assertThat(Bytes.of(pair.privateKey().toSecretBytes()).toHex())
        .isEqualTo("0c28fca386c7a227600b2fe50b7cae11ec86d3bf1fbe471be89827e19d72aa1d");
    assertThat(pair.publicKey().isCompressed()).isFalse();
    assertThat(pair.toWif(Samples.MAINNET)).isEqualTo(wif);
    assertThatThrownBy(pair::payToWitnessPubkeyHash).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void parseWif_compressed_isReadAndWritten() {
    KeyPair pair = KeyPair.of(key(ONE));
    String wif = "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn";
    assertThat(pair.toWif(Samples.MAINNET)).isEqualTo(wif);
    assertThat(KeyPair.parseWif(wif, Samples.MAINNET).publicKey()).isEqualTo(pair.publicKey());
  }

  @Test
  void parseWif_wrongTexts_areRefusedByReason() {
    byte[] order = Bytes.parse(ORDER).toArray();
    byte[] badMark = Arrays.copyOf(Bytes.parse(ONE).toArray(), 33);
    badMark[32] = 2;
    assertReason(Samples.key(1).toWif(Samples.TESTNET), Reason.WRONG_NETWORK);
    assertReason(Base58.encodeChecked(128, Bytes.of(order)), Reason.KEY);
    assertReason(Base58.encodeChecked(128, Bytes.of(badMark)), Reason.LENGTH);
    assertReason(Base58.encodeChecked(128, Bytes.of(new byte[31])), Reason.LENGTH);
    assertReason("1".repeat(54), Reason.LENGTH);
    assertReason("KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWm", Reason.CHECKSUM);
    assertReason("KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHno0n", Reason.CHARACTER);
  }

  private static void assertReason(String text, Reason reason) {
    InvalidAddressException refused =
        catchThrowableOfType(
            InvalidAddressException.class, () -> KeyPair.parseWif(text, Samples.MAINNET));
    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused).hasMessageNotContaining(text.substring(0, 8)).hasNoCause();
  }

  @Test
  void parseWif_mutatedTexts_isRefusedOrTheSameText() {
    SeededRun.of(2000, 100)
        .check(
            (random, size) -> {
              String text = Samples.key(size).toWif(Samples.MAINNET);
              String mutated = Samples.mutated(random, text);
              try {
                KeyPair read = KeyPair.parseWif(mutated, Samples.MAINNET);
                assertThat(read.toWif(Samples.MAINNET)).isEqualTo(mutated);
              } catch (InvalidAddressException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
              }
            });
  }
}
