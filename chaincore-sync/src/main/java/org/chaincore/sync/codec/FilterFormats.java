package org.chaincore.sync.codec;

import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.PartialMerkleTree;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.chaincore.sync.filter.BloomFilter;
import org.chaincore.sync.message.FilterAdd;
import org.chaincore.sync.message.FilterLoad;
import org.chaincore.sync.message.MerkleBlock;

/** Filters and the blocks that went through them. Stateless. Source: BIP37. */
final class FilterFormats {
  static final int MAX_MERKLE_BLOCK_BYTES =
      BlockHeader.BYTES
          + 4
          + 3
          + PartialMerkleTree.MAX_TRANSACTIONS * Hash256.BYTES
          + 3
          + MerkleBlock.MAX_FLAG_BYTES;

  static final int MAX_LOAD_BYTES = 3 + BloomFilter.MAX_BYTES + 4 + 4 + 1;

  static final int MAX_ADD_BYTES = 3 + FilterAdd.MAX_BYTES;

  private FilterFormats() {}

  static MerkleBlock readMerkleBlock(ByteReader in, Sha256 hasher) {
    return new MerkleBlock(BlockHeader.read(in, hasher), PartialMerkleTree.read(in));
  }

  static void writeMerkleBlock(MerkleBlock message, ByteWriter out) {
    out.bytes(message.header().toWire());
    message.tree().write(out);
  }

  static FilterLoad readLoad(ByteReader in) {
    Bytes bits = in.varBytes("filter");
    int hashFunctions = (int) Math.min(in.uint32("hash functions"), Integer.MAX_VALUE);
    return new FilterLoad(bits, hashFunctions, in.int32("filter tweak"), in.uint8("filter flags"));
  }

  static void writeLoad(FilterLoad message, ByteWriter out) {
    out.varBytes(message.bits())
        .int32(message.hashFunctions())
        .int32(message.tweak())
        .uint8(message.flags());
  }
}
