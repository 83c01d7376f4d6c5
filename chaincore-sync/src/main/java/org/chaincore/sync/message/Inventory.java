package org.chaincore.sync.message;

import java.util.List;

/**
 * Announces what the sender has.
 *
 * @param items at most {@link InventoryItem#MAX_IN_MESSAGE}
 */
public record Inventory(List<InventoryItem> items) implements Message {
  public static final String COMMAND = "inv";

  public Inventory {
    items = InventoryItem.checked(items);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
