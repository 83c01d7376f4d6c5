package org.chaincore.sync.message;

import java.util.List;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.value.Hash256;

/**
 * Answers {@link GetBlockTransactions}. Source: BIP152.
 *
 * @param blockHash of the block
 * @param transactions those asked for, in the order asked for
 */
public record BlockTransactions(Hash256 blockHash, List<Transaction> transactions)
    implements Message {
  public static final String COMMAND = "blocktxn";

  public BlockTransactions {
    Checks.atMost("transactions", transactions.size(), CompactBlock.MAX_TRANSACTIONS);
    transactions = List.copyOf(transactions);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
