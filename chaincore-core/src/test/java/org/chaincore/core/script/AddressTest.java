package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Locale;
import java.util.random.RandomGenerator;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.script.InvalidAddressException.Reason;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The witness addresses are the test vectors of BIP173 and BIP350. */
class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4,0014751e76e8199196d454941c45d1b3a323f1433bd6",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0,512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
    "tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c,5120000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433",
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2,76a91477bff20c60e522dfaa3350c39b030a5d004e839a88ac",
    "mrX9vMRYLfVy1BnZbc5gZjuyaqH3ZW2ZHz,76a91478b316a08647d5b77283e512d3603f1f1c8de68f88ac",
  })
  void parse_valid_isItsScript(String text, String script) {
    AddressFormat format = text.matches("[tm].*") ? Samples.TESTNET : Samples.MAINNET;
    Address address = Address.parse(text, format);
    assertThat(address.script()).isEqualTo(Bytes.parse(script));
    boolean segwit = text.toLowerCase(Locale.ROOT).startsWith(format.segwitPrefix() + "1");
    assertThat(address).hasToString(segwit ? text.toLowerCase(Locale.ROOT) : text);
  }

  @ParameterizedTest
  @CsvSource({
    // Valid by the BIPs, but nothing that these networks can spend.
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7,SCRIPT_HASH",
    "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y,LENGTH",
    "BC1SW50QGDZ25J,WITNESS_VERSION",
    "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs,WITNESS_VERSION",
    "tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy,SCRIPT_HASH",
    // Invalid by BIP350.
    "tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut,WRONG_NETWORK",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd,CHECKSUM",
    "tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf,CHECKSUM",
    "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL,CHECKSUM",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh,CHECKSUM",
    "tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47,CHECKSUM",
    "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4,CHARACTER",
    "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R,WITNESS_VERSION",
    "bc1pw5dgrnzv,LENGTH",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav,LENGTH",
    "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P,LENGTH",
    "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq,MIXED_CASE",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf,PADDING",
    "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j,PADDING",
    "bc1gmk9yu,LENGTH",
    // Invalid by BIP173; witness versions above 0 have had another checksum since BIP350.
    "tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty,WRONG_NETWORK",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5,CHECKSUM",
    "BC13W508D6QEJXTDG4Y5R3ZARVARY0C5XW7KN40WF2,WITNESS_VERSION",
    "bc1rw5uspcuh,CHECKSUM",
    "bc10w508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kw5rljs90,CHECKSUM",
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sL5k7,MIXED_CASE",
    "bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du,CHECKSUM",
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3pjxtptv,PADDING",
    // Base58.
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy,SCRIPT_HASH",
    "mrX9vMRYLfVy1BnZbc5gZjuyaqH3ZW2ZHz,WRONG_NETWORK",
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3,CHECKSUM",
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVNl,CHARACTER",
    "1BvBMSEYstWe,CHECKSUM",
    "'',LENGTH",
    "bc1,LENGTH",
    "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ,MIXED_CASE",
  })
  void parse_invalid_saysWhy(String text, Reason reason) {
    AddressFormat format = text.startsWith("tb1") ? Samples.TESTNET : Samples.MAINNET;
    InvalidAddressException refused =
        catchThrowableOfType(InvalidAddressException.class, () -> Address.parse(text, format));
    assertThat(refused).as(text).isNotNull();
    assertThat(refused.reason()).as(refused.getMessage()).isEqualTo(reason);
  }

  @Test
  void parse_base58OfAnotherLength_isRefused() {
    String text = Base58.encodeChecked(0, Bytes.of(new byte[19]));
    assertThatThrownBy(() -> Address.parse(text, Samples.MAINNET))
        .isInstanceOf(InvalidAddressException.class)
        .hasMessageContaining("19 bytes");
  }

  @Test
  void parse_base58ThatBeginsLikeASegwitAddress_isRead() {
    // A network whose segwit prefix happens to be how one of its P2PKH addresses begins.
    PayToPubkeyHash template = new PayToPubkeyHash(Bytes.of(new byte[20]));
    String text = new Address(new AddressFormat(0, 5, 128, "x"), template).toString();
    AddressFormat format = new AddressFormat(0, 5, 128, "11");
    assertThat(text).startsWith("111");
    assertThat(Address.parse(text, format).template()).isEqualTo(template);
  }

  @Test
  void parse_text_isNotRepeatedInTheMessage() {
    String wif = Samples.key(1).toWif(Samples.MAINNET);
    assertThatThrownBy(() -> Address.parse(wif, Samples.MAINNET))
        .hasMessageNotContaining(wif.substring(0, 10));
  }

  @Test
  void parse_mutatedAddresses_isRefusedOrTheSameText() {
    SeededRun.of(20_000, 10)
        .check(
            (random, size) -> {
              String text = anyAddress(random).toString();
              assertThat(Address.parse(text, Samples.MAINNET)).hasToString(text);
              String mutated = Samples.mutated(random, text);
              try {
                assertThat(Address.parse(mutated, Samples.MAINNET).toString())
                    .isEqualToIgnoringCase(mutated);
              } catch (InvalidAddressException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
              }
            });
  }

  private static Address anyAddress(RandomGenerator random) {
    SpendableTemplate template =
        switch (random.nextInt(3)) {
          case 0 -> new PayToPubkeyHash(Samples.randomBytes(random, 20));
          case 1 -> new PayToWitnessPubkeyHash(Samples.randomBytes(random, 20));
          default -> new PayToTaproot(Samples.randomBytes(random, 32));
        };
    return new Address(Samples.MAINNET, template);
  }

  @Test
  void format_outOfRange_isRefused() {
    assertThatThrownBy(() -> new AddressFormat(256, 5, 128, "bc")).hasMessageContaining("256");
    assertThatThrownBy(() -> new AddressFormat(0, -1, 128, "bc")).hasMessageContaining("-1");
    assertThatThrownBy(() -> new AddressFormat(5, 5, 128, "bc")).hasMessageContaining("share");
    assertThatThrownBy(() -> new AddressFormat(0, 5, 128, "")).hasMessageContaining("0 characters");
    assertThatThrownBy(() -> new AddressFormat(0, 5, 128, "b".repeat(41)))
        .hasMessageContaining("41 characters");
    assertThatThrownBy(() -> new AddressFormat(0, 5, 128, "Bc")).hasMessageContaining("Bc");
    assertThatThrownBy(() -> new AddressFormat(0, 5, 128, "b c")).hasMessageContaining("b c");
  }
}
