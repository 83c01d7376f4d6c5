package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.curve.Scalars;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.Vectors;
import org.chaincore.core.script.ScriptFailure.Code;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

class InputVerifierTest {
  private static final KeyPair KEY = Samples.key(1);
  private static final KeyPair OTHER = Samples.key(2);
  private static final KeyPair LONG = KeyPair.uncompressed(KEY.privateKey());
  private static final TransactionOutput LEGACY = Samples.output(50, KEY.payToPubkeyHash());
  private static final TransactionOutput SEGWIT = Samples.output(60, KEY.payToWitnessPubkeyHash());
  private static final TransactionOutput TAPROOT = Samples.output(70, KEY.payToTaproot());
  private static final List<TransactionOutput> SPENT = List.of(LEGACY, SEGWIT, TAPROOT);
  private static final TransactionSigner SIGNER = TransactionSigner.of(Signer.bouncyCastle());
  private static final Transaction SIGNED =
      SIGNER.signAll(Samples.unsigned(3, 2), SPENT, List.of(KEY, KEY, KEY));

  private final InputVerifier strict = InputVerifier.of(SignatureVerifier.best());
  private final InputVerifier historic =
      InputVerifier.of(SignatureVerifier.best(), VerificationRules.HISTORIC);

  @Test
  void verifyAll_signedInputs_mayAllSpend() {
    assertThat(strict.verifyAll(SIGNED, SPENT)).isEmpty();
    assertThat(historic.verifyAll(SIGNED, SPENT)).isEmpty();
    assertThat(InputVerifier.of(SignatureVerifier.bouncyCastle()).verifyAll(SIGNED, SPENT))
        .isEmpty();
  }

  @Test
  void verifyAll_unsignedInput_namesTheFirstOne() {
    Transaction transaction = with(SIGNED, 1, input -> input.withWitness(Witness.EMPTY));
    Optional<ScriptFailure> failure = strict.verifyAll(transaction, SPENT);
    assertThat(failure).hasValueSatisfying(f -> assertThat(f.input()).isEqualTo(1));
    assertThat(failure.orElseThrow())
        .hasToString("input 1: WITNESS: P2WPKH takes 2 elements, got 0");
  }

  @Test
  void verifyAll_lastInputWithoutItsWitness_costsNoSignatureCheck() {
    CountingVerifier counting = new CountingVerifier();
    Transaction stripped = with(SIGNED, 2, input -> input.withWitness(Witness.EMPTY));
    assertThat(InputVerifier.of(counting).verifyAll(stripped, SPENT))
        .hasValueSatisfying(failure -> assertThat(failure.code()).isEqualTo(Code.WITNESS));
    assertThat(counting.checks).isZero();
    assertThat(InputVerifier.of(counting).verifyAll(SIGNED, SPENT)).isEmpty();
    assertThat(counting.checks).isEqualTo(3);
  }

  @Test
  void verify_outputOrAmountChanged_isSignature() {
    Transaction other =
        Transaction.of(
            SIGNED.version(), SIGNED.inputs(), SIGNED.outputs().subList(0, 1), SIGNED.lockTime());
    for (int i = 0; i < 3; i++) {
      assertCode(other, SPENT, i, Code.SIGNATURE);
    }
    TransactionOutput more = new TransactionOutput(61, SEGWIT.script());
    List<TransactionOutput> spent = List.of(LEGACY, more, TAPROOT);
    assertThat(strict.verify(SignatureHasher.of(SIGNED, spent), 0)).isEmpty();
    assertCode(SIGNED, spent, 1, Code.SIGNATURE);
    assertCode(SIGNED, spent, 2, Code.SIGNATURE);
  }

  @Test
  void verify_outputThatIsNoTemplate_isNotSpendable() {
    TransactionOutput data = Samples.output(1, new DataOutput(Bytes.of(new byte[200])));
    TransactionOutput unknown = new TransactionOutput(1, Bytes.parse("51"));
    assertCode(SIGNED, List.of(data, unknown, TAPROOT), 0, Code.NOT_SPENDABLE);
    assertCode(SIGNED, List.of(data, unknown, TAPROOT), 1, Code.NOT_SPENDABLE);
  }

  @Test
  void verify_otherKeysOutput_isKeyHash() {
    List<TransactionOutput> spent =
        List.of(
            Samples.output(50, OTHER.payToPubkeyHash()),
            Samples.output(60, OTHER.payToWitnessPubkeyHash()),
            Samples.output(70, OTHER.payToTaproot()));
    assertCode(SIGNED, spent, 0, Code.KEY_HASH);
    assertCode(SIGNED, spent, 1, Code.KEY_HASH);
    assertCode(SIGNED, spent, 2, Code.SIGNATURE);
  }

  @Test
  void verifyLegacy_scriptSigOfAnotherForm_isScriptSig() {
    Bytes script = SIGNED.inputs().get(0).scriptSig();
    Bytes signature = script.slice(1, script.length() - 34);
    Bytes key = KEY.publicKey().encoded();
    for (String form :
        List.of(
            "",
            "00",
            "51",
            script.toHex() + "00",
            "00" + script.toHex(),
            script.slice(0, script.length() - 1).toHex(),
            "4c",
            "76" + script.toHex())) {
      assertLegacyCode(Bytes.parse(form), Code.SCRIPT_SIG);
    }
    Bytes notMinimal =
        Bytes.parse("4c" + hex(signature.length()) + signature.toHex() + "21" + key.toHex());
    assertLegacyCode(notMinimal, Code.SCRIPT_SIG);
    Transaction changed = with(SIGNED, 0, input -> input.withScriptSig(notMinimal));
    assertThat(historic.verify(SignatureHasher.of(changed, SPENT), 0)).isEmpty();
    Bytes longKeyPush =
        Bytes.parse(hex(signature.length()) + signature.toHex() + "4c21" + key.toHex());
    assertLegacyCode(longKeyPush, Code.SCRIPT_SIG);
  }

  @Test
  void verifyLegacy_noKey_isPublicKey() {
    Bytes script = SIGNED.inputs().get(0).scriptSig();
    Bytes signature = script.slice(0, script.length() - 34);
    assertLegacyCode(Samples.join(signature, Bytes.parse("00")), Code.PUBLIC_KEY);
    assertLegacyCode(Samples.join(signature, Bytes.parse("51")), Code.PUBLIC_KEY);
    assertLegacyCode(Samples.join(signature, Bytes.parse("020203")), Code.PUBLIC_KEY);
  }

  @Test
  void verifyLegacy_witness_isRefused() {
    Transaction changed =
        with(SIGNED, 0, input -> input.withWitness(Witness.of(Bytes.of((byte) 1))));
    assertCode(changed, SPENT, 0, Code.WITNESS);
  }

  @Test
  void verifyEcdsa_signatureForms_areToldApart() {
    Bytes signature = SIGNED.inputs().get(1).witness().stack().get(0);
    Bytes der = signature.slice(0, signature.length() - 1);
    EcdsaSignature low = EcdsaSignature.parseDer(der);
    EcdsaSignature high = EcdsaSignature.of(low.r(), Scalars.ORDER.subtract(low.s()));
    Bytes all = Bytes.of((byte) 1);
    assertSegwitCode(Bytes.EMPTY, Code.SIGNATURE_ENCODING);
    assertSegwitCode(all, Code.SIGNATURE_ENCODING);
    assertSegwitCode(Samples.join(der, Bytes.of((byte) 0), all), Code.SIGNATURE_ENCODING);
    assertSegwitCode(Samples.join(high.toDer(), all), Code.HIGH_S);
    for (int type : new int[] {0, 4, 0x80, 0x84, 0x41}) {
      assertSegwitCode(Samples.join(der, Bytes.of((byte) type)), Code.HASH_TYPE);
    }
    assertSegwitCode(Samples.join(der, Bytes.of((byte) 2)), Code.SIGNATURE);
    Transaction changed = withSegwitSignature(Samples.join(high.toDer(), all));
    assertThat(historic.verify(SignatureHasher.of(changed, SPENT), 1)).isEmpty();
  }

  @Test
  void verifyWitness_uncompressedKey_isPublicKeyUnlessHistoric() {
    Bytes script = new PayToWitnessPubkeyHash(LONG.publicKey().hash160()).script();
    List<TransactionOutput> spent = List.of(LEGACY, new TransactionOutput(60, script), TAPROOT);
    SignatureHasher hashes = SignatureHasher.of(SIGNED, spent);
    Bytes code = LONG.payToPubkeyHash().script();
    EcdsaSignature signature =
        Signer.best().signEcdsa(KEY.privateKey(), hashes.witnessV0(1, code, 1));
    Witness witness =
        Witness.of(Samples.join(signature.toDer(), Bytes.of((byte) 1)), LONG.publicKey().encoded());
    Transaction changed = with(SIGNED, 1, input -> input.withWitness(witness));
    assertCode(changed, spent, 1, Code.PUBLIC_KEY);
    assertThat(historic.verify(SignatureHasher.of(changed, spent), 1)).isEmpty();
    Witness noKey = Witness.of(witness.stack().get(0), Bytes.of((byte) 2));
    Transaction without = with(SIGNED, 1, input -> input.withWitness(noKey));
    assertThat(historic.verify(SignatureHasher.of(without, spent), 1))
        .hasValueSatisfying(f -> assertThat(f.code()).isEqualTo(Code.PUBLIC_KEY));
  }

  @Test
  void verifyWitness_scriptSigNotEmpty_isScriptSig() {
    for (int i = 1; i < 3; i++) {
      Transaction changed = with(SIGNED, i, input -> input.withScriptSig(Bytes.parse("51")));
      assertCode(changed, SPENT, i, Code.SCRIPT_SIG);
    }
  }

  @Test
  void verifyWitness_moreElements_isWitness() {
    Bytes element = Bytes.of((byte) 1);
    Transaction changed =
        with(SIGNED, 1, input -> input.withWitness(Witness.of(element, element, element)));
    assertCode(changed, SPENT, 1, Code.WITNESS);
  }

  @Test
  void verifyTaproot_witnessForms_areToldApart() {
    Bytes signature = SIGNED.inputs().get(2).witness().stack().get(0);
    Bytes annex = Bytes.parse("50aa");
    assertThat(signature.length()).isEqualTo(64);
    assertTaprootCode(Witness.EMPTY, Code.WITNESS);
    assertTaprootCode(Witness.of(signature, annex), Code.ANNEX);
    assertTaprootCode(Witness.of(signature, Bytes.parse("51")), Code.SCRIPT_PATH);
    assertTaprootCode(Witness.of(signature, Bytes.EMPTY), Code.SCRIPT_PATH);
    assertTaprootCode(Witness.of(signature.slice(0, 63)), Code.SIGNATURE_ENCODING);
    assertTaprootCode(Witness.of(Bytes.of(new byte[66])), Code.SIGNATURE_ENCODING);
    assertTaprootCode(Witness.of(Bytes.EMPTY), Code.SIGNATURE_ENCODING);
    assertTaprootCode(typed(signature, 0), Code.HASH_TYPE);
    assertTaprootCode(typed(signature, 4), Code.HASH_TYPE);
    assertTaprootCode(typed(signature, 0x80), Code.HASH_TYPE);
    // There are only two outputs, so input 2 has no output of its own.
    assertTaprootCode(typed(signature, 3), Code.HASH_TYPE);
    assertTaprootCode(typed(signature, 1), Code.SIGNATURE);
  }

  @Test
  void verifyTaproot_outputKeyOffTheCurve_isSignature() {
    byte[] five = new byte[32];
    five[31] = 5;
    TransactionOutput output = Samples.output(70, new PayToTaproot(Bytes.of(five)));
    assertCode(SIGNED, List.of(LEGACY, SEGWIT, output), 2, Code.SIGNATURE);
  }

  @Test
  void verifyEcdsa_keyOffTheCurve_isSignature() {
    PublicKey none = PublicKey.of(Bytes.parse("02" + "00".repeat(31) + "05"));
    TransactionOutput output = Samples.output(60, new PayToWitnessPubkeyHash(none.hash160()));
    Bytes signature = SIGNED.inputs().get(1).witness().stack().get(0);
    Transaction changed =
        with(SIGNED, 1, input -> input.withWitness(Witness.of(signature, none.encoded())));
    assertCode(changed, List.of(LEGACY, output, TAPROOT), 1, Code.SIGNATURE);
  }

  @Test
  void verify_anyChangeOfAnAuthorisation_isRefused() {
    SeededRun.of(3000, 3)
        .check(
            (random, size) -> {
              int input = random.nextInt(3);
              TransactionInput signed = SIGNED.inputs().get(input);
              TransactionInput changed =
                  input == 0
                      ? signed.withScriptSig(Samples.mutated(random, signed.scriptSig()))
                      : signed.withWitness(mutated(random, signed.witness()));
              if (!changed.equals(signed)) {
                Transaction transaction = with(SIGNED, input, any -> changed);
                assertThat(strict.verifyAll(transaction, SPENT))
                    .hasValueSatisfying(f -> assertThat(f.input()).isEqualTo(input));
              }
            });
  }

  private static Witness mutated(RandomGenerator random, Witness witness) {
    List<Bytes> stack = new ArrayList<>(witness.stack());
    int at = random.nextInt(stack.size());
    switch (random.nextInt(4)) {
      case 0 -> stack.add(at, Samples.randomBytes(random, random.nextInt(70)));
      case 1 -> stack.remove(at);
      default -> stack.set(at, Samples.mutated(random, stack.get(at)));
    }
    return new Witness(stack);
  }

  @Test
  void verifyAll_bip341SignedTransaction_maySpendAll() {
    Vectors vectors = Vectors.in("signatures-bip143-340-341");
    JsonNode test = vectors.json("bip341-wallet-test-vectors.json").get("keyPathSpending").get(0);
    byte[] wire = Bytes.parse(test.get("auxiliary").get("fullySignedTx").asText()).toArray();
    Transaction transaction = Transaction.parse(wire);
    assertThat(strict.verifyAll(transaction, TaprootWallet.spentOutputs(test))).isEmpty();
    vectors.ran(
        "bip341-wallet-test-vectors.json inputs of the signed transaction",
        transaction.inputs().size());
  }

  private static String hex(int value) {
    return Bytes.of((byte) value).toHex();
  }

  private static Witness typed(Bytes signature, int hashType) {
    return Witness.of(Samples.join(signature, Bytes.of((byte) hashType)));
  }

  private static Transaction withSegwitSignature(Bytes signature) {
    Witness witness = Witness.of(signature, KEY.publicKey().encoded());
    return with(SIGNED, 1, input -> input.withWitness(witness));
  }

  private void assertLegacyCode(Bytes scriptSig, Code code) {
    assertCode(with(SIGNED, 0, input -> input.withScriptSig(scriptSig)), SPENT, 0, code);
  }

  private void assertSegwitCode(Bytes signature, Code code) {
    assertCode(withSegwitSignature(signature), SPENT, 1, code);
  }

  private void assertTaprootCode(Witness witness, Code code) {
    assertCode(with(SIGNED, 2, input -> input.withWitness(witness)), SPENT, 2, code);
  }

  private void assertCode(
      Transaction transaction, List<TransactionOutput> spent, int input, Code code) {
    ScriptFailure failure =
        strict.verify(SignatureHasher.of(transaction, spent), input).orElseThrow();
    assertThat(failure.code()).as(failure.toString()).isEqualTo(code);
    assertThat(failure.detail()).isNotEmpty();
    assertThat(failure.input()).isEqualTo(input);
  }

  private static Transaction with(
      Transaction transaction, int at, UnaryOperator<TransactionInput> change) {
    List<TransactionInput> inputs = new ArrayList<>(transaction.inputs());
    inputs.set(at, change.apply(inputs.get(at)));
    return transaction.withInputs(inputs);
  }

  private static final class CountingVerifier implements SignatureVerifier {
    private final SignatureVerifier signatures = SignatureVerifier.best();
    private int checks;

    @Override
    public boolean verifyEcdsa(PublicKey key, EcdsaSignature signature, Hash256 digest) {
      checks++;
      return signatures.verifyEcdsa(key, signature, digest);
    }

    @Override
    public boolean verifySchnorr(XOnlyPublicKey key, Bytes signature, Bytes message) {
      checks++;
      return signatures.verifySchnorr(key, signature, message);
    }
  }
}
