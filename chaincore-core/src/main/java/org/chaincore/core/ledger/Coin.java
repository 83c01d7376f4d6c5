package org.chaincore.core.ledger;

import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.value.Amount;

/**
 * An unspent output and where it came from. Immutable.
 *
 * @param output its worth and who may spend it
 * @param height the block that created it
 * @param isCoinbase whether a coinbase did, so that it must mature
 */
public record Coin(TransactionOutput output, int height, boolean isCoinbase) {
  public Amount amount() {
    return Amount.of(output.units());
  }
}
