package org.chaincore.core.mempool;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.event.ChainEvent.RemovalReason;
import org.chaincore.core.ledger.CoinView;
import org.chaincore.core.ledger.SignatureChecks;
import org.chaincore.core.ledger.SpendResult;
import org.chaincore.core.mempool.Admission.Ticket;
import org.chaincore.core.mempool.Admission.Verdict;
import org.chaincore.core.mempool.MempoolStats.Flow;
import org.chaincore.core.orphan.OrphanTransaction;
import org.chaincore.core.orphan.OrphanTransactions;
import org.chaincore.core.rules.TransactionRules;
import org.chaincore.core.value.Hash256;

/**
 * The transactions that could be mined in the next block: no two of them spend one coin, whatever
 * one spends is in the chain or comes from another here, and each was found to be good when it
 * came.
 *
 * <p><b>What is bounded.</b> The virtual bytes of all together (those that pay least are evicted,
 * and the demand rises above what they paid), the relatives of each (so that a transaction's cost
 * depends on them and not on the size of the mempool or the number of coins), the time each may
 * wait, and what a replacement may push out.
 *
 * <p><b>When the tip moves</b>, whoever owns the chain calls, in this order: {@link
 * #blockConnected} for each block that joined it, lowest first; after a reorganisation {@link
 * #accept} for the transactions of each block that left it, lowest block first; and then {@link
 * #revalidate}, which drops what lost its ground. Transactions stay meanwhile even if what they
 * spend from is gone: when it comes back they are joined to it again.
 *
 * <p><b>Orphan transactions</b> wait aside for what they spend from. When a transaction comes in,
 * or is mined, {@link #childrenOf} has those to offer again, each with its source; the caller does
 * so with a queue of its own.
 *
 * <p>Not thread-safe; confined to the writer. Times are Unix seconds and may go backwards.
 */
public final class Mempool {
  private Gate gate;
  private final PoolGraph graph = new PoolGraph();
  private final OrphanTransactions orphans;
  private final Map<RemovalReason, Long> removed = new EnumMap<>(RemovalReason.class);
  private long nextSequence;
  private long accepted;
  private long rejected;

  private Mempool(Gate gate, OrphanTransactions orphans) {
    this.gate = gate;
    this.orphans = orphans;
  }

  /**
   * An empty mempool.
   *
   * @param signatures the same that judge the blocks, so that a block of transactions from here
   *     costs no signatures
   */
  public static Mempool of(ChainParams params, PolicyLimits limits, SignatureChecks signatures) {
    return new Mempool(
        Gate.of(params, limits.mempool(), signatures), OrphanTransactions.of(limits.orphans()));
  }

  /**
   * Judges a transaction and takes it in, or leaves everything as it is.
   *
   * @param source who sent it, 0 for the host itself: orphans are shared out by it
   * @param context the chain as its tip stands
   */
  public MempoolOutcome accept(
      Transaction transaction, long source, MempoolContext context, long nowSeconds) {
    if (graph.find(transaction.txid()) != null) {
      orphans.remove(transaction);
      return new MempoolOutcome.AlreadyKnown();
    }
    Ticket ticket = new Ticket(nowSeconds, nextSequence);
    Verdict verdict = new Admission(gate, graph, transaction, context, ticket).judge();
    if (verdict instanceof Verdict.Missing missing) {
      boolean isKept = orphans.add(transaction, source, nowSeconds);
      return new MempoolOutcome.Orphaned(missing.outPoints(), isKept);
    }
    orphans.remove(transaction);
    if (verdict instanceof Verdict.In in) {
      nextSequence++;
      accepted++;
      in.removals().forEach(this::count);
      return new MempoolOutcome.Accepted(in.entry(), in.removals());
    }
    if (verdict instanceof Verdict.Out out) {
      rejected++;
      return new MempoolOutcome.Rejected(out.rejection());
    }
    return new MempoolOutcome.AlreadyKnown();
  }

  /** Whether any transaction waits for its parents. */
  public boolean hasOrphans() {
    return !orphans.isEmpty();
  }

  /** The orphan transactions that spend from a transaction, in the order in which they came. */
  public List<OrphanTransaction> childrenOf(Hash256 txid) {
    return orphans.childrenOf(txid);
  }

  /**
   * A block joined the chain: what it has leaves, and with its descendants what spends a coin that
   * it spends.
   *
   * @return what left, in order
   */
  public List<Removal> blockConnected(Block block, long nowSeconds) {
    List<Removal> removals = new ArrayList<>();
    for (Transaction mined : block.transactions()) {
      PoolNode node = graph.find(mined.txid());
      if (node != null) {
        graph.unlink(node);
        removals.add(new Removal(node.entry(), RemovalReason.MINED));
      }
    }
    Set<PoolNode> conflicts = new LinkedHashSet<>();
    for (Transaction mined : block.transactions()) {
      for (TransactionInput input : mined.inputs()) {
        PoolNode spender = graph.spender(input.previousOutput());
        if (spender != null) {
          conflicts.add(spender);
        }
      }
    }
    if (!conflicts.isEmpty()) {
      removals.addAll(remove(conflicts, RemovalReason.CONFLICT));
    }
    orphans.blockConnected(block);
    gate.minimumFee().blockConnected(nowSeconds);
    removals.forEach(this::count);
    return removals;
  }

  /**
   * Drops, with its descendants, whatever the next block could no longer take. Takes time that
   * grows with the size of the mempool; needed only after a reorganisation.
   */
  public List<Removal> revalidate(MempoolContext context) {
    List<PoolNode> parentsFirst = new ArrayList<>(graph.byArrival());
    parentsFirst.sort(PoolNode.PARENTS_FIRST);
    CoinView coins = graph.over(context.coins(), context.next().height());
    List<Removal> removals = new ArrayList<>();
    for (PoolNode node : parentsFirst) {
      if (graph.find(node.txid()) == node && !isSpendable(node.transaction(), coins, context)) {
        removals.addAll(remove(Set.of(node), RemovalReason.INVALID));
      }
    }
    removals.forEach(this::count);
    return removals;
  }

  private boolean isSpendable(Transaction transaction, CoinView coins, MempoolContext context) {
    return TransactionRules.isFinal(
            transaction, context.next().height(), context.next().medianTimePast())
        && gate.spendRules().check(transaction, coins, context.next())
            instanceof SpendResult.Spendable;
  }

  /**
   * Drops what has waited for {@link MempoolLimits#expirySeconds()}, with its descendants, and
   * orphan transactions that waited too long.
   *
   * @return what left the mempool
   */
  public List<Removal> expire(long nowSeconds) {
    orphans.expire(nowSeconds);
    List<PoolNode> old = new ArrayList<>(0);
    for (PoolNode node : graph.byArrival()) {
      if (nowSeconds - node.entry().arrivalSeconds() < gate.limits().expirySeconds()) {
        break;
      }
      old.add(node);
    }
    List<Removal> removals = remove(new LinkedHashSet<>(old), RemovalReason.EXPIRED);
    removals.forEach(this::count);
    return removals;
  }

  /**
   * Works with other limits from now on. What no longer fits is evicted, and the demand rises above
   * what that paid, as when a transaction comes in. What came in under a lower floor or in a longer
   * chain stays: other nodes have it, and to drop it here would only let it be sent again.
   *
   * @return what left, in order
   */
  public List<Removal> apply(MempoolLimits limits, long nowSeconds) {
    gate.minimumFee().floorBecomes(limits.minFeePerKilobyte(), nowSeconds, gate.fullness(graph));
    gate = gate.withLimits(limits);
    Trial trial = new Trial(graph);
    List<FeeRate> evictedRates = trial.makeRoom(limits.maxVirtualBytes());
    evictedRates.forEach(rate -> gate.minimumFee().evicted(rate, nowSeconds, gate.fullness(graph)));
    List<Removal> removals = trial.removals();
    removals.forEach(this::count);
    return removals;
  }

  /** The limits as they are now. */
  public MempoolLimits limits() {
    return gate.limits();
  }

  private List<Removal> remove(Set<PoolNode> nodes, RemovalReason reason) {
    Trial trial = new Trial(graph);
    trial.remove(nodes, reason);
    return trial.removals();
  }

  private void count(Removal removal) {
    removed.merge(removal.reason(), 1L, Long::sum);
  }

  /**
   * Which transactions the next block should take, parents before their children: always the
   * package that pays best for its room, and among equals the one that came first.
   *
   * @param weightBudget weight units they may have together
   * @param signatureOperationsBudget what their signature operations may cost together
   */
  public List<MempoolEntry> select(long weightBudget, long signatureOperationsBudget) {
    return PackageSelection.from(graph, weightBudget, signatureOperationsBudget);
  }

  /** Empty if the mempool has no such transaction; orphan transactions do not count. */
  public Optional<MempoolEntry> find(Hash256 txid) {
    PoolNode node = graph.find(txid);
    return node == null ? Optional.empty() : Optional.of(node.entry());
  }

  public boolean contains(Hash256 txid) {
    return graph.find(txid) != null;
  }

  /** Whether an orphan transaction waits here. */
  public boolean isOrphan(Hash256 wtxid) {
    return orphans.contains(wtxid);
  }

  /** The transaction here that spends a coin. */
  public Optional<MempoolEntry> spender(OutPoint coin) {
    return Optional.ofNullable(graph.spender(coin)).map(PoolNode::entry);
  }

  /** All transactions, oldest first. */
  public List<MempoolEntry> entries() {
    List<MempoolEntry> entries = new ArrayList<>(graph.byArrival().size());
    for (PoolNode node : graph.byArrival()) {
      entries.add(node.entry());
    }
    return Collections.unmodifiableList(entries);
  }

  /** All orphan transactions, oldest first. */
  public List<OrphanTransaction> orphans() {
    return orphans.list();
  }

  public int size() {
    return graph.totals().count();
  }

  /**
   * What can be spent by a further transaction: the chain's coins and the unconfirmed ones, less
   * what is spent here. The view changes with the mempool.
   */
  public CoinView coins(MempoolContext context) {
    CoinView all = graph.over(context.coins(), context.next().height());
    return outPoint -> graph.spender(outPoint) == null ? all.coin(outPoint) : null;
  }

  /** Base units for 1,000 virtual bytes below which nothing is taken now. */
  public long minFeePerKilobyte(long nowSeconds) {
    return Math.max(
        gate.limits().minFeePerKilobyte(),
        gate.minimumFee().perKilobyte(nowSeconds, gate.fullness(graph)));
  }

  /** The figures as of now. */
  public MempoolStats stats(long nowSeconds) {
    return new MempoolStats(
        graph.totals().count(),
        graph.totals().virtualBytes(),
        graph.totals().fees(),
        minFeePerKilobyte(nowSeconds),
        new Flow(
            accepted,
            rejected,
            removedFor(RemovalReason.MINED),
            removedFor(RemovalReason.CONFLICT),
            removedFor(RemovalReason.REPLACED),
            removedFor(RemovalReason.EXPIRED),
            removedFor(RemovalReason.EVICTED),
            removedFor(RemovalReason.INVALID)),
        orphans.stats());
  }

  private long removedFor(RemovalReason reason) {
    return removed.getOrDefault(reason, 0L);
  }
}
