package org.chaincore.core.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.script.ScriptFailure.Code;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether inputs may spend their outputs: the form that the template asks for, then the key,
 * then the signature, which is by far the most expensive and so comes last.
 *
 * <p>Of a whole transaction the form of all inputs is judged before the first signature. Else a
 * transaction whose last input has lost its witness, for which its sender cannot be blamed, would
 * cost the curve for all the others, as often as it is sent.
 *
 * <p>Not thread-safe; who verifies on several threads gives each its own. They may share the {@link
 * SignatureVerifier}.
 */
public final class InputVerifier {
  private static final int ANNEX_PREFIX = 0x50;
  private static final int PREIMAGE_BYTES = 512;

  private final SignatureVerifier signatures;
  private final VerificationRules rules;
  private final Sha256 hasher = Sha256.create();
  private final Hash160 keyHasher = new Hash160(hasher);
  private final ByteWriter buffer = ByteWriter.ofExpectedSize(PREIMAGE_BYTES);

  private InputVerifier(SignatureVerifier signatures, VerificationRules rules) {
    this.signatures = signatures;
    this.rules = rules;
  }

  /** By the consensus of ChainCore networks. */
  public static InputVerifier of(SignatureVerifier signatures) {
    return of(signatures, VerificationRules.STRICT);
  }

  public static InputVerifier of(SignatureVerifier signatures, VerificationRules rules) {
    return new InputVerifier(signatures, rules);
  }

  /**
   * An input of a transaction that may not spend its output, if there is one: the first whose form
   * is wrong, else the first whose signature is.
   *
   * @param spentOutputs the outputs that the inputs spend, in the order of the inputs
   * @throws IllegalArgumentException if there is not one for each input
   */
  public Optional<ScriptFailure> verifyAll(
      Transaction transaction, List<TransactionOutput> spentOutputs) {
    SignatureHasher hashes = hashes(transaction, spentOutputs);
    List<SignedInput> signed = new ArrayList<>(spentOutputs.size());
    Optional<ScriptFailure> malformed = addSigned(hashes, signed);
    if (malformed.isPresent()) {
      return malformed;
    }
    for (SignedInput input : signed) {
      ScriptFailure failure = input.check(signatures, hashes);
      if (failure != null) {
        return Optional.of(failure);
      }
    }
    return Optional.empty();
  }

  /** Hashes that use what this verifier has. */
  SignatureHasher hashes(Transaction transaction, List<TransactionOutput> spentOutputs) {
    return new SignatureHasher(transaction, spentOutputs, hasher, buffer);
  }

  /**
   * The same hashes for this verifier, which another thread has than the one that began them.
   * Sharing them is safe as long as each uses its own.
   */
  SignatureHasher beside(SignatureHasher hashes) {
    return hashes.beside(hasher, buffer);
  }

  /**
   * Judges the form of all inputs.
   *
   * @param signed gets all inputs if there is no failure, else those before it
   * @return the first that is wrong
   */
  Optional<ScriptFailure> addSigned(SignatureHasher hashes, List<SignedInput> signed) {
    for (int i = 0; i < hashes.spentOutputs().size(); i++) {
      Form form = form(hashes, i);
      if (form instanceof Wrong wrong) {
        return Optional.of(wrong.failure);
      }
      signed.add((SignedInput) form);
    }
    return Optional.empty();
  }

  /** The last and expensive part: whether what is signed is this. */
  @Nullable ScriptFailure check(SignedInput input, SignatureHasher hashes) {
    return input.check(signatures, hashes);
  }

  /** Why one input may not spend its output, if so. */
  public Optional<ScriptFailure> verify(SignatureHasher hashes, int input) {
    Form form = form(hashes, input);
    return form instanceof SignedInput signed
        ? Optional.ofNullable(signed.check(signatures, hashes))
        : Optional.of(((Wrong) form).failure);
  }

  /** What an input is before anything is computed on the curve. */
  sealed interface Form {}

  /** It can spend nothing, whatever is signed. */
  private record Wrong(ScriptFailure failure) implements Form {}

  /** It has all that its template asks for; what is signed is to be seen. Immutable. */
  sealed interface SignedInput extends Form {
    /**
     * Sees it.
     *
     * @param hashes of the input's transaction, of the calling thread
     */
    @Nullable ScriptFailure check(SignatureVerifier signatures, SignatureHasher hashes);
  }

  private record EcdsaInput(
      Spend spend, Bytes publicKey, Bytes keyHash, EcdsaSignature signature, int hashType)
      implements SignedInput {
    @Override
    public @Nullable ScriptFailure check(SignatureVerifier signatures, SignatureHasher hashes) {
      Hash256 digest = spend.ecdsaHash(hashes, keyHash, hashType);
      return signatures.verifyEcdsa(PublicKey.of(publicKey), signature, digest)
          ? null
          : spend.failure(Code.SIGNATURE, "does not verify by key " + publicKey);
    }
  }

  private record SchnorrInput(Spend spend, XOnlyPublicKey key, Bytes signature, int hashType)
      implements SignedInput {
    @Override
    public @Nullable ScriptFailure check(SignatureVerifier signatures, SignatureHasher hashes) {
      Bytes message = Bytes.of(hashes.taproot(spend.input(), hashType).toWire());
      return signatures.verifySchnorr(key, signature, message)
          ? null
          : spend.failure(Code.SIGNATURE, "does not verify by key " + key);
    }
  }

  private Form form(SignatureHasher hashes, int input) {
    Spend spend = new Spend(hashes, input);
    Bytes script = hashes.spentOutputs().get(input).script();
    if (PayToWitnessPubkeyHash.matches(script)) {
      return witnessForm(spend, PayToWitnessPubkeyHash.ofScript(script));
    }
    if (PayToPubkeyHash.matches(script)) {
      return legacyForm(spend, PayToPubkeyHash.ofScript(script));
    }
    if (PayToTaproot.matches(script)) {
      return taprootForm(spend, PayToTaproot.ofScript(script));
    }
    return spend.wrong(Code.NOT_SPENDABLE, "no spendable template: " + shown(script));
  }

  private Form legacyForm(Spend spend, PayToPubkeyHash template) {
    if (!spend.witness().isEmpty()) {
      return spend.wrong(
          Code.WITNESS, "P2PKH takes no witness, got " + spend.witness().stack().size());
    }
    Bytes scriptSig = spend.scriptSig();
    Push signature = Push.at(scriptSig, 0);
    Push key = signature == null ? null : Push.at(scriptSig, signature.to());
    if (signature == null || key == null || key.to() != scriptSig.length()) {
      return spend.wrong(Code.SCRIPT_SIG, "not two pushes: " + shown(scriptSig));
    }
    if (rules.minimalPushes() && !(signature.isMinimal(scriptSig) && key.isMinimal(scriptSig))) {
      return spend.wrong(Code.SCRIPT_SIG, "a push is not minimal: " + shown(scriptSig));
    }
    Bytes publicKey = key.data(scriptSig);
    if (!PublicKey.isEncoding(publicKey)) {
      return spend.wrong(Code.PUBLIC_KEY, "no public key: " + shown(publicKey));
    }
    return ecdsaForm(spend, signature.data(scriptSig), publicKey, template.hash());
  }

  private Form witnessForm(Spend spend, PayToWitnessPubkeyHash template) {
    if (!spend.scriptSig().isEmpty()) {
      return spend.wrong(Code.SCRIPT_SIG, "not empty: " + shown(spend.scriptSig()));
    }
    List<Bytes> stack = spend.witness().stack();
    if (stack.size() != 2) {
      return spend.wrong(Code.WITNESS, "P2WPKH takes 2 elements, got " + stack.size());
    }
    Bytes publicKey = stack.get(1);
    boolean isKey =
        rules.compressedWitnessKeys()
            ? PublicKey.isCompressedEncoding(publicKey)
            : PublicKey.isEncoding(publicKey);
    if (!isKey) {
      return spend.wrong(Code.PUBLIC_KEY, "no compressed public key: " + shown(publicKey));
    }
    return ecdsaForm(spend, stack.get(0), publicKey, template.hash());
  }

  /** What P2PKH and P2WPKH share: they differ in the hash that is signed. */
  private Form ecdsaForm(Spend spend, Bytes signatureAndType, Bytes publicKey, Bytes keyHash) {
    if (!keyHasher.of(publicKey).equals(keyHash)) {
      return spend.wrong(Code.KEY_HASH, "the output names another key: " + keyHash);
    }
    if (signatureAndType.isEmpty()) {
      return spend.wrong(Code.SIGNATURE_ENCODING, "no signature");
    }
    int derLength = signatureAndType.length() - 1;
    int hashType = signatureAndType.unsignedAt(derLength);
    EcdsaSignature signature;
    try {
      signature = EcdsaSignature.parseDer(signatureAndType, derLength);
    } catch (MalformedBytesException e) {
      return spend.wrong(Code.SIGNATURE_ENCODING, String.valueOf(e.getMessage()));
    }
    if (rules.definedHashType() && !SignatureHashType.isDefined(hashType)) {
      return spend.wrong(Code.HASH_TYPE, "not defined: " + hashType);
    }
    if (rules.lowS() && !signature.isLowS()) {
      return spend.wrong(Code.HIGH_S, "s is above half the order: " + signature);
    }
    return new EcdsaInput(spend, publicKey, keyHash, signature, hashType);
  }

  private Form taprootForm(Spend spend, PayToTaproot template) {
    if (!spend.scriptSig().isEmpty()) {
      return spend.wrong(Code.SCRIPT_SIG, "not empty: " + shown(spend.scriptSig()));
    }
    List<Bytes> stack = spend.witness().stack();
    if (stack.size() > 1) {
      Bytes last = stack.get(stack.size() - 1);
      boolean annex = !last.isEmpty() && last.at(0) == ANNEX_PREFIX;
      return annex
          ? spend.wrong(Code.ANNEX, "an annex of " + last.length() + " bytes")
          : spend.wrong(Code.SCRIPT_PATH, "witness of " + stack.size() + " elements");
    }
    if (stack.isEmpty()) {
      return spend.wrong(Code.WITNESS, "P2TR takes 1 element, got 0");
    }
    Bytes signature = stack.get(0);
    int length = signature.length();
    if (length != SignatureVerifier.SCHNORR_BYTES
        && length != SignatureVerifier.SCHNORR_BYTES + 1) {
      return spend.wrong(
          Code.SIGNATURE_ENCODING, "a Schnorr signature of " + length + " bytes, not 64 or 65");
    }
    int hashType =
        length == SignatureVerifier.SCHNORR_BYTES
            ? SignatureHashType.DEFAULT
            : signature.unsignedAt(SignatureVerifier.SCHNORR_BYTES);
    if (length > SignatureVerifier.SCHNORR_BYTES && hashType == SignatureHashType.DEFAULT) {
      return spend.wrong(Code.HASH_TYPE, "the default is written by leaving it out");
    }
    if (!spend.hashes().hasTaproot(spend.input(), hashType)) {
      return spend.wrong(Code.HASH_TYPE, "nothing to sign by type " + hashType);
    }
    XOnlyPublicKey key = new XOnlyPublicKey(template.outputKey());
    return new SchnorrInput(
        spend, key, signature.slice(0, SignatureVerifier.SCHNORR_BYTES), hashType);
  }

  /** The start of a byte string that may be as long as a block. */
  private static String shown(Bytes bytes) {
    int most = 80;
    return bytes.length() <= most
        ? bytes.toHex()
        : bytes.slice(0, most).toHex() + "... (" + bytes.length() + " bytes)";
  }

  /** One input with the hashes of its transaction. */
  private record Spend(SignatureHasher hashes, int input) {
    TransactionInput spending() {
      return hashes.transaction().inputs().get(input);
    }

    Bytes scriptSig() {
      return spending().scriptSig();
    }

    Witness witness() {
      return spending().witness();
    }

    Hash256 ecdsaHash(SignatureHasher by, Bytes keyHash, int hashType) {
      Bytes spent = by.spentOutputs().get(input).script();
      return PayToWitnessPubkeyHash.matches(spent)
          ? by.witnessV0(input, new PayToPubkeyHash(keyHash).script(), hashType)
          : by.legacy(input, spent, hashType);
    }

    Wrong wrong(Code code, String detail) {
      return new Wrong(failure(code, detail));
    }

    ScriptFailure failure(Code code, String detail) {
      return new ScriptFailure(input, code, detail);
    }
  }
}
