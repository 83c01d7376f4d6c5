package org.chaincore.core.mempool;

import java.util.List;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.rules.Rejection;

/** What comes of offering a transaction to the mempool. */
public sealed interface MempoolOutcome {
  /**
   * It is in.
   *
   * @param entry what is known of it
   * @param removals what left for it, replaced or evicted, descendants before what they spend from
   */
  record Accepted(MempoolEntry entry, List<Removal> removals) implements MempoolOutcome {
    public Accepted {
      removals = List.copyOf(removals);
    }
  }

  /**
   * It is in the mempool or the chain already, perhaps with another witness: a second copy that
   * only differs there is worth nothing to a miner.
   */
  record AlreadyKnown() implements MempoolOutcome {}

  /**
   * It spends coins that are unknown, or spent.
   *
   * @param missing those, in the order of its inputs
   * @param isKept whether it waits for them now among the orphan transactions
   */
  record Orphaned(List<OutPoint> missing, boolean isKept) implements MempoolOutcome {
    public Orphaned {
      missing = List.copyOf(missing);
    }
  }

  /**
   * It breaks a rule, and the mempool is as it was.
   *
   * @param rejection which rule
   */
  record Rejected(Rejection rejection) implements MempoolOutcome {}
}
