package org.chaincore.sync.message;

import java.util.List;
import org.chaincore.core.value.Hash256;

/**
 * Names a block or a transaction.
 *
 * @param type what it names
 * @param hash of the block, or the txid or wtxid, as the type says
 */
public record InventoryItem(InventoryType type, Hash256 hash) {
  /** Bytes on the wire. */
  public static final int BYTES = 36;

  /** Items of one message: with more, a few messages would keep a node busy looking them up. */
  public static final int MAX_IN_MESSAGE = 50_000;

  static List<InventoryItem> checked(List<InventoryItem> items) {
    Checks.atMost("inventory items", items.size(), MAX_IN_MESSAGE);
    return List.copyOf(items);
  }
}
