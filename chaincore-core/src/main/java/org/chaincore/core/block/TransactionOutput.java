package org.chaincore.core.block;

import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;

/**
 * One output: a sum and the script that says who may spend it. Immutable.
 *
 * @param units base units as the wire has them, any 64-bit number: whether they are an {@link
 *     Amount} is for the rules to say
 * @param script the scriptPubKey
 */
public record TransactionOutput(long units, Bytes script) {
  static final int MIN_BYTES = 8 + 1;

  public static TransactionOutput of(Amount amount, Bytes script) {
    return new TransactionOutput(amount.units(), script);
  }

  static TransactionOutput read(ByteReader in) {
    return new TransactionOutput(in.int64("output amount"), in.varBytes("output script_pubkey"));
  }

  void write(ByteWriter out) {
    out.int64(units).varBytes(script);
  }

  /** Bytes on the wire. */
  public int size() {
    return 8 + ByteWriter.varBytesSize(script);
  }
}
