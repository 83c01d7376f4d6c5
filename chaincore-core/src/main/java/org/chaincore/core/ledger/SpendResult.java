package org.chaincore.core.ledger;

import java.util.List;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.value.Amount;

/** What comes of looking up and judging the coins that a transaction spends, signatures apart. */
public sealed interface SpendResult {
  /**
   * The coins are there and may be spent, if the signatures are good.
   *
   * @param coins in the order of the inputs
   * @param fee what the outputs leave over
   * @param signatureOperationsCost as a block counts it
   */
  record Spendable(List<Coin> coins, Amount fee, int signatureOperationsCost)
      implements SpendResult {}

  /**
   * Some coins are unknown or spent: later they may be known.
   *
   * @param outPoints those, in the order of the inputs
   */
  record Missing(List<OutPoint> outPoints) implements SpendResult {}

  /**
   * A rule is broken.
   *
   * @param rejection which
   */
  record Refused(Rejection rejection) implements SpendResult {}
}
