package org.chaincore.core.mempool;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.value.Hash256;

/**
 * Whether a transaction may take the place of those that spend the same coins (BIP125).
 *
 * <p><b>Signalling is demanded</b> (rule 1): who pays says with a sequence below 0xfffffffe whether
 * the payment may be replaced. A host that shows unconfirmed payments to people can rely on the
 * others to be stable as far as honest nodes go, and nobody loses by it: a wallet that wants to
 * raise fees later only has to say so. Without it every unconfirmed payment would be as good as
 * none.
 *
 * <p>The other rules stop attacks. A replacement that paid no more (3, 4) would let one coin fill
 * the bandwidth of the whole network again and again. One that brings unconfirmed coins of its own
 * (2) could hang below a transaction that nobody mines. One that evicts thousands (5) would cost
 * more work than it pays for. And, beyond the text of BIP125 but as Bitcoin's nodes have it, it
 * must pay a better rate than each it replaces, or a large cheap transaction could push out small
 * good ones.
 *
 * <p>Immutable, for as long as the graph does not change.
 */
final class Replacement {
  /** Most transactions that one may replace, descendants included (rule 5). */
  static final int MAX_EVICTED = 100;

  private static final long HIGHEST_SIGNAL = 0xffff_fffdL;

  private final PoolGraph graph;
  private final Transaction transaction;
  private final Set<PoolNode> direct;

  private Replacement(PoolGraph graph, Transaction transaction, Set<PoolNode> direct) {
    this.graph = graph;
    this.transaction = transaction;
    this.direct = direct;
  }

  /** Looks up what a transaction conflicts with. */
  static Replacement by(Transaction transaction, PoolGraph graph) {
    return new Replacement(graph, transaction, graph.spendersOf(transaction));
  }

  boolean isNeeded() {
    return !direct.isEmpty();
  }

  /** Those that spend the same coins, their descendants left out. */
  Set<PoolNode> direct() {
    return direct;
  }

  /**
   * Rule 1, which needs no coins. Whom it conflicts with is counted first (rule 5): to look for
   * signals takes a walk through the ancestors of each, and nothing has been asked of the sender
   * yet.
   */
  Optional<Rejection> checkSignals() {
    if (direct.size() > MAX_EVICTED) {
      return tooMany(direct.size());
    }
    for (PoolNode conflict : direct) {
      boolean signals =
          signals(conflict) || conflict.findAncestors().stream().anyMatch(Replacement::signals);
      if (!signals) {
        return reject(
            RejectionCode.CONFLICT,
            "spends a coin that " + conflict.txid() + " spends, which is not replaceable");
      }
    }
    return Optional.empty();
  }

  private static boolean signals(PoolNode node) {
    return node.transaction().inputs().stream()
        .anyMatch(input -> input.sequence() <= HIGHEST_SIGNAL);
  }

  /**
   * All other rules, after {@link #checkSignals()} found nothing.
   *
   * @param stepPerKilobyte what it must pay for its own room, beyond what it replaces
   */
  Optional<Rejection> check(MempoolEntry entry, long stepPerKilobyte) {
    for (PoolNode conflict : direct) {
      if (entry.feeRate().compareTo(conflict.entry().feeRate()) <= 0) {
        return reject(
            RejectionCode.REPLACEMENT_REFUSED,
            "pays " + entry.feeRate() + ", to replace " + conflict.entry().feeRate());
      }
    }
    List<PoolNode> evicted = PoolGraph.withDescendants(direct);
    if (evicted.size() > MAX_EVICTED) {
      return tooMany(evicted.size());
    }
    Optional<Rejection> related = checkParents(Set.copyOf(evicted));
    return related.isPresent() ? related : checkFee(entry, evicted, stepPerKilobyte);
  }

  private Optional<Rejection> checkParents(Set<PoolNode> evicted) {
    for (TransactionInput input : transaction.inputs()) {
      Hash256 spentFrom = input.previousOutput().txid();
      PoolNode parent = graph.find(spentFrom);
      if (parent == null) {
        continue;
      }
      if (evicted.contains(parent)) {
        return reject(
            RejectionCode.CONFLICT, "spends from " + spentFrom + ", which it would replace");
      }
      if (direct.stream().noneMatch(conflict -> conflict.parents.contains(parent))) {
        return reject(
            RejectionCode.REPLACEMENT_ADDS_UNCONFIRMED,
            "spends from unconfirmed " + spentFrom + ", which nothing it replaces does");
      }
    }
    return Optional.empty();
  }

  private static Optional<Rejection> checkFee(
      MempoolEntry entry, List<PoolNode> evicted, long stepPerKilobyte) {
    long replaced = 0;
    for (PoolNode node : evicted) {
      replaced += node.entry().fee().units();
    }
    long more = entry.fee().units() - replaced;
    boolean paysForItsRoom =
        more >= 0
            && FeeRate.of(more, entry.virtualSize()).compareTo(FeeRate.perKilobyte(stepPerKilobyte))
                >= 0;
    return paysForItsRoom
        ? Optional.empty()
        : reject(
            RejectionCode.REPLACEMENT_REFUSED,
            "pays "
                + entry.fee().units()
                + ", to replace "
                + replaced
                + " and for its own "
                + entry.virtualSize()
                + " vB");
  }

  private static Optional<Rejection> tooMany(int count) {
    return reject(
        RejectionCode.TOO_MANY_REPLACEMENTS,
        "would replace " + count + " transactions, at most " + MAX_EVICTED);
  }

  private static Optional<Rejection> reject(RejectionCode code, String detail) {
    return Optional.of(Rejection.of(code, detail));
  }
}
