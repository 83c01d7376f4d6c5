package org.chaincore.core.block;

import org.chaincore.core.value.Hash256;

/**
 * Names one output of one transaction. Comparable, so that hash maps stay fast under keys that
 * somebody chose to collide: whoever sends a transaction chooses what its inputs name. Immutable.
 *
 * @param txid the transaction
 * @param index the output's place in it, an unsigned 32-bit number
 */
public record OutPoint(Hash256 txid, int index) implements Comparable<OutPoint> {
  /** Bytes of an out point on the wire. */
  public static final int BYTES = 36;

  /** What the input of a coinbase spends: nothing. */
  public static final OutPoint NULL = new OutPoint(Hash256.ZERO, -1);

  static OutPoint read(ByteReader in) {
    return new OutPoint(in.hash("input previous txid"), in.int32("input previous index"));
  }

  public boolean isNull() {
    return equals(NULL);
  }

  /** By transaction, then by index as unsigned. */
  @Override
  public int compareTo(OutPoint other) {
    int byTxid = txid.compareTo(other.txid);
    return byTxid != 0 ? byTxid : Integer.compareUnsigned(index, other.index);
  }

  /** What a record would have, which the maps of coins would wait for. */
  @Override
  public boolean equals(Object other) {
    return other instanceof OutPoint that && index == that.index && txid.equals(that.txid);
  }

  @Override
  public int hashCode() {
    return txid.hashCode() * 31 + index;
  }

  @Override
  public String toString() {
    return txid + ":" + Integer.toUnsignedString(index);
  }
}
