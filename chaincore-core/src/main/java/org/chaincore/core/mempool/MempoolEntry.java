package org.chaincore.core.mempool;

import org.chaincore.core.block.Transaction;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Hash256;

/**
 * A transaction of the mempool and what is known of it. Immutable.
 *
 * @param transaction the transaction
 * @param fee what it leaves to the miner
 * @param signatureOperationsCost as a block counts it
 * @param arrivalSeconds when it came, Unix seconds
 * @param sequence its place in the order in which transactions came
 */
public record MempoolEntry(
    Transaction transaction,
    Amount fee,
    int signatureOperationsCost,
    long arrivalSeconds,
    long sequence) {
  public Hash256 txid() {
    return transaction.txid();
  }

  public int virtualSize() {
    return transaction.virtualSize();
  }

  /** What it pays by itself, ancestors and descendants apart. */
  public FeeRate feeRate() {
    return FeeRate.of(fee.units(), virtualSize());
  }
}
