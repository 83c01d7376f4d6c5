package org.chaincore.sync.message;

import java.util.List;
import org.chaincore.core.value.Hash256;

/**
 * Asks for the transactions of a compact block that the sender could not find. Source: BIP152.
 *
 * @param blockHash of the block
 * @param indexes places in the block, ascending
 */
public record GetBlockTransactions(Hash256 blockHash, List<Integer> indexes) implements Message {
  public static final String COMMAND = "getblocktxn";

  public GetBlockTransactions {
    Checks.atMost("places", indexes.size(), CompactBlock.MAX_TRANSACTIONS);
    indexes = List.copyOf(indexes);
    Checks.ascendingIndexes("place", indexes, CompactBlock.MAX_TRANSACTIONS - 1);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
