package org.chaincore.store.codec;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Hash256;

/**
 * The highest block of the chain that an index knows. Immutable.
 *
 * @param block its hash
 * @param height its height
 */
public record IndexMark(Hash256 block, int height) {
  public static IndexMark read(byte[] payload) {
    return ByteReader.readAll(
        payload,
        "index mark",
        in -> new IndexMark(in.hash("index mark block"), in.int32("index mark height")));
  }

  public byte[] toBytes() {
    return ByteWriter.create().hash(block).int32(height).toArray();
  }
}
