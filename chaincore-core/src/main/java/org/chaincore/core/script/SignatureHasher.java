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
 * inputs costs n² to check, which was used to stall nodes; {@link LegacyHasher} saves what can be
 * saved, and a network may limit the rest. The two newer hashes cover digests of all outpoints,
 * sequences, amounts, scripts and outputs instead. Those are the same for every input; they are
 * made here once, when first needed, and n inputs cost n.
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

  private final Digests digests;
  private @Nullable LegacyHasher legacy;

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
    this.digests = new Digests();
  }

  private SignatureHasher(SignatureHasher other, Sha256 hasher, ByteWriter buffer) {
    this.transaction = other.transaction;
    this.spentOutputs = other.spentOutputs;
    this.hasher = hasher;
    this.out = buffer;
    this.digests = other.digests;
  }

  /**
   * One for another thread, with a hasher and a buffer of that thread. What is the same for every
   * input is made by whichever needs it first.
   */
  SignatureHasher beside(Sha256 otherHasher, ByteWriter otherBuffer) {
    return new SignatureHasher(this, otherHasher, otherBuffer);
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
    LegacyHasher made = legacy;
    if (made == null) {
      made = new LegacyHasher(transaction, legacyParts(), out);
      legacy = made;
    }
    return made.hash(input, withoutCodeSeparators(scriptCode), hashType);
  }

  private LegacyHasher.Parts legacyParts() {
    LegacyHasher.Parts parts = digests.legacyParts;
    if (parts == null) {
      parts = LegacyHasher.Parts.of(transaction);
      digests.legacyParts = parts;
    }
    return parts;
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
    byte[] known = digests.prevouts;
    if (known == null) {
      known = hashOf(transaction.inputs(), input -> writeOutPoint(input.previousOutput()));
      digests.prevouts = known;
    }
    return known;
  }

  private byte[] sequences() {
    byte[] known = digests.sequences;
    if (known == null) {
      known = hashOf(transaction.inputs(), input -> out.uint32(input.sequence()));
      digests.sequences = known;
    }
    return known;
  }

  private byte[] outputs() {
    byte[] known = digests.outputs;
    if (known == null) {
      known = hashOf(transaction.outputs(), this::writeOutput);
      digests.outputs = known;
    }
    return known;
  }

  private byte[] amounts() {
    byte[] known = digests.amounts;
    if (known == null) {
      known = hashOf(spentOutputs, spent -> out.int64(spent.units()));
      digests.amounts = known;
    }
    return known;
  }

  private byte[] scripts() {
    byte[] known = digests.scripts;
    if (known == null) {
      known = hashOf(spentOutputs, spent -> out.varBytes(spent.script()));
      digests.scripts = known;
    }
    return known;
  }

  private <T> byte[] hashOf(List<T> all, Consumer<T> write) {
    out.clear();
    for (int i = 0; i < all.size(); i++) {
      write.accept(all.get(i));
    }
    return out.hash(hasher);
  }

  private byte[] doublePrevouts() {
    byte[] known = digests.doublePrevouts;
    if (known == null) {
      known = again(prevouts());
      digests.doublePrevouts = known;
    }
    return known;
  }

  private byte[] doubleSequences() {
    byte[] known = digests.doubleSequences;
    if (known == null) {
      known = again(sequences());
      digests.doubleSequences = known;
    }
    return known;
  }

  private byte[] doubleOutputs() {
    byte[] known = digests.doubleOutputs;
    if (known == null) {
      known = again(outputs());
      digests.doubleOutputs = known;
    }
    return known;
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

  /**
   * What is the same for every input: single SHA-256, as BIP341 has them; BIP143 hashes each once
   * more. Volatile, so that threads may share them; two may make the same one, which is harmless.
   */
  private static final class Digests {
    private volatile byte @Nullable [] prevouts;
    private volatile byte @Nullable [] sequences;
    private volatile byte @Nullable [] outputs;
    private volatile byte @Nullable [] amounts;
    private volatile byte @Nullable [] scripts;
    private volatile byte @Nullable [] doublePrevouts;
    private volatile byte @Nullable [] doubleSequences;
    private volatile byte @Nullable [] doubleOutputs;
    private volatile LegacyHasher.@Nullable Parts legacyParts;
  }
}
