package org.chaincore.core.block;

import java.util.List;
import java.util.Optional;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;

/**
 * A transaction, with or without witness (BIP144).
 *
 * <p>It has two names: the {@link #txid()} leaves the witnesses out, so that a signature cannot
 * change it, and the {@link #wtxid()} covers every byte. Both are computed once.
 *
 * <p>Two encodings of one transaction would be two ways to say one thing, so each has one: with
 * marker and flag if any input has a witness, without if none has. A transaction without inputs has
 * no encoding of its own (its zero would read as the marker) and is refused by the reader.
 *
 * <p>Immutable and thread-safe.
 */
public final class Transaction {
  /** Bytes outside the witness weigh this much, those inside weigh one (BIP141). */
  public static final int WITNESS_SCALE = 4;

  /** No transaction has fewer bytes on the wire, so none of a counted list has. */
  public static final int MIN_BYTES = 4 + 1 + TransactionInput.MIN_BYTES + 1 + 4;

  private static final int MARKER = 0;
  private static final int WITNESS_FLAG = 1;
  private static final int VERSION_BYTES = 4;
  private static final int MARKER_AND_FLAG_BYTES = 2;
  private static final int LOCK_TIME_BYTES = 4;

  private final int version;
  private final List<TransactionInput> inputs;
  private final List<TransactionOutput> outputs;
  private final long lockTime;
  private final Hash256 txid;
  private final Hash256 wtxid;
  private final int size;
  private final int strippedSize;

  private Transaction(Body body, Hash256 txid, Hash256 wtxid) {
    this.version = body.version;
    this.inputs = body.inputs;
    this.outputs = body.outputs;
    this.lockTime = body.lockTime;
    this.txid = txid;
    this.wtxid = wtxid;
    this.strippedSize = body.strippedSize();
    this.size = strippedSize + body.witnessSize();
  }

  /**
   * A transaction of these parts.
   *
   * @param lockTime 0..2³²−1
   * @throws IllegalArgumentException if there is no input or the lock time does not fit
   */
  public static Transaction of(
      int version, List<TransactionInput> inputs, List<TransactionOutput> outputs, long lockTime) {
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("a transaction without inputs has no encoding");
    }
    if (lockTime < 0 || lockTime > 0xffff_ffffL) {
      throw new IllegalArgumentException("lock time outside 0..2^32-1: " + lockTime);
    }
    Body body = new Body(version, List.copyOf(inputs), List.copyOf(outputs), lockTime);
    Sha256 hasher = Sha256.create();
    Hash256 txid = body.hash(hasher, false);
    return new Transaction(body, txid, body.hasWitness() ? body.hash(hasher, true) : txid);
  }

  /**
   * Reads exactly one transaction.
   *
   * @throws MalformedBytesException if the bytes are not one canonical encoding
   */
  public static Transaction parse(byte[] wire) {
    return ByteReader.readAll(wire, "transaction", in -> read(in, Sha256.create()));
  }

  /** Reads the next transaction of {@code in}. */
  public static Transaction read(ByteReader in, Sha256 hasher) {
    int start = in.position();
    int version = in.int32("transaction version");
    boolean hasWitness = readMarker(in);
    int bodyStart = in.position();
    List<TransactionInput> inputs =
        in.list("transaction inputs", TransactionInput.MIN_BYTES, TransactionInput::read);
    List<TransactionOutput> outputs =
        in.list("transaction outputs", TransactionOutput.MIN_BYTES, TransactionOutput::read);
    int bodyEnd = in.position();
    if (hasWitness) {
      inputs = readWitnesses(in, inputs);
    }
    long lockTime = in.uint32("transaction lock_time");
    Body body = new Body(version, inputs, outputs, lockTime);
    Hash256 wtxid = in.doubleHash(hasher, start, in.position());
    Hash256 txid = hasWitness ? strippedHash(in, hasher, start, bodyStart, bodyEnd) : wtxid;
    return new Transaction(body, txid, wtxid);
  }

  private static boolean readMarker(ByteReader in) {
    if (in.peek(0) != MARKER) {
      return false;
    }
    in.uint8("transaction marker");
    int at = in.position();
    int flag = in.uint8("transaction flag");
    if (flag != WITNESS_FLAG) {
      throw new MalformedBytesException(
          at, "transaction flag", flag == 0 ? "transaction has no inputs" : "unknown: " + flag);
    }
    return true;
  }

  /** The inputs with the witnesses that follow. */
  private static List<TransactionInput> readWitnesses(
      ByteReader in, List<TransactionInput> inputs) {
    int at = in.position();
    if (inputs.isEmpty()) {
      throw new MalformedBytesException(at, "transaction inputs", "transaction has no inputs");
    }
    boolean any = false;
    TransactionInput[] whole = new TransactionInput[inputs.size()];
    for (int i = 0; i < whole.length; i++) {
      Witness witness = Witness.read(in);
      any |= !witness.isEmpty();
      whole[i] = inputs.get(i).withWitness(witness);
    }
    if (!any) {
      throw new MalformedBytesException(
          at, "transaction witness", "all witnesses empty in the witness encoding");
    }
    return List.of(whole);
  }

  /** The hash without marker, flag and witnesses, from the bytes that lie around them. */
  private static Hash256 strippedHash(
      ByteReader in, Sha256 hasher, int start, int bodyStart, int bodyEnd) {
    in.feed(hasher, start, start + VERSION_BYTES);
    in.feed(hasher, bodyStart, bodyEnd);
    in.feed(hasher, in.position() - LOCK_TIME_BYTES, in.position());
    return hasher.doubleHashOfFed();
  }

  public int version() {
    return version;
  }

  public List<TransactionInput> inputs() {
    return inputs;
  }

  public List<TransactionOutput> outputs() {
    return outputs;
  }

  /** A height below 500,000,000, Unix seconds from there on; 0..2³²−1. */
  public long lockTime() {
    return lockTime;
  }

  /** The double SHA-256 without witnesses. */
  public Hash256 txid() {
    return txid;
  }

  /** The double SHA-256 with witnesses; the txid if there are none. */
  public Hash256 wtxid() {
    return wtxid;
  }

  /** Whether this is a coinbase: one input that spends nothing. */
  public boolean isCoinbase() {
    return inputs.size() == 1 && inputs.get(0).previousOutput().isNull();
  }

  public boolean hasWitness() {
    return size != strippedSize;
  }

  /** The out point of output {@code index}. */
  public OutPoint outPoint(int index) {
    return new OutPoint(txid, index);
  }

  /** The output at {@code index} of an out point, if there is one; the index is unsigned. */
  public Optional<TransactionOutput> output(int index) {
    return index >= 0 && index < outputs.size()
        ? Optional.of(outputs.get(index))
        : Optional.empty();
  }

  /** Bytes on the wire. */
  public int size() {
    return size;
  }

  /** Bytes on the wire without witnesses. */
  public int strippedSize() {
    return strippedSize;
  }

  /** Weight units: three times the stripped size and the size (BIP141). */
  public int weight() {
    return strippedSize * (WITNESS_SCALE - 1) + size;
  }

  /**
   * Virtual bytes, the weight in units of non-witness bytes, rounded up: what fee rates divide by.
   */
  public int virtualSize() {
    return (weight() + WITNESS_SCALE - 1) / WITNESS_SCALE;
  }

  public Transaction withInputs(List<TransactionInput> newInputs) {
    return of(version, newInputs, outputs, lockTime);
  }

  public byte[] toWire() {
    ByteWriter out = ByteWriter.ofExpectedSize(size);
    write(out);
    return out.takeArray();
  }

  /** The encoding without witnesses, whose hash is the txid. */
  public byte[] toWireWithoutWitness() {
    ByteWriter out = ByteWriter.ofExpectedSize(strippedSize);
    write(out, false);
    return out.takeArray();
  }

  public void write(ByteWriter out) {
    write(out, hasWitness());
  }

  /** Writes it with its witnesses or without. */
  private void write(ByteWriter out, boolean withWitness) {
    Body.write(out, version, inputs, outputs, lockTime, withWitness);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Transaction that && wtxid.equals(that.wtxid);
  }

  @Override
  public int hashCode() {
    return wtxid.hashCode();
  }

  @Override
  public String toString() {
    return "transaction " + txid;
  }

  /** What is written, before it has names. */
  private record Body(
      int version, List<TransactionInput> inputs, List<TransactionOutput> outputs, long lockTime) {
    boolean hasWitness() {
      for (int i = 0; i < inputs.size(); i++) {
        if (!inputs.get(i).witness().isEmpty()) {
          return true;
        }
      }
      return false;
    }

    Hash256 hash(Sha256 hasher, boolean withWitness) {
      ByteWriter out = ByteWriter.create();
      write(out, withWitness);
      return out.doubleHash(hasher);
    }

    void write(ByteWriter out, boolean withWitness) {
      write(out, version, inputs, outputs, lockTime, withWitness);
    }

    /** By place and not by iterator: a block is written for every peer, and leaves nothing. */
    static void write(
        ByteWriter out,
        int version,
        List<TransactionInput> inputs,
        List<TransactionOutput> outputs,
        long lockTime,
        boolean withWitness) {
      out.int32(version);
      if (withWitness) {
        out.uint8(MARKER).uint8(WITNESS_FLAG);
      }
      out.compactSize(inputs.size());
      for (int i = 0; i < inputs.size(); i++) {
        inputs.get(i).write(out);
      }
      out.compactSize(outputs.size());
      for (int i = 0; i < outputs.size(); i++) {
        outputs.get(i).write(out);
      }
      if (withWitness) {
        for (int i = 0; i < inputs.size(); i++) {
          inputs.get(i).witness().write(out);
        }
      }
      out.uint32(lockTime);
    }

    int strippedSize() {
      int bytes = VERSION_BYTES + LOCK_TIME_BYTES;
      bytes += ByteWriter.compactSizeBytes(inputs.size());
      bytes += ByteWriter.compactSizeBytes(outputs.size());
      for (int i = 0; i < inputs.size(); i++) {
        bytes += inputs.get(i).size();
      }
      for (int i = 0; i < outputs.size(); i++) {
        bytes += outputs.get(i).size();
      }
      return bytes;
    }

    int witnessSize() {
      if (!hasWitness()) {
        return 0;
      }
      int bytes = MARKER_AND_FLAG_BYTES;
      for (int i = 0; i < inputs.size(); i++) {
        bytes += inputs.get(i).witness().size();
      }
      return bytes;
    }
  }
}
