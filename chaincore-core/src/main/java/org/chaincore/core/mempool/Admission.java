package org.chaincore.core.mempool;

import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.event.ChainEvent.RemovalReason;
import org.chaincore.core.ledger.SpendResult;
import org.chaincore.core.mempool.MinimumFee.Fullness;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.rules.TransactionRules;

/**
 * One transaction on its way into the mempool, through checks that grow more expensive: what it
 * says by itself, whom it conflicts with, what its coins are, what it pays, who its relatives are,
 * and last the signatures.
 *
 * <p>From the relatives on it is judged in its place, with everything it replaces or evicts gone,
 * under a {@link Trial} that a refusal takes back.
 */
final class Admission {
  /**
   * So many outputs of a transaction with unknown coins are looked up, to see whether it was mined:
   * nobody signed it, so it may have thousands for nothing. If all these are spent or hold no coin
   * it waits as an orphan for a while, which does no harm.
   */
  static final int MAX_OUTPUTS_LOOKED_UP = 8;

  /** What judging a transaction came to. */
  sealed interface Verdict {
    /** It is in the graph. */
    record In(MempoolEntry entry, List<Removal> removals) implements Verdict {}

    /** It, or one with its txid, is in the chain already. */
    record Mined() implements Verdict {}

    /** Its coins are unknown. */
    record Missing(List<OutPoint> outPoints) implements Verdict {}

    /** It may not come in. */
    record Out(Rejection rejection) implements Verdict {}
  }

  private final Gate gate;
  private final PoolGraph graph;
  private final Transaction transaction;
  private final MempoolContext context;
  private final Ticket ticket;

  /** When a transaction came, and as which. */
  record Ticket(long nowSeconds, long sequence) {}

  Admission(
      Gate gate, PoolGraph graph, Transaction transaction, MempoolContext context, Ticket ticket) {
    this.gate = gate;
    this.graph = graph;
    this.transaction = transaction;
    this.context = context;
    this.ticket = ticket;
  }

  Verdict judge() {
    Optional<Rejection> fault = checkAlone();
    if (fault.isPresent()) {
      return new Verdict.Out(fault.get());
    }
    Replacement replacement = Replacement.by(transaction, graph);
    fault = replacement.checkSignals();
    if (fault.isPresent()) {
      return new Verdict.Out(fault.get());
    }
    SpendResult result =
        gate.spendRules()
            .check(
                transaction, graph.over(context.coins(), context.next().height()), context.next());
    if (result instanceof SpendResult.Missing missing) {
      return judgeMissing(missing.outPoints());
    }
    if (result instanceof SpendResult.Refused refused) {
      return new Verdict.Out(refused.rejection());
    }
    return judgeSpendable((SpendResult.Spendable) result, replacement);
  }

  private Optional<Rejection> checkAlone() {
    if (transaction.isCoinbase()) {
      return reject(RejectionCode.LOOSE_COINBASE, "a coinbase outside a block");
    }
    Optional<Rejection> fault = gate.standardLimits().checkWeight(transaction);
    if (fault.isPresent()) {
      return fault;
    }
    fault = gate.transactionRules().check(transaction);
    if (fault.isPresent()) {
      return fault;
    }
    boolean isFinal =
        TransactionRules.isFinal(
            transaction, context.next().height(), context.next().medianTimePast());
    return isFinal
        ? Optional.empty()
        : reject(
            RejectionCode.NOT_FINAL,
            "lock time " + transaction.lockTime() + " at height " + context.next().height());
  }

  private Verdict judgeMissing(List<OutPoint> missing) {
    for (OutPoint outPoint : missing) {
      if (graph.find(outPoint.txid()) != null) {
        return new Verdict.Out(
            Rejection.of(
                RejectionCode.MISSING_OR_SPENT, "no coin at " + outPoint + " will ever be"));
      }
    }
    int outputs = Math.min(MAX_OUTPUTS_LOOKED_UP, transaction.outputs().size());
    for (int i = 0; i < outputs; i++) {
      if (context.coins().coin(transaction.outPoint(i)) != null) {
        return new Verdict.Mined();
      }
    }
    return new Verdict.Missing(missing);
  }

  private Verdict judgeSpendable(SpendResult.Spendable spendable, Replacement replacement) {
    MempoolEntry entry =
        new MempoolEntry(
            transaction,
            spendable.fee(),
            spendable.signatureOperationsCost(),
            ticket.nowSeconds(),
            ticket.sequence());
    Optional<Rejection> fault = gate.standardLimits().checkSignatureOperations(entry);
    if (fault.isEmpty()) {
      fault = checkFee(entry);
    }
    if (fault.isEmpty()) {
      fault = gate.chainLimits().checkNearest(transaction, graph);
    }
    if (fault.isEmpty() && replacement.isNeeded()) {
      fault = replacement.check(entry, gate.limits().minFeePerKilobyte());
    }
    return fault.isPresent()
        ? new Verdict.Out(fault.get())
        : judgeInPlace(new PoolNode(entry), replacement, spendable);
  }

  private Optional<Rejection> checkFee(MempoolEntry entry) {
    long floor = gate.limits().minFeePerKilobyte();
    if (entry.feeRate().compareTo(FeeRate.perKilobyte(floor)) < 0) {
      return reject(
          RejectionCode.FEE_TOO_LOW,
          "pays " + entry.feeRate() + ", at least " + floor + " for 1000 vB");
    }
    long demand = gate.minimumFee().perKilobyte(ticket.nowSeconds(), fullness());
    return entry.feeRate().compareTo(FeeRate.perKilobyte(demand)) < 0
        ? reject(
            RejectionCode.MEMPOOL_FULL,
            "pays " + entry.feeRate() + ", at least " + demand + " for 1000 vB since it was full")
        : Optional.empty();
  }

  private Verdict judgeInPlace(
      PoolNode node, Replacement replacement, SpendResult.Spendable spendable) {
    Trial trial = new Trial(graph);
    boolean isIn = false;
    try {
      trial.remove(replacement.direct(), RemovalReason.REPLACED);
      trial.link(node);
      Optional<Rejection> fault = gate.chainLimits().check(node);
      List<FeeRate> evictedRates =
          fault.isEmpty() ? trial.makeRoom(gate.limits().maxVirtualBytes()) : List.of();
      if (fault.isEmpty() && graph.find(node.txid()) == null) {
        fault =
            reject(
                RejectionCode.MEMPOOL_FULL,
                "pays " + node.entry().feeRate() + ", less than what would have to go for it");
      }
      if (fault.isEmpty()) {
        fault = gate.signatures().check(transaction, spendable.coins());
      }
      if (fault.isPresent()) {
        return new Verdict.Out(fault.get());
      }
      isIn = true;
      evictedRates.forEach(
          rate -> gate.minimumFee().evicted(rate, ticket.nowSeconds(), fullness()));
      return new Verdict.In(node.entry(), trial.removals());
    } finally {
      if (!isIn) {
        trial.undo();
      }
    }
  }

  private Fullness fullness() {
    return gate.fullness(graph);
  }

  private static Optional<Rejection> reject(RejectionCode code, String detail) {
    return Optional.of(Rejection.of(code, detail));
  }
}
