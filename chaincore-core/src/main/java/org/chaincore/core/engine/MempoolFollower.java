package org.chaincore.core.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.ReorgPlan;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.ChainEvent.RemovalReason;
import org.chaincore.core.event.EventLog;
import org.chaincore.core.mempool.Mempool;
import org.chaincore.core.mempool.MempoolContext;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.mempool.Removal;
import org.chaincore.core.orphan.OrphanTransaction;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the mempool on the tip, and tells what comes and goes. After a reorganisation the
 * transactions of the blocks that left the chain are offered again, so that none is lost without a
 * reason. Confined to the writer.
 */
final class MempoolFollower {
  /**
   * Transactions from outside come under the source that sent them; those of old blocks under the
   * host's own.
   */
  private static final long HOST = 0;

  private final ChainStore store;
  private final StoredBlocks blocks;
  private final Mempool mempool;
  private final EventLog events;

  /** The chain that the mempool belongs to. */
  private ChainView chain;

  MempoolFollower(
      ChainStore store, StoredBlocks blocks, Mempool mempool, EventLog events, ChainView chain) {
    this.store = store;
    this.blocks = blocks;
    this.mempool = mempool;
    this.events = events;
    this.chain = chain;
  }

  /** The chain that the mempool belongs to; to be read under the mempool's lock. */
  ChainView chain() {
    return chain;
  }

  boolean isOn(ChainView other) {
    return chain.tip() == other.tip();
  }

  /** What the blocks that joined the chain have. */
  private static final class Joined {
    final Set<Hash256> txids = new LinkedHashSet<>();
    final Set<OutPoint> spent = new HashSet<>();

    void add(Block block) {
      for (Transaction transaction : block.transactions()) {
        txids.add(transaction.txid());
        transaction.inputs().forEach(input -> spent.add(input.previousOutput()));
      }
    }

    boolean conflictsWith(Transaction transaction) {
      return transaction.inputs().stream().anyMatch(in -> spent.contains(in.previousOutput()));
    }
  }

  /**
   * Goes with the tip. If the store fails on the way, the same again goes on from there.
   *
   * @param arrived a block that need not be read back from the store
   */
  void follow(ChainView to, @Nullable Block arrived, long nowSeconds) {
    ReorgPlan move = ReorgPlan.between(chain.tip(), to.tip());
    // Nothing may in nearly every block.
    boolean mayAnyComeIn = move.isReorg() || mempool.hasOrphans();
    Joined joined = new Joined();
    for (HeaderNode node : move.connect()) {
      Block block = blocks.of(node, arrived);
      stageRemovals(mempool.blockConnected(block, nowSeconds));
      if (mayAnyComeIn) {
        joined.add(block);
      }
    }
    if (mayAnyComeIn) {
      bringIn(move, joined, contextOn(to), nowSeconds);
    }
    chain = to;
  }

  /** What left the chain comes back, and what waited for a transaction that joined it is judged. */
  private void bringIn(ReorgPlan move, Joined joined, MempoolContext context, long nowSeconds) {
    List<HeaderNode> disconnected = new ArrayList<>(move.disconnect());
    // Parents before children: the lowest block first.
    Collections.reverse(disconnected);
    for (HeaderNode node : disconnected) {
      readmit(blocks.of(node, null), joined, context, nowSeconds);
    }
    joined.txids.forEach(mined -> recoverOrphans(mined, context, nowSeconds));
    if (move.isReorg()) {
      stageRemovals(mempool.revalidate(context));
    }
  }

  /** What cannot come back is told to have left, as its last event said that it was mined. */
  private void readmit(Block block, Joined joined, MempoolContext context, long nowSeconds) {
    List<Transaction> transactions = block.transactions();
    for (Transaction transaction : transactions.subList(1, transactions.size())) {
      if (joined.txids.contains(transaction.txid())) {
        continue;
      }
      accept(transaction, HOST, context, nowSeconds);
      if (!mempool.contains(transaction.txid())) {
        RemovalReason reason =
            joined.conflictsWith(transaction) ? RemovalReason.CONFLICT : RemovalReason.INVALID;
        events.stage(new ChainEvent.TransactionRemoved(transaction.txid(), reason));
      }
    }
  }

  /** Judges a transaction, and then those that waited for it. */
  MempoolOutcome accept(Transaction transaction, long source, long nowSeconds) {
    return accept(transaction, source, contextOn(chain), nowSeconds);
  }

  private MempoolOutcome accept(
      Transaction transaction, long source, MempoolContext context, long nowSeconds) {
    MempoolOutcome outcome = offer(transaction, source, context, nowSeconds);
    if (outcome instanceof MempoolOutcome.Accepted) {
      recoverOrphans(transaction.txid(), context, nowSeconds);
    }
    return outcome;
  }

  /** Judges what waited for a transaction, then what waited for that, one after another. */
  private void recoverOrphans(Hash256 arrived, MempoolContext context, long nowSeconds) {
    if (!mempool.hasOrphans()) {
      return; // As for every transaction of nearly every block.
    }
    Deque<Hash256> parents = new ArrayDeque<>(List.of(arrived));
    while (!parents.isEmpty()) {
      for (OrphanTransaction child : mempool.childrenOf(parents.remove())) {
        MempoolOutcome outcome = offer(child.transaction(), child.source(), context, nowSeconds);
        if (outcome instanceof MempoolOutcome.Accepted) {
          parents.add(child.transaction().txid());
        }
      }
    }
  }

  private MempoolOutcome offer(
      Transaction transaction, long source, MempoolContext context, long nowSeconds) {
    MempoolOutcome outcome = mempool.accept(transaction, source, context, nowSeconds);
    if (outcome instanceof MempoolOutcome.Accepted accepted) {
      stageRemovals(accepted.removals());
      events.stage(new ChainEvent.TransactionAccepted(transaction));
    }
    return outcome;
  }

  void expire(long nowSeconds) {
    stageRemovals(mempool.expire(nowSeconds));
  }

  void apply(MempoolLimits limits, long nowSeconds) {
    stageRemovals(mempool.apply(limits, nowSeconds));
  }

  private void stageRemovals(List<Removal> removals) {
    for (Removal removal : removals) {
      events.stage(new ChainEvent.TransactionRemoved(removal.entry().txid(), removal.reason()));
    }
  }

  /** The ground on which transactions are judged. */
  private MempoolContext contextOn(ChainView on) {
    return new MempoolContext(store, SpendContexts.above(on.tip(), on.params()));
  }
}
