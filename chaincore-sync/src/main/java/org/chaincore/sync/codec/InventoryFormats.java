package org.chaincore.sync.codec;

import java.util.List;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.value.Sha256;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.TransactionMessage;

/** Names of blocks and transactions, and transactions. Stateless. */
final class InventoryFormats {
  static final int MAX_BYTES = 3 + InventoryItem.MAX_IN_MESSAGE * InventoryItem.BYTES;

  private InventoryFormats() {}

  static List<InventoryItem> readItems(ByteReader in) {
    return in.list("inventory", InventoryItem.BYTES, InventoryFormats::readItem);
  }

  private static InventoryItem readItem(ByteReader in) {
    InventoryType type = InventoryType.of(in.uint32("inventory type"));
    return new InventoryItem(type, in.hash("inventory hash"));
  }

  static void writeItems(List<InventoryItem> items, ByteWriter out) {
    out.compactSize(items.size());
    items.forEach(item -> out.uint32(item.type().code()).hash(item.hash()));
  }

  static TransactionMessage readTransaction(ByteReader in, Sha256 hasher) {
    return new TransactionMessage(Transaction.read(in, hasher));
  }

  static void writeTransaction(TransactionMessage message, ByteWriter out) {
    if (message.withWitness()) {
      message.transaction().write(out);
    } else {
      out.bytes(message.transaction().toWireWithoutWitness());
    }
  }
}
