package org.chaincore.sync.message;

import java.util.List;

/**
 * Asks for what was announced.
 *
 * @param items at most {@link InventoryItem#MAX_IN_MESSAGE}
 */
public record GetData(List<InventoryItem> items) implements Message {
  public static final String COMMAND = "getdata";

  public GetData {
    items = InventoryItem.checked(items);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
