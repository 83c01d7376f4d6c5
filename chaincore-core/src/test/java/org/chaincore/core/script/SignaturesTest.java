package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bouncycastle.math.ec.ECPoint;
import org.chaincore.core.curve.Scalars;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.Vectors;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All implementations of the two ports, against the vectors and against each other. */
class SignaturesTest {
  private static final BouncyCastleSignatures BOUNCY_CASTLE = new BouncyCastleSignatures();
  private static final JavaSignatures OWN = new JavaSignatures();
  private static final NativeSignatures NATIVE = NativeSignatures.load().orElseThrow();

  @Test
  void verifySchnorr_bip340Vectors_allAnswerAsExpected() {
    Vectors vectors = Vectors.in("signatures-bip143-340-341");
    int ran = 0;
    int notByNative = 0;
    for (String line : vectors.lines("bip340-test-vectors.csv")) {
      if (line.startsWith("index")) {
        continue;
      }
      String[] row = line.split(",", -1);
      XOnlyPublicKey key = new XOnlyPublicKey(Bytes.parse(row[2]));
      Bytes message = Bytes.parse(row[4]);
      Bytes signature = Bytes.parse(row[5]);
      boolean expected = row[6].equals("TRUE");
      assertThat(BOUNCY_CASTLE.verifySchnorr(key, signature, message)).as(line).isEqualTo(expected);
      assertThat(OWN.verifySchnorr(key, signature, message)).as(line).isEqualTo(expected);
      assertThat(NATIVE.verifySchnorr(key, signature, message)).as(line).isEqualTo(expected);
      if (!row[1].isEmpty()) {
        assertSigns(row, message, signature);
      }
      notByNative += message.length() == 32 ? 0 : 1;
      ran++;
    }
    assertThat(ran).isEqualTo(19);
    vectors.ran("bip340-test-vectors.csv by BouncyCastle", ran);
    vectors.ran("bip340-test-vectors.csv by our own arithmetic", ran);
    vectors.ran(
        "bip340-test-vectors.csv by libsecp256k1",
        ran - notByNative,
        notByNative,
        "its binding takes messages of 32 bytes only; our own arithmetic answers for others");
  }

  private static void assertSigns(String[] row, Bytes message, Bytes signature) {
    PrivateKey secret = PrivateKey.of(Bytes.parse(row[1]).toArray());
    Bytes aux = Bytes.parse(row[3]);
    assertThat(secret.publicKey().xOnly().x()).isEqualTo(Bytes.parse(row[2]));
    assertThat(BOUNCY_CASTLE.signSchnorrAnyLength(secret, message, aux)).isEqualTo(signature);
    if (message.length() == 32) {
      assertThat(BOUNCY_CASTLE.signSchnorr(secret, message, aux)).isEqualTo(signature);
      assertThat(NATIVE.signSchnorr(secret, message, aux)).isEqualTo(signature);
    }
  }

  @Test
  void taproot_bip341Wallet_keysAddressesAndSignaturesAlike() {
    Vectors vectors = Vectors.in("signatures-bip143-340-341");
    JsonNode wallet = vectors.json("bip341-wallet-test-vectors.json");
    int ran = 0;
    for (JsonNode test : wallet.get("scriptPubKey")) {
      Bytes root = TaprootWallet.optional(test.get("intermediary").get("merkleRoot"));
      XOnlyPublicKey internal =
          new XOnlyPublicKey(Bytes.parse(test.get("given").get("internalPubkey").asText()));
      PayToTaproot template = new PayToTaproot(internal.taprootOutputKey(root).x());
      JsonNode expected = test.get("expected");
      assertThat(template.script()).isEqualTo(Bytes.parse(expected.get("scriptPubKey").asText()));
      assertThat(new Address(Samples.MAINNET, template))
          .hasToString(expected.get("bip350Address").asText());
      ran++;
    }
    JsonNode spending = wallet.get("keyPathSpending").get(0);
    for (JsonNode input : spending.get("inputSpending")) {
      assertSpends(input);
      ran++;
    }
    assertThat(ran).isEqualTo(14);
    vectors.ran("bip341-wallet-test-vectors.json outputs and key path signatures", ran);
  }

  private static void assertSpends(JsonNode input) {
    JsonNode given = input.get("given");
    JsonNode expected = input.get("intermediary");
    PrivateKey internal =
        PrivateKey.of(Bytes.parse(given.get("internalPrivkey").asText()).toArray());
    PrivateKey output = internal.taprootOutputKey(TaprootWallet.optional(given.get("merkleRoot")));
    assertThat(internal.publicKey().xOnly()).hasToString(expected.get("internalPubkey").asText());
    assertThat(Bytes.of(output.toSecretBytes()).toHex())
        .isEqualTo(expected.get("tweakedPrivkey").asText());
    Bytes message = Bytes.parse(expected.get("sigHash").asText());
    Bytes noAux = Bytes.of(new byte[32]);
    String witness = input.get("expected").get("witness").get(0).asText();
    assertThat(witness).startsWith(BOUNCY_CASTLE.signSchnorr(output, message, noAux).toHex());
    assertThat(witness).startsWith(NATIVE.signSchnorr(output, message, noAux).toHex());
  }

  /** Known answers for secp256k1 with SHA-256 that wallets have long shared (RFC 6979 nonces). */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1;Satoshi Nakamoto;934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d82442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5",
        "1;All those moments will be lost in time, like tears in rain. Time to die...;8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21",
      })
  void signEcdsa_knownAnswers_areGivenByBoth(String secret, String text, String compact) {
    byte[] key = new byte[32];
    key[31] = Byte.parseByte(secret);
    Hash256 digest = Hash256.ofWire(Sha256.hash(text.getBytes(StandardCharsets.UTF_8)));
    PrivateKey privateKey = PrivateKey.of(key);
    assertThat(BOUNCY_CASTLE.signEcdsa(privateKey, digest).toCompact())
        .isEqualTo(Bytes.parse(compact));
    assertThat(NATIVE.signEcdsa(privateKey, digest).toCompact()).isEqualTo(Bytes.parse(compact));
  }

  @Test
  void signAndVerify_randomKeys_allAgree() {
    SeededRun.of(200, 200)
        .check(
            (random, size) -> {
              KeyPair pair = random.nextBoolean() ? key(random) : uncompressed(random);
              Hash256 digest = Samples.randomHash(random);
              EcdsaSignature ecdsa = BOUNCY_CASTLE.signEcdsa(pair.privateKey(), digest);
              assertThat(ecdsa.isLowS()).isTrue();
              assertThat(NATIVE.signEcdsa(pair.privateKey(), digest)).isEqualTo(ecdsa);
              assertThat(verifyEcdsa(pair.publicKey(), ecdsa, digest)).isTrue();
              Bytes message = Bytes.of(digest.toWire());
              Bytes aux = Samples.randomBytes(random, 32);
              Bytes schnorr = BOUNCY_CASTLE.signSchnorr(pair.privateKey(), message, aux);
              assertThat(NATIVE.signSchnorr(pair.privateKey(), message, aux)).isEqualTo(schnorr);
              assertThat(verifySchnorr(pair.publicKey().xOnly(), schnorr, message)).isTrue();
            });
  }

  @Test
  void verifyEcdsa_mutated_allRefuse() {
    SeededRun.of(400, 8)
        .check(
            (random, size) -> {
              KeyPair pair = random.nextBoolean() ? key(random) : uncompressed(random);
              Hash256 digest = Samples.randomHash(random);
              EcdsaSignature signature = BOUNCY_CASTLE.signEcdsa(pair.privateKey(), digest);
              Bytes compact = flipped(random, signature.toCompact());
              EcdsaSignature changed = EcdsaSignature.ofCompact(compact);
              assertThat(verifyEcdsa(pair.publicKey(), changed, digest)).isFalse();
              Hash256 other = Hash256.ofWire(flipped(random, Bytes.of(digest.toWire())).toArray());
              assertThat(verifyEcdsa(pair.publicKey(), signature, other)).isFalse();
              Bytes encoded = pair.publicKey().encoded();
              Bytes x = flipped(random, encoded.slice(1, encoded.length()));
              PublicKey key = PublicKey.of(Samples.join(encoded.slice(0, 1), x));
              assertThat(verifyEcdsa(key, signature, digest)).isFalse();
            });
  }

  @Test
  void verifyEcdsa_highS_allAccept() {
    KeyPair pair = Samples.key(3);
    Hash256 digest = Hash256.ofWords(4, 3, 2, 1);
    EcdsaSignature low = BOUNCY_CASTLE.signEcdsa(pair.privateKey(), digest);
    EcdsaSignature high = EcdsaSignature.of(low.r(), Scalars.ORDER.subtract(low.s()));
    assertThat(high.isLowS()).isFalse();
    assertThat(verifyEcdsa(pair.publicKey(), high, digest)).isTrue();
  }

  /** A key for which a signature is good whose nonce has this point, without a secret. */
  private static PublicKey keyFor(ECPoint nonce, EcdsaSignature signature, Hash256 digest) {
    BigInteger e = ScalarBytes.read(digest.toWire()).mod(Scalars.ORDER);
    BigInteger inverse = signature.r().modInverse(Scalars.ORDER);
    ECPoint key =
        nonce
            .multiply(signature.s())
            .subtract(Curve.generator().multiply(e))
            .multiply(inverse)
            .normalize();
    return PublicKey.of(Bytes.of(key.getEncoded(true)));
  }

  /** SEC 1, 4.1.4: r is x modulo the order, which one of 2<sup>128</sup> points has above it. */
  @Test
  void verifyEcdsa_nonceWhoseXIsTheOrderOrMore_allAccept() {
    int tried = 0;
    for (int i = 1; i < 40; i++) {
      BigInteger r = BigInteger.valueOf(i);
      Bytes x = Bytes.of(ScalarBytes.of(Scalars.ORDER.add(r)));
      ECPoint nonce = Curve.liftX(x);
      if (nonce != null) {
        Hash256 digest = Hash256.ofWords(i, 2, 3, 4);
        EcdsaSignature signature = EcdsaSignature.of(r, BigInteger.valueOf(1000L + i));
        PublicKey key = keyFor(nonce, signature, digest);
        assertThat(verifyEcdsa(key, signature, digest)).isTrue();
        EcdsaSignature other = EcdsaSignature.of(r.add(BigInteger.ONE), signature.s());
        assertThat(verifyEcdsa(key, other, digest)).isFalse();
        tried++;
      }
    }
    assertThat(tried).isGreaterThan(5);
  }

  /** Whatever is left of r beyond the field is no x of any point. */
  @Test
  void verifyEcdsa_greatR_allAgree() {
    for (int i = 1; i < 60; i++) {
      BigInteger r = Scalars.ORDER.subtract(BigInteger.valueOf(i));
      ECPoint nonce = Curve.liftX(Bytes.of(ScalarBytes.of(r)));
      Hash256 digest = Hash256.ofWords(4, 3, 2, i);
      EcdsaSignature signature = EcdsaSignature.of(r, BigInteger.valueOf(i));
      if (nonce != null) {
        PublicKey key = keyFor(nonce, signature, digest);
        assertThat(verifyEcdsa(key, signature, digest)).isTrue();
      }
      assertThat(verifyEcdsa(Samples.key(i).publicKey(), signature, digest)).isFalse();
    }
  }

  /** The sum of both multiples is infinity, or both are the same point: no formula may stumble. */
  @Test
  void verifyEcdsa_multiplesThatMeet_allAgree() {
    for (int i = 1; i < 60; i++) {
      KeyPair pair = Samples.key(i);
      BigInteger secret = pair.privateKey().scalar();
      BigInteger r = ScalarBytes.read(Samples.key(i + 1).publicKey().xOnly().x().toArray());
      for (BigInteger e : List.of(r.multiply(secret), r.multiply(secret).negate())) {
        Hash256 digest = Hash256.ofWire(ScalarBytes.of(e.mod(Scalars.ORDER)));
        EcdsaSignature signature = EcdsaSignature.of(r.mod(Scalars.ORDER), BigInteger.valueOf(i));
        assertThat(verifyEcdsa(pair.publicKey(), signature, digest)).isFalse();
      }
      // Twice the multiple of the base point is the nonce.
      BigInteger k = BigInteger.valueOf(5_000L + i);
      BigInteger x = Curve.multiplyGenerator(k).getAffineXCoord().toBigInteger();
      BigInteger u = k.multiply(BigInteger.TWO.modInverse(Scalars.ORDER));
      BigInteger s = x.multiply(secret).multiply(u.modInverse(Scalars.ORDER)).mod(Scalars.ORDER);
      Hash256 digest = Hash256.ofWire(ScalarBytes.of(x.multiply(secret).mod(Scalars.ORDER)));
      assertThat(verifyEcdsa(pair.publicKey(), EcdsaSignature.of(x, s), digest)).isTrue();
    }
  }

  @Test
  void verifySchnorr_mutated_allRefuse() {
    SeededRun.of(400, 8)
        .check(
            (random, size) -> {
              KeyPair pair = key(random);
              Bytes message = Samples.randomBytes(random, 32);
              Bytes signature =
                  BOUNCY_CASTLE.signSchnorr(
                      pair.privateKey(), message, Samples.randomBytes(random, 32));
              XOnlyPublicKey key = pair.publicKey().xOnly();
              assertThat(verifySchnorr(key, flipped(random, signature), message)).isFalse();
              assertThat(verifySchnorr(key, signature, flipped(random, message))).isFalse();
              XOnlyPublicKey other = new XOnlyPublicKey(flipped(random, key.x()));
              assertThat(verifySchnorr(other, signature, message)).isFalse();
            });
  }

  @Test
  void verifySchnorr_otherLengths_areFalse() {
    XOnlyPublicKey key = Samples.key(1).publicKey().xOnly();
    for (int length : List.of(0, 63, 65)) {
      assertThat(verifySchnorr(key, Bytes.of(new byte[length]), Bytes.EMPTY)).isFalse();
    }
  }

  @Test
  void signSchnorr_otherLengths_areRefused() {
    PrivateKey key = Samples.key(1).privateKey();
    Bytes bytes = Bytes.of(new byte[32]);
    for (Signer signer : List.<Signer>of(BOUNCY_CASTLE, NATIVE)) {
      assertThatThrownBy(() -> signer.signSchnorr(key, Bytes.EMPTY, bytes))
          .hasMessageContaining("got 0 and 32");
      assertThatThrownBy(() -> signer.signSchnorr(key, bytes, Bytes.EMPTY))
          .hasMessageContaining("got 32 and 0");
    }
  }

  @Test
  void sign_destroyedKey_isRefusedByBoth() {
    PrivateKey key = PrivateKey.ofSeed(new byte[32]);
    key.destroy();
    Bytes bytes = Bytes.of(new byte[32]);
    for (Signer signer : List.<Signer>of(BOUNCY_CASTLE, NATIVE)) {
      assertThatThrownBy(() -> signer.signEcdsa(key, Hash256.ZERO))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> signer.signSchnorr(key, bytes, bytes))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  private static boolean verifyEcdsa(PublicKey key, EcdsaSignature signature, Hash256 digest) {
    boolean answer = BOUNCY_CASTLE.verifyEcdsa(key, signature, digest);
    assertThat(OWN.verifyEcdsa(key, signature, digest)).isEqualTo(answer);
    assertThat(NATIVE.verifyEcdsa(key, signature, digest)).isEqualTo(answer);
    return answer;
  }

  private static boolean verifySchnorr(XOnlyPublicKey key, Bytes signature, Bytes message) {
    boolean answer = BOUNCY_CASTLE.verifySchnorr(key, signature, message);
    assertThat(OWN.verifySchnorr(key, signature, message)).isEqualTo(answer);
    assertThat(NATIVE.verifySchnorr(key, signature, message)).isEqualTo(answer);
    return answer;
  }

  private static KeyPair key(RandomGenerator random) {
    return KeyPair.ofSeed(Samples.randomBytes(random, 32).toArray());
  }

  private static KeyPair uncompressed(RandomGenerator random) {
    return KeyPair.uncompressed(key(random).privateKey());
  }

  private static Bytes flipped(RandomGenerator random, Bytes bytes) {
    byte[] changed = bytes.toArray();
    // Not the top bits: r and s stay below the order.
    changed[1 + random.nextInt(changed.length - 1)] ^= (byte) (1 << random.nextInt(7));
    return Bytes.of(changed);
  }
}
