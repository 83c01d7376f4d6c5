package org.chaincore.core.ledger;

import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;

/**
 * Relative lock times: an input may say that its coin must be so many blocks, or so many times 512
 * seconds, old (BIP68). Stateless.
 */
final class SequenceLocks {
  private static final int MIN_VERSION = 2;
  private static final long DISABLED = 1L << 31;
  private static final long BY_TIME = 1L << 22;
  private static final long VALUE_MASK = 0xffff;
  private static final int SECONDS_SHIFT = 9;

  private SequenceLocks() {}

  /**
   * The first input whose lock still holds.
   *
   * @param coins the coins that the inputs spend, in their order
   */
  static Optional<Rejection> check(
      Transaction transaction, List<Coin> coins, SpendContext context) {
    if (Integer.compareUnsigned(transaction.version(), MIN_VERSION) < 0) {
      return Optional.empty();
    }
    for (int i = 0; i < coins.size(); i++) {
      long sequence = transaction.inputs().get(i).sequence();
      if ((sequence & DISABLED) == 0 && isLocked(sequence, coins.get(i).height(), context)) {
        return Optional.of(
            Rejection.of(
                RejectionCode.SEQUENCE_LOCKED,
                "input " + i + " is locked by its sequence " + sequence));
      }
    }
    return Optional.empty();
  }

  private static boolean isLocked(long sequence, int coinHeight, SpendContext context) {
    long value = sequence & VALUE_MASK;
    if ((sequence & BY_TIME) == 0) {
      return context.height() < coinHeight + value;
    }
    // Time is counted from the median time before the coin's block.
    long start = context.medianTimeBefore().applyAsLong(Math.max(0, coinHeight - 1));
    return context.medianTimePast() < start + (value << SECONDS_SHIFT);
  }
}
