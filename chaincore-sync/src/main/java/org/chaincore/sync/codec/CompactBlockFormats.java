package org.chaincore.sync.codec;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.chaincore.sync.message.BlockTransactions;
import org.chaincore.sync.message.CompactBlock;
import org.chaincore.sync.message.GetBlockTransactions;
import org.chaincore.sync.message.SendCompact;
import org.chaincore.sync.message.ShortIds;

/** Compact blocks. Stateless. Source: BIP152. */
final class CompactBlockFormats {
  static final int OFFER_BYTES = 1 + 8;

  private static final int MAX_INDEX_BYTES = 3;

  static final int MAX_REQUEST_BYTES =
      Hash256.BYTES + 5 + CompactBlock.MAX_TRANSACTIONS * MAX_INDEX_BYTES;

  private CompactBlockFormats() {}

  static SendCompact readOffer(ByteReader in) {
    return new SendCompact(Flags.read(in, "high bandwidth"), in.int64("compact block version"));
  }

  static void writeOffer(SendCompact message, ByteWriter out) {
    Flags.write(message.highBandwidth(), out);
    out.int64(message.version());
  }

  static CompactBlock readBlock(ByteReader in, Sha256 hasher) {
    BlockHeader header = BlockHeader.read(in, hasher);
    long nonce = in.int64("compact block nonce");
    int ids = in.count("short ids", ShortIds.BYTES);
    ShortIds shortIds = ShortIds.ofWire(in.bytes("short ids", ids * ShortIds.BYTES));
    return new CompactBlock(header, nonce, shortIds, readPrefilled(in, hasher));
  }

  private static List<CompactBlock.Prefilled> readPrefilled(ByteReader in, Sha256 hasher) {
    int count = in.count("prefilled transactions", 1 + Transaction.MIN_BYTES);
    List<CompactBlock.Prefilled> prefilled = new ArrayList<>(count);
    int index = -1;
    for (int i = 0; i < count; i++) {
      index = readIndex(in, index);
      prefilled.add(new CompactBlock.Prefilled(index, Transaction.read(in, hasher)));
    }
    return prefilled;
  }

  static void writeBlock(CompactBlock block, ByteWriter out) {
    out.bytes(block.header().toWire()).int64(block.nonce());
    out.compactSize(block.shortIds().count()).bytes(block.shortIds().toWire());
    out.compactSize(block.prefilled().size());
    int previous = -1;
    for (CompactBlock.Prefilled prefilled : block.prefilled()) {
      out.compactSize(prefilled.index() - previous - 1);
      prefilled.transaction().write(out);
      previous = prefilled.index();
    }
  }

  static GetBlockTransactions readRequest(ByteReader in) {
    Hash256 blockHash = in.hash("block hash");
    int count = in.count("transaction places", 1);
    List<Integer> indexes = new ArrayList<>(count);
    int index = -1;
    for (int i = 0; i < count; i++) {
      index = readIndex(in, index);
      indexes.add(index);
    }
    return new GetBlockTransactions(blockHash, indexes);
  }

  static void writeRequest(GetBlockTransactions request, ByteWriter out) {
    out.hash(request.blockHash()).compactSize(request.indexes().size());
    int previous = -1;
    for (int index : request.indexes()) {
      out.compactSize(index - previous - 1);
      previous = index;
    }
  }

  /** A place in the block, written as the number of places left out since the one before. */
  private static int readIndex(ByteReader in, int previous) {
    int at = in.position();
    long skipped = in.compactSize("transaction place");
    if (skipped < 0 || skipped > CompactBlock.MAX_TRANSACTIONS - 2 - previous) {
      throw new MalformedBytesException(
          at, "transaction place", Long.toUnsignedString(skipped) + " behind " + previous);
    }
    return previous + 1 + (int) skipped;
  }

  static BlockTransactions readTransactions(ByteReader in, Sha256 hasher) {
    Hash256 blockHash = in.hash("block hash");
    List<Transaction> transactions =
        in.list("transactions", Transaction.MIN_BYTES, item -> Transaction.read(item, hasher));
    return new BlockTransactions(blockHash, transactions);
  }

  static void writeTransactions(BlockTransactions message, ByteWriter out) {
    out.hash(message.blockHash()).compactSize(message.transactions().size());
    message.transactions().forEach(transaction -> transaction.write(out));
  }
}
