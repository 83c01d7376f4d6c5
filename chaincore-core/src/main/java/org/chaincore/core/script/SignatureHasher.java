package org.chaincore.core.script;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * What the signatures of one transaction sign: the legacy hash, that of witness version 0 (BIP143)
 * and that of taproot (BIP341).
 *
 * <p>The legacy hash covers the whole transaction anew for every input, so a transaction of n
 * inputs costs n² to check, which was used to stall nodes. The two newer hashes cover digests of
 * all outpoints, sequences, amounts, scripts and outputs instead. Those are the same for every
 * input; they are made here once, when first needed, and n inputs cost n.
 *
 * <p>Not thread-safe; confined to the thread that checks or signs the transaction.
 */
public final class SignatureHasher {
  private static final Hash256 ONE = Hash256.ofWords(1, 0, 0, 0);
  private static final byte[] NO_HASH = new byte[Hash256.BYTES];
  private static final int PREIMAGE_BYTES = 256;

  private final Transaction transaction;
  private final List<TransactionOutput> spentOutputs;
  private final Sha256 hasher;
  private final ByteWriter out;

  // Single SHA-256, as BIP341 has them; BIP143 hashes each once more.
  private byte @Nullable [] prevouts;
  private byte @Nullable [] sequences;
  private byte @Nullable [] outputs;
  private byte @Nullable [] amounts;
  private byte @Nullable [] scripts;
  private byte @Nullable [] doublePrevouts;
  private byte @Nullable [] doubleSequences;
  private byte @Nullable [] doubleOutputs;

  /** Shares a hasher and a cleared buffer with whoever checks one transaction after another. */
  SignatureHasher(
      Transaction transaction,
      List<TransactionOutput> spentOutputs,
      Sha256 hasher,
      ByteWriter buffer) {
    if (spentOutputs.size() != transaction.inputs().size()) {
      throw new IllegalArgumentException(
          spentOutputs.size() + " spent outputs for " + transaction.inputs().size() + " inputs");
    }
    this.transaction = transaction;
    this.spentOutputs = spentOutputs;
    this.hasher = hasher;
    this.out = buffer;
  }

  /**
   * A hasher for a transaction.
   *
   * @param spentOutputs the outputs that the inputs spend, in the order of the inputs; not changed
   *     meanwhile
   */
  public static SignatureHasher of(Transaction transaction, List<TransactionOutput> spentOutputs) {
    return new SignatureHasher(
        transaction, spentOutputs, Sha256.create(), ByteWriter.ofExpectedSize(PREIMAGE_BYTES));
  }

  public Transaction transaction() {
    return transaction;
  }

  /** The outputs that the inputs spend, in the order of the inputs. */
  public List<TransactionOutput> spentOutputs() {
    return spentOutputs;
  }

  /**
   * The hash that a legacy signature signs. With SINGLE and no output of the input's number it is
   * the number one, as it has been from the start.
   *
   * @param scriptCode the spent script; OP_CODESEPARATOR is left out of it
   * @param hashType any 32 bits, of which the low byte counts
   */
  public Hash256 legacy(int input, Bytes scriptCode, int hashType) {
    Objects.checkIndex(input, transaction.inputs().size());
    boolean single = SignatureHashType.isSingle(hashType);
    if (single && input >= transaction.outputs().size()) {
      return ONE;
    }
    out.clear().int32(transaction.version());
    writeLegacyInputs(input, withoutCodeSeparators(scriptCode), hashType);
    if (SignatureHashType.isNone(hashType)) {
      out.compactSize(0);
    } else if (single) {
      out.compactSize(input + 1L);
      for (int i = 0; i < input; i++) {
        out.int64(-1).compactSize(0);
      }
      writeOutput(transaction.outputs().get(input));
    } else {
      out.compactSize(transaction.outputs().size());
      transaction.outputs().forEach(this::writeOutput);
    }
    return out.uint32(transaction.lockTime()).int32(hashType).doubleHash(hasher);
  }

  private void writeLegacyInputs(int input, Bytes scriptCode, int hashType) {
    List<TransactionInput> inputs = transaction.inputs();
    if (SignatureHashType.isAnyoneCanPay(hashType)) {
      out.compactSize(1);
      writeLegacyInput(inputs.get(input), scriptCode, inputs.get(input).sequence());
      return;
    }
    boolean othersMayChange =
        SignatureHashType.isNone(hashType) || SignatureHashType.isSingle(hashType);
    out.compactSize(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      TransactionInput other = inputs.get(i);
      if (i == input) {
        writeLegacyInput(other, scriptCode, other.sequence());
      } else {
        writeLegacyInput(other, Bytes.EMPTY, othersMayChange ? 0 : other.sequence());
      }
    }
  }

  private void writeLegacyInput(TransactionInput input, Bytes script, long sequence) {
    writeOutPoint(input.previousOutput());
    out.varBytes(script).uint32(sequence);
  }

  private static Bytes withoutCodeSeparators(Bytes script) {
    ByteWriter kept = null;
    int keptTo = 0;
    int at = 0;
    while (at >= 0 && at < script.length()) {
      int end = Push.end(script, at);
      if (script.unsignedAt(at) == Opcode.CODESEPARATOR) {
        kept = kept == null ? ByteWriter.ofExpectedSize(script.length()) : kept;
        kept.bytes(script.slice(keptTo, at));
        keptTo = end;
      }
      at = end;
    }
    return kept == null ? script : kept.bytes(script.slice(keptTo, script.length())).toBytes();
  }

  /**
   * The hash that a signature of witness version 0 signs (BIP143). The amount is that of the spent
   * output.
   *
   * @param scriptCode for P2WPKH the P2PKH script of the same key hash
   * @param hashType any 32 bits, of which the low byte counts
   */
  public Hash256 witnessV0(int input, Bytes scriptCode, int hashType) {
    TransactionInput spending = transaction.inputs().get(input);
    boolean anyoneCanPay = SignatureHashType.isAnyoneCanPay(hashType);
    boolean single = SignatureHashType.isSingle(hashType);
    boolean allOutputs = !single && !SignatureHashType.isNone(hashType);
    byte[] prevoutsHash = anyoneCanPay ? NO_HASH : doublePrevouts();
    byte[] sequencesHash = anyoneCanPay || !allOutputs ? NO_HASH : doubleSequences();
    byte[] outputsHash = NO_HASH;
    if (allOutputs) {
      outputsHash = doubleOutputs();
    } else if (single && input < transaction.outputs().size()) {
      outputsHash = again(singleOutput(input));
    }
    out.clear().int32(transaction.version()).bytes(prevoutsHash).bytes(sequencesHash);
    writeOutPoint(spending.previousOutput());
    return out.varBytes(scriptCode)
        .int64(spentOutputs.get(input).units())
        .uint32(spending.sequence())
        .bytes(outputsHash)
        .uint32(transaction.lockTime())
        .int32(hashType)
        .doubleHash(hasher);
  }

  /** Whether {@link #taproot} has a hash for this: a defined type, and an output for SINGLE. */
  public boolean hasTaproot(int input, int hashType) {
    boolean defined =
        hashType == SignatureHashType.DEFAULT || SignatureHashType.isDefined(hashType);
    return defined
        && (!SignatureHashType.isSingle(hashType) || input < transaction.outputs().size());
  }

  /**
   * The hash that a signature by a taproot output key signs (BIP341), without annex.
   *
   * @throws IllegalArgumentException if there is none, see {@link #hasTaproot}
   */
  public Hash256 taproot(int input, int hashType) {
    if (!hasTaproot(input, hashType)) {
      throw new IllegalArgumentException(
          "no taproot signature hash of type " + hashType + " for input " + input);
    }
    boolean anyoneCanPay = SignatureHashType.isAnyoneCanPay(hashType);
    boolean single = SignatureHashType.isSingle(hashType);
    boolean allOutputs = !single && !SignatureHashType.isNone(hashType);
    if (!anyoneCanPay) {
      prepareTaprootInputs();
    }
    byte[] outputsHash = allOutputs ? outputs() : NO_HASH;
    byte[] outputHash = single ? singleOutput(input) : NO_HASH;

    TaggedHash.TAP_SIGHASH.begin(out);
    out.uint8(0).uint8(hashType);
    out.int32(transaction.version()).uint32(transaction.lockTime());
    if (!anyoneCanPay) {
      out.bytes(prevouts()).bytes(amounts()).bytes(scripts()).bytes(sequences());
    }
    if (allOutputs) {
      out.bytes(outputsHash);
    }
    out.uint8(0);
    if (anyoneCanPay) {
      TransactionInput spending = transaction.inputs().get(input);
      TransactionOutput spent = spentOutputs.get(input);
      writeOutPoint(spending.previousOutput());
      writeOutput(spent);
      out.uint32(spending.sequence());
    } else {
      out.int32(input);
    }
    if (single) {
      out.bytes(outputHash);
    }
    return Hash256.ofWire(out.hash(hasher));
  }

  /** The buffer holds one message at a time, so the digests in a message come before it. */
  private void prepareTaprootInputs() {
    prevouts();
    amounts();
    scripts();
    sequences();
  }

  private byte[] prevouts() {
    if (prevouts == null) {
      prevouts = hashOfInputs(input -> writeOutPoint(input.previousOutput()));
    }
    return prevouts;
  }

  private byte[] sequences() {
    if (sequences == null) {
      sequences = hashOfInputs(input -> out.uint32(input.sequence()));
    }
    return sequences;
  }

  private byte[] hashOfInputs(Consumer<TransactionInput> write) {
    out.clear();
    transaction.inputs().forEach(write);
    return out.hash(hasher);
  }

  private byte[] outputs() {
    if (outputs == null) {
      outputs = hashOfOutputs(transaction.outputs(), this::writeOutput);
    }
    return outputs;
  }

  private byte[] amounts() {
    if (amounts == null) {
      amounts = hashOfOutputs(spentOutputs, spent -> out.int64(spent.units()));
    }
    return amounts;
  }

  private byte[] scripts() {
    if (scripts == null) {
      scripts = hashOfOutputs(spentOutputs, spent -> out.varBytes(spent.script()));
    }
    return scripts;
  }

  private byte[] hashOfOutputs(List<TransactionOutput> all, Consumer<TransactionOutput> write) {
    out.clear();
    all.forEach(write);
    return out.hash(hasher);
  }

  private byte[] doublePrevouts() {
    if (doublePrevouts == null) {
      doublePrevouts = again(prevouts());
    }
    return doublePrevouts;
  }

  private byte[] doubleSequences() {
    if (doubleSequences == null) {
      doubleSequences = again(sequences());
    }
    return doubleSequences;
  }

  private byte[] doubleOutputs() {
    if (doubleOutputs == null) {
      doubleOutputs = again(outputs());
    }
    return doubleOutputs;
  }

  private byte[] singleOutput(int index) {
    out.clear();
    writeOutput(transaction.outputs().get(index));
    return out.hash(hasher);
  }

  private byte[] again(byte[] hash) {
    return hasher.hash(hash, 0, hash.length);
  }

  private void writeOutPoint(OutPoint outPoint) {
    out.hash(outPoint.txid()).int32(outPoint.index());
  }

  private void writeOutput(TransactionOutput output) {
    out.int64(output.units()).varBytes(output.script());
  }
}
