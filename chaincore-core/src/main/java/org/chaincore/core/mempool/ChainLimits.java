package org.chaincore.core.mempool;

import java.util.Optional;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;

/**
 * How many unconfirmed transactions may hang together. Every transaction that comes or goes changes
 * the sums of its relatives, so their number bounds the work that one transaction can cause.
 *
 * @param limits the node's
 */
record ChainLimits(MempoolLimits limits) {
  /**
   * Whether a transaction has too many parents or children, each of which may bring many more: it
   * is refused before they are all visited.
   */
  Optional<Rejection> checkNearest(Transaction transaction, PoolGraph graph) {
    int most = limits.maxChain() - 1;
    int nearest =
        Math.max(graph.parentsOf(transaction).size(), graph.childrenOf(transaction).size());
    return nearest > most
        ? Optional.of(
            Rejection.of(
                RejectionCode.TOO_LONG_CHAIN,
                "has " + nearest + " unconfirmed parents or children, at most " + most))
        : Optional.empty();
  }

  /** Whether a node that was just linked takes itself or a relative beyond the limits. */
  Optional<Rejection> check(PoolNode linked) {
    Optional<Rejection> own = check("ancestors", linked, linked.ancestors());
    if (own.isEmpty()) {
      own = check("descendants", linked, linked.descendants());
    }
    for (PoolNode ancestor : linked.findAncestors()) {
      if (own.isEmpty()) {
        own = check("descendants", ancestor, ancestor.descendants());
      }
    }
    for (PoolNode descendant : linked.findDescendants()) {
      if (own.isEmpty()) {
        own = check("ancestors", descendant, descendant.ancestors());
      }
    }
    return own;
  }

  private Optional<Rejection> check(String what, PoolNode node, Totals totals) {
    boolean isTooMany = totals.count() > limits.maxChain();
    if (!isTooMany && totals.virtualBytes() <= limits.maxChainVirtualBytes()) {
      return Optional.empty();
    }
    return Optional.of(
        Rejection.of(
            RejectionCode.TOO_LONG_CHAIN,
            node.txid()
                + " would have, itself counted, "
                + totals.count()
                + " unconfirmed "
                + what
                + " of "
                + totals.virtualBytes()
                + " vB"));
  }
}
