package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.Vectors;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;

class TransactionSignerTest {
  private static final KeyPair KEY = Samples.key(1);
  private static final int[] HASH_TYPES = {0, 1, 2, 3, 0x81, 0x82, 0x83};

  private final TransactionSigner signer = TransactionSigner.of(Signer.best());
  private final InputVerifier verifier = InputVerifier.of(SignatureVerifier.best());

  @Test
  void sign_everyTemplateAndHashType_verifies() {
    SeededRun.of(300, 5)
        .check(
            (random, size) -> {
              Transaction transaction = Samples.unsigned(size, size);
              List<TransactionOutput> spent = new ArrayList<>();
              for (int i = 0; i < size; i++) {
                spent.add(Samples.output(100L * i, anyTemplate(random)));
              }
              for (int i = 0; i < size; i++) {
                int type = HASH_TYPES[random.nextInt(HASH_TYPES.length)];
                SignatureHasher hashes = SignatureHasher.of(transaction, spent);
                transaction = signer.sign(hashes, i, KEY, type);
              }
              assertThat(verifier.verifyAll(transaction, spent)).isEmpty();
            });
  }

  private static SpendableTemplate anyTemplate(RandomGenerator random) {
    return switch (random.nextInt(3)) {
      case 0 -> KEY.payToPubkeyHash();
      case 1 -> KEY.payToWitnessPubkeyHash();
      default -> KEY.payToTaproot();
    };
  }

  @Test
  void signAll_eachKey_isTheSameAsOneByOne() {
    Transaction unsigned = Samples.unsigned(3, 1);
    List<KeyPair> keys = List.of(KEY, Samples.key(2), Samples.key(3));
    List<TransactionOutput> spent =
        List.of(
            Samples.output(1, keys.get(0).payToPubkeyHash()),
            Samples.output(2, keys.get(1).payToWitnessPubkeyHash()),
            Samples.output(3, keys.get(2).payToTaproot()));
    Transaction one = unsigned;
    for (int i = 0; i < 3; i++) {
      one = signer.sign(one, i, spent, keys.get(i));
    }
    assertThat(signer.signAll(unsigned, spent, keys)).isEqualTo(one);
    assertThat(TransactionSigner.of(Signer.bouncyCastle()).signAll(unsigned, spent, keys))
        .isEqualTo(one);
    assertThat(verifier.verifyAll(one, spent)).isEmpty();
  }

  @Test
  void sign_uncompressedKey_spendsP2pkhOnly() {
    KeyPair key = KeyPair.uncompressed(KEY.privateKey());
    Transaction unsigned = Samples.unsigned(1, 1);
    List<TransactionOutput> legacy = List.of(Samples.output(1, key.payToPubkeyHash()));
    assertThat(verifier.verifyAll(signer.sign(unsigned, 0, legacy, key), legacy)).isEmpty();
    List<TransactionOutput> witness = List.of(Samples.output(1, KEY.payToWitnessPubkeyHash()));
    assertThatThrownBy(() -> signer.sign(unsigned, 0, witness, key))
        .hasMessageContaining("input 0 spends an output that is not of key");
  }

  @Test
  void withAuxRandomness_taproot_isAnotherSignatureThatVerifies() {
    Transaction unsigned = Samples.unsigned(1, 1);
    List<TransactionOutput> spent = List.of(Samples.output(1, KEY.payToTaproot()));
    byte[] aux = new byte[32];
    aux[0] = 1;
    Transaction other = signer.withAuxRandomness(Bytes.of(aux)).sign(unsigned, 0, spent, KEY);
    assertThat(other).isNotEqualTo(signer.sign(unsigned, 0, spent, KEY));
    assertThat(verifier.verifyAll(other, spent)).isEmpty();
    assertThatThrownBy(() -> signer.withAuxRandomness(Bytes.EMPTY)).hasMessageContaining("got 0");
  }

  @Test
  void sign_badHashType_isRefused() {
    Transaction unsigned = Samples.unsigned(2, 1);
    for (SpendableTemplate template :
        List.of(KEY.payToPubkeyHash(), KEY.payToWitnessPubkeyHash(), KEY.payToTaproot())) {
      TransactionOutput output = Samples.output(1, template);
      SignatureHasher hashes = SignatureHasher.of(unsigned, List.of(output, output));
      assertThatThrownBy(() -> signer.sign(hashes, 0, KEY, 4)).hasMessageContaining("4");
    }
    TransactionOutput taproot = Samples.output(1, KEY.payToTaproot());
    SignatureHasher hashes = SignatureHasher.of(unsigned, List.of(taproot, taproot));
    assertThatThrownBy(() -> signer.sign(hashes, 1, KEY, 3)).hasMessageContaining("input 1");
  }

  @Test
  void sign_otherKeysOutput_isRefusedWithoutShowingTheSecret() {
    Transaction unsigned = Samples.unsigned(1, 1);
    List<TransactionOutput> spent = List.of(Samples.output(1, Samples.key(2).payToTaproot()));
    String secret = Bytes.of(KEY.privateKey().toSecretBytes()).toHex();
    assertThatThrownBy(() -> signer.sign(unsigned, 0, spent, KEY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining(secret);
    assertThatThrownBy(() -> signer.signAll(unsigned, spent, List.of()))
        .hasMessageContaining("0 keys for 1");
  }

  @Test
  void sign_bip143NativeP2wpkh_isTheSignedTransaction() {
    Vectors vectors = Vectors.in("signatures-bip143-340-341");
    List<String> lines = vectors.lines("bip-0143.mediawiki");
    int start = lines.indexOf("=== Native P2WPKH ===");
    assertThat(start).isPositive();
    List<String> section = lines.subList(start, start + 70);
    Transaction unsigned = Transaction.parse(Bytes.parse(section.get(3).strip()).toArray());
    KeyPair key =
        KeyPair.of(
            PrivateKey.of(
                Bytes.parse("619c335025c7f4012e556c2a58b2506e30b8511b53ade95ea316fd8c3286feb9")
                    .toArray()));
    TransactionOutput first = new TransactionOutput(625_000_000, Bytes.parse("51"));
    TransactionOutput second = Samples.output(600_000_000, key.payToWitnessPubkeyHash());
    assertThat(second.script())
        .isEqualTo(Bytes.parse("00141d0f172a0ecb48aee1be1f2687d2963ae33f71a1"));
    Transaction signed = signer.sign(unsigned, 1, List.of(first, second), key);
    String marker = "The serialized signed transaction is: ";
    String line = section.stream().filter(l -> l.contains(marker)).findFirst().orElseThrow();
    Bytes wire = Bytes.parse(line.substring(line.indexOf(marker) + marker.length()).strip());
    assertThat(signed.inputs().get(1)).isEqualTo(Transaction.parse(wire.toArray()).inputs().get(1));
    vectors.ran("bip-0143.mediawiki P2WPKH signature made", 1);
  }
}
