package org.chaincore.core.script;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/**
 * Signs inputs of transactions: the counterpart of {@link InputVerifier}, which accepts what it
 * makes. A transaction is signed when everything else in it is final; filling in a scriptSig or a
 * witness changes no hash that another input signs.
 *
 * <p>Immutable and thread-safe.
 */
public final class TransactionSigner {
  private final Signer signer;
  private final Bytes auxRandomness;

  private TransactionSigner(Signer signer, Bytes auxRandomness) {
    this.signer = signer;
    this.auxRandomness = auxRandomness;
  }

  /** Deterministic: Schnorr signatures are made without auxiliary randomness. */
  public static TransactionSigner of(Signer signer) {
    return new TransactionSigner(signer, Bytes.of(new byte[Signer.AUX_RANDOMNESS_BYTES]));
  }

  /**
   * A signer with the caller's randomness in its Schnorr nonces, against side channels.
   *
   * @param auxRandomness 32 bytes
   */
  public TransactionSigner withAuxRandomness(Bytes auxRandomness) {
    if (auxRandomness.length() != Signer.AUX_RANDOMNESS_BYTES) {
      throw new IllegalArgumentException(
          "auxiliary randomness has 32 bytes, got " + auxRandomness.length());
    }
    return new TransactionSigner(signer, auxRandomness);
  }

  /**
   * Signs one input for all inputs and outputs.
   *
   * @param spentOutputs the outputs that the inputs spend, in the order of the inputs
   * @throws IllegalArgumentException if the spent output is not one of this key's
   */
  public Transaction sign(
      Transaction transaction, int input, List<TransactionOutput> spentOutputs, KeyPair key) {
    SignatureHasher hashes = SignatureHasher.of(transaction, spentOutputs);
    return withInput(transaction, input, signed(hashes, input, key, SignatureHashType.DEFAULT));
  }

  /**
   * Signs one input by a hash type.
   *
   * @param hashes those of the transaction and its spent outputs
   * @param hashType one of {@link SignatureHashType}; DEFAULT is ALL where the output is not P2TR
   * @throws IllegalArgumentException if the spent output is not one of this key's, or the hash type
   *     has nothing to sign
   */
  public Transaction sign(SignatureHasher hashes, int input, KeyPair key, int hashType) {
    return withInput(hashes.transaction(), input, signed(hashes, input, key, hashType));
  }

  /**
   * Signs every input for all inputs and outputs, in time that grows with their number, not its
   * square, where the outputs are not P2PKH.
   *
   * @param keys the key of each input
   */
  public Transaction signAll(
      Transaction transaction, List<TransactionOutput> spentOutputs, List<KeyPair> keys) {
    if (keys.size() != transaction.inputs().size()) {
      throw new IllegalArgumentException(
          keys.size() + " keys for " + transaction.inputs().size() + " inputs");
    }
    SignatureHasher hashes = SignatureHasher.of(transaction, spentOutputs);
    List<TransactionInput> inputs = new ArrayList<>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      inputs.add(signed(hashes, i, keys.get(i), SignatureHashType.DEFAULT));
    }
    return transaction.withInputs(inputs);
  }

  private static Transaction withInput(Transaction transaction, int at, TransactionInput input) {
    List<TransactionInput> inputs = new ArrayList<>(transaction.inputs());
    inputs.set(at, input);
    return transaction.withInputs(inputs);
  }

  private TransactionInput signed(SignatureHasher hashes, int input, KeyPair key, int hashType) {
    Bytes script = hashes.spentOutputs().get(input).script();
    TransactionInput unsigned = hashes.transaction().inputs().get(input);
    int ecdsaType = hashType == SignatureHashType.DEFAULT ? SignatureHashType.ALL : hashType;
    Bytes publicKey = key.publicKey().encoded();
    if (script.equals(key.payToPubkeyHash().script())) {
      requireDefined(ecdsaType);
      Bytes signature = ecdsa(key, hashes.legacy(input, script, ecdsaType), ecdsaType);
      ByteWriter scriptSig = ByteWriter.create();
      Push.write(scriptSig, signature);
      Push.write(scriptSig, publicKey);
      return unsigned.withScriptSig(scriptSig.toBytes()).withWitness(Witness.EMPTY);
    }
    if (key.publicKey().isCompressed() && script.equals(key.payToWitnessPubkeyHash().script())) {
      requireDefined(ecdsaType);
      Bytes code = key.payToPubkeyHash().script();
      Bytes signature = ecdsa(key, hashes.witnessV0(input, code, ecdsaType), ecdsaType);
      return unsigned.withScriptSig(Bytes.EMPTY).withWitness(Witness.of(signature, publicKey));
    }
    if (script.equals(key.payToTaproot().script())) {
      return unsigned
          .withScriptSig(Bytes.EMPTY)
          .withWitness(Witness.of(taproot(hashes, input, key, hashType)));
    }
    throw new IllegalArgumentException(
        "input " + input + " spends an output that is not of key " + key.publicKey());
  }

  private static void requireDefined(int hashType) {
    if (!SignatureHashType.isDefined(hashType)) {
      throw new IllegalArgumentException("hash type is not defined: " + hashType);
    }
  }

  private Bytes ecdsa(KeyPair key, Hash256 digest, int hashType) {
    Bytes der = signer.signEcdsa(key.privateKey(), digest).toDer();
    return ByteWriter.ofExpectedSize(der.length() + 1).bytes(der).uint8(hashType).toBytes();
  }

  /** 64 bytes for the default type, else 65 with the type behind. */
  private Bytes taproot(SignatureHasher hashes, int input, KeyPair key, int hashType) {
    Bytes message = Bytes.of(hashes.taproot(input, hashType).toWire());
    Bytes signature =
        signer.signSchnorr(key.privateKey().taprootOutputKey(), message, auxRandomness);
    if (hashType == SignatureHashType.DEFAULT) {
      return signature;
    }
    return ByteWriter.ofExpectedSize(signature.length() + 1)
        .bytes(signature)
        .uint8(hashType)
        .toBytes();
  }
}
