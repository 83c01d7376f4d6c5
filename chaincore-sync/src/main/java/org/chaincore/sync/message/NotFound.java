package org.chaincore.sync.message;

import java.util.List;

/**
 * Says which of the things asked for the sender does not have.
 *
 * @param items at most {@link InventoryItem#MAX_IN_MESSAGE}
 */
public record NotFound(List<InventoryItem> items) implements Message {
  public static final String COMMAND = "notfound";

  public NotFound {
    items = InventoryItem.checked(items);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
