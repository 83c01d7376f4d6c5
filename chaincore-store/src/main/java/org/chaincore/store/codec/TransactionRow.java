package org.chaincore.store.codec;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;

/**
 * Where a transaction is. Immutable.
 *
 * @param sequence the place of its block's header among all headers
 * @param index its place in the block
 */
public record TransactionRow(int sequence, int index) {
  public static TransactionRow read(byte[] payload) {
    return ByteReader.readAll(
        payload,
        "transaction row",
        in -> new TransactionRow(in.int32("transaction block"), in.int32("transaction index")));
  }

  public byte[] toBytes() {
    return ByteWriter.ofExpectedSize(8).int32(sequence).int32(index).toArray();
  }
}
