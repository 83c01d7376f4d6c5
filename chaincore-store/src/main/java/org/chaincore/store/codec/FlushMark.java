package org.chaincore.store.codec;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Hash256;

/**
 * The block whose coins are in the table of coins. Immutable.
 *
 * @param block its hash
 * @param height its height
 */
public record FlushMark(Hash256 block, int height) {
  public static FlushMark read(byte[] payload) {
    return ByteReader.readAll(
        payload,
        "flush mark",
        in -> new FlushMark(in.hash("flush mark block"), in.int32("flush mark height")));
  }

  public byte[] toBytes() {
    return ByteWriter.create().hash(block).int32(height).toArray();
  }
}
