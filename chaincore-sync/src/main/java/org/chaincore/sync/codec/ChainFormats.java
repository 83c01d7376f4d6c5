package org.chaincore.sync.codec;

import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.chain.Locator;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.GetBlocks;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.NodeDescription;

/** Headers, blocks, and what asks for them. Stateless. */
final class ChainFormats {
  static final int MAX_LOCATOR_BYTES = 4 + 1 + (Locator.MAX_HASHES + 1) * Hash256.BYTES;

  /** A header and the number of its transactions, of which none follow. */
  private static final int HEADER_BYTES = BlockHeader.BYTES + 1;

  static final int MAX_HEADERS_BYTES = 3 + Headers.MAX_HEADERS * HEADER_BYTES;

  private ChainFormats() {}

  static GetHeaders readGetHeaders(ByteReader in) {
    return new GetHeaders(readLocator(in), in.hash("stop hash"));
  }

  static void writeGetHeaders(GetHeaders message, ByteWriter out) {
    writeLocator(message.locator(), out);
    out.hash(message.stop());
  }

  static GetBlocks readGetBlocks(ByteReader in) {
    return new GetBlocks(readLocator(in), in.hash("stop hash"));
  }

  static void writeGetBlocks(GetBlocks message, ByteWriter out) {
    writeLocator(message.locator(), out);
    out.hash(message.stop());
  }

  /** Begins with a version of the protocol that nobody reads. */
  private static Locator readLocator(ByteReader in) {
    in.int32("protocol version");
    return new Locator(in.list("locator", Hash256.BYTES, item -> item.hash("locator hash")));
  }

  private static void writeLocator(Locator locator, ByteWriter out) {
    out.int32(NodeDescription.PROTOCOL_VERSION).compactSize(locator.hashes().size());
    locator.hashes().forEach(out::hash);
  }

  static Headers readHeaders(ByteReader in, Sha256 hasher) {
    return new Headers(in.list("headers", HEADER_BYTES, item -> readBareHeader(item, hasher)));
  }

  private static BlockHeader readBareHeader(ByteReader in, Sha256 hasher) {
    BlockHeader header = BlockHeader.read(in, hasher);
    int at = in.position();
    int transactions = in.uint8("transactions of a header");
    if (transactions != 0) {
      throw new MalformedBytesException(
          at, "transactions of a header", transactions + " declared, where none may follow");
    }
    return header;
  }

  /** Bytes of the payload. */
  static int bytesOf(Headers message) {
    int count = message.headers().size();
    return ByteWriter.compactSizeBytes(count) + count * HEADER_BYTES;
  }

  static void writeHeaders(Headers message, ByteWriter out) {
    out.compactSize(message.headers().size());
    for (BlockHeader header : message.headers()) {
      header.write(out);
      out.uint8(0);
    }
  }

  static BlockMessage readBlock(ByteReader in, Sha256 hasher) {
    return new BlockMessage(Block.read(in, hasher));
  }

  static void writeBlock(BlockMessage message, ByteWriter out) {
    Block block = message.block();
    if (message.withWitness()) {
      block.write(out);
      return;
    }
    block.header().write(out);
    out.compactSize(block.transactions().size());
    block.transactions().forEach(transaction -> out.bytes(transaction.toWireWithoutWitness()));
  }
}
