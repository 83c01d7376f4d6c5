package org.chaincore.core.mempool;

import java.util.Optional;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.config.BlockLimits;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;

/**
 * How much of a block one transaction may take. What is above has no place in any block, on a
 * network with small ones, or would crowd out others; in the mempool it would hold room that it
 * never pays for.
 *
 * @param maxWeight weight units
 * @param maxSignatureOperationsCost as a block counts it
 */
record StandardLimits(int maxWeight, int maxSignatureOperationsCost) {
  /** As Bitcoin's nodes relay them: a tenth of their block, so that blocks can be filled. */
  static final int USUAL_WEIGHT = 400_000;

  /**
   * Weight units of a block that are not for transactions: header, count and coinbase take less, as
   * a coinbase script has at most 100 bytes and it pays to one template.
   */
  static final int COINBASE_RESERVE = 4_000;

  /**
   * One transaction may use up this part of a block's signature operations, as {@code
   * MAX_STANDARD_TX_SIGOPS_COST} of Bitcoin Core's policy.h. They are bought with weight, and a
   * light transaction can have many: if one could take all that the coinbase leaves, it would empty
   * the block of others for the fee of its own few bytes. Four fifths are more than a coinbase
   * needs, so what is within the limit can be mined.
   */
  private static final int OPERATIONS_SHARE = 5;

  static StandardLimits of(BlockLimits block) {
    return new StandardLimits(
        Math.min(USUAL_WEIGHT, block.maxWeight() - COINBASE_RESERVE),
        block.maxSignatureOperationsCost() / OPERATIONS_SHARE);
  }

  Optional<Rejection> checkWeight(Transaction transaction) {
    return transaction.weight() > maxWeight
        ? Optional.of(
            Rejection.of(
                RejectionCode.TRANSACTION_TOO_HEAVY,
                "weight " + transaction.weight() + " above " + maxWeight))
        : Optional.empty();
  }

  Optional<Rejection> checkSignatureOperations(MempoolEntry entry) {
    return entry.signatureOperationsCost() > maxSignatureOperationsCost
        ? Optional.of(
            Rejection.of(
                RejectionCode.TOO_MANY_SIGNATURE_OPERATIONS,
                "signature operations cost "
                    + entry.signatureOperationsCost()
                    + " above "
                    + maxSignatureOperationsCost))
        : Optional.empty();
  }
}
