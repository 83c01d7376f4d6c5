package org.chaincore.core.script;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * The legacy signature hash of the inputs of one transaction.
 *
 * <p>Each hash covers the whole transaction with the scripts of all inputs but one left out. What
 * comes before input i is therefore the same in the hash of every later input, and SHA-256 can be
 * stopped behind it: whoever asks for the inputs in ascending order has each prefix hashed on from
 * the one before, and of n inputs n²/2 are hashed instead of n². What comes behind an input, the
 * outputs too, cannot be shared, since SHA-256 goes one way; it is laid out in bytes once.
 *
 * <p>Not thread-safe; threads share the {@link Parts}.
 */
final class LegacyHasher {
  /** An input without script: out point, empty script, sequence. */
  private static final int BLANK_INPUT_BYTES = 41;

  private static final int SEQUENCE_OFFSET = 37;

  private final Transaction transaction;
  private final Parts parts;
  private final ByteWriter out;

  /** Has taken in nothing between two calls. */
  private final MessageDigest fresh = sha256();

  /** One of each kind: a transaction whose hash types alternate gains nothing by it. */
  private final Prefix ofInputs;

  private final Prefix ofZeroed;

  /**
   * A hasher.
   *
   * @param buffer lent for the length of a call
   */
  LegacyHasher(Transaction transaction, Parts parts, ByteWriter buffer) {
    this.transaction = transaction;
    this.parts = parts;
    this.out = buffer;
    this.ofInputs = new Prefix(parts.inputs);
    this.ofZeroed = new Prefix(parts.zeroed);
  }

  /** The bytes that the hashes of a transaction's inputs have in common. Not changed once made. */
  static final class Parts {
    /** Each without its script. */
    private final byte[] inputs;

    /** The same with sequences of zero, as for types whose other inputs may change. */
    private final byte[] zeroed;

    /** With their number before them. */
    private final byte[] outputs;

    private Parts(byte[] inputs, byte[] zeroed, byte[] outputs) {
      this.inputs = inputs;
      this.zeroed = zeroed;
      this.outputs = outputs;
    }

    static Parts of(Transaction transaction) {
      List<TransactionInput> all = transaction.inputs();
      ByteWriter out = ByteWriter.ofExpectedSize(all.size() * BLANK_INPUT_BYTES);
      all.forEach(input -> writeInput(out, input, Bytes.EMPTY));
      byte[] inputs = out.toArray();
      byte[] zeroed = inputs.clone();
      for (int at = SEQUENCE_OFFSET; at < zeroed.length; at += BLANK_INPUT_BYTES) {
        zeroed[at] = 0;
        zeroed[at + 1] = 0;
        zeroed[at + 2] = 0;
        zeroed[at + 3] = 0;
      }
      out.clear().compactSize(transaction.outputs().size());
      transaction.outputs().forEach(output -> writeOutput(out, output));
      return new Parts(inputs, zeroed, out.toArray());
    }
  }

  /**
   * The hash.
   *
   * @param hashType any but SINGLE for an input that has no output of its number
   */
  Hash256 hash(int input, Bytes scriptCode, int hashType) {
    TransactionInput signed = transaction.inputs().get(input);
    MessageDigest sha;
    if (SignatureHashType.isAnyoneCanPay(hashType)) {
      fresh.update(head(1));
      sha = fresh;
      update(sha, signed, scriptCode);
    } else {
      boolean othersMayChange =
          SignatureHashType.isNone(hashType) || SignatureHashType.isSingle(hashType);
      Prefix others = othersMayChange ? ofZeroed : ofInputs;
      sha = others.upTo(input);
      update(sha, signed, scriptCode);
      others.updateBehind(input, sha);
    }
    updateOutputs(sha, input, hashType);
    sha.update(out.clear().uint32(transaction.lockTime()).int32(hashType).toArray());
    return Hash256.ofWire(fresh.digest(sha.digest()));
  }

  private byte[] head(int inputs) {
    return out.clear().int32(transaction.version()).compactSize(inputs).toArray();
  }

  private void update(MessageDigest sha, TransactionInput input, Bytes scriptCode) {
    out.clear();
    writeInput(out, input, scriptCode);
    sha.update(out.toArray());
  }

  private void updateOutputs(MessageDigest sha, int input, int hashType) {
    if (SignatureHashType.isNone(hashType)) {
      sha.update((byte) 0);
    } else if (SignatureHashType.isSingle(hashType)) {
      out.clear().compactSize(input + 1L);
      for (int i = 0; i < input; i++) {
        out.int64(-1).compactSize(0);
      }
      writeOutput(out, transaction.outputs().get(input));
      sha.update(out.toArray());
    } else {
      sha.update(parts.outputs);
    }
  }

  /** The inputs that are not signed, and SHA-256 of those at the beginning. */
  private final class Prefix {
    private final byte[] inputs;

    /** Has taken in what comes before input {@link #next}; null while that is nothing. */
    private @Nullable MessageDigest digest;

    private int next;

    Prefix(byte[] inputs) {
      this.inputs = inputs;
    }

    /** A digest that has taken in all that comes before an input. */
    MessageDigest upTo(int input) {
      try {
        MessageDigest known = digest;
        if (known == null || next > input) {
          known = (MessageDigest) fresh.clone();
          known.update(head(transaction.inputs().size()));
          digest = known;
          next = 0;
        }
        int from = next * BLANK_INPUT_BYTES;
        known.update(inputs, from, input * BLANK_INPUT_BYTES - from);
        next = input;
        return (MessageDigest) known.clone();
      } catch (CloneNotSupportedException e) {
        // A provider's digest that cannot be stopped half-way: from the start, then.
        fresh.update(head(transaction.inputs().size()));
        fresh.update(inputs, 0, input * BLANK_INPUT_BYTES);
        return fresh;
      }
    }

    void updateBehind(int input, MessageDigest sha) {
      int from = (input + 1) * BLANK_INPUT_BYTES;
      sha.update(inputs, from, inputs.length - from);
    }
  }

  private static void writeInput(ByteWriter out, TransactionInput input, Bytes script) {
    OutPoint spent = input.previousOutput();
    out.hash(spent.txid()).int32(spent.index()).varBytes(script).uint32(input.sequence());
  }

  private static void writeOutput(ByteWriter out, TransactionOutput output) {
    out.int64(output.units()).varBytes(output.script());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
