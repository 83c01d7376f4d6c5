package org.chaincore.core.ledger;

import org.chaincore.core.rules.Rejection;
import org.chaincore.core.value.Amount;

/** What comes of putting a block on top of the coins below it. */
public sealed interface ConnectResult {
  /**
   * The block is valid there.
   *
   * @param undo what brings the coins back
   * @param fees what its transactions leave to the miner
   */
  record Connected(BlockUndo undo, Amount fees) implements ConnectResult {}

  /**
   * The block breaks a rule; the coins are as they were.
   *
   * @param rejection which rule
   */
  record Refused(Rejection rejection) implements ConnectResult {}
}
