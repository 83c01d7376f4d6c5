package org.chaincore.core.block;

import org.chaincore.core.value.Bytes;

/**
 * One input: the coin it spends and what authorises that. Immutable.
 *
 * @param previousOutput the coin
 * @param scriptSig the legacy authorisation; in a coinbase the height and the miner's own bytes
 * @param sequence 0..2³²−1: relative lock time (BIP68) and replaceability (BIP125)
 * @param witness the authorisation outside the txid
 */
public record TransactionInput(
    OutPoint previousOutput, Bytes scriptSig, long sequence, Witness witness) {
  /** A sequence without a relative lock, of a transaction whose lock time does not count. */
  public static final long FINAL_SEQUENCE = 0xffff_ffffL;

  static final int MIN_BYTES = OutPoint.BYTES + 1 + 4;

  public TransactionInput {
    if (sequence < 0 || sequence > FINAL_SEQUENCE) {
      throw new IllegalArgumentException("sequence outside 0..2^32-1: " + sequence);
    }
  }

  /** An unsigned input with the final sequence. */
  public static TransactionInput spending(OutPoint previousOutput) {
    return new TransactionInput(previousOutput, Bytes.EMPTY, FINAL_SEQUENCE, Witness.EMPTY);
  }

  static TransactionInput read(ByteReader in) {
    return new TransactionInput(
        OutPoint.read(in),
        in.varBytes("input script_sig"),
        in.uint32("input sequence"),
        Witness.EMPTY);
  }

  public TransactionInput withScriptSig(Bytes newScriptSig) {
    return new TransactionInput(previousOutput, newScriptSig, sequence, witness);
  }

  public TransactionInput withWitness(Witness newWitness) {
    return new TransactionInput(previousOutput, scriptSig, sequence, newWitness);
  }

  public TransactionInput withSequence(long newSequence) {
    return new TransactionInput(previousOutput, scriptSig, newSequence, witness);
  }

  void write(ByteWriter out) {
    out.hash(previousOutput.txid())
        .int32(previousOutput.index())
        .varBytes(scriptSig)
        .uint32(sequence);
  }

  /** Bytes on the wire, without the witness. */
  int size() {
    return OutPoint.BYTES + ByteWriter.varBytesSize(scriptSig) + 4;
  }
}
