package org.chaincore.core.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.ReorgPlan;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventLog;
import org.chaincore.core.mempool.Mempool;
import org.chaincore.core.mempool.MempoolContext;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.mempool.Removal;
import org.chaincore.core.orphan.OrphanTransaction;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.StoreException;

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

  private final ChainParams params;
  private final ChainStore store;
  private final Mempool mempool;
  private final EventLog events;

  MempoolFollower(ChainParams params, ChainStore store, Mempool mempool, EventLog events) {
    this.params = params;
    this.store = store;
    this.mempool = mempool;
    this.events = events;
  }

  /** The ground on which transactions are judged when {@code tip} is the tip. */
  MempoolContext contextOn(HeaderNode tip) {
    return new MempoolContext(store, SpendContexts.above(tip, params));
  }

  /** Goes with the tip, wherever it went. */
  void follow(List<ReorgPlan> moves, HeaderNode tip, long nowSeconds) {
    for (ReorgPlan move : moves) {
      for (HeaderNode connected : move.connect()) {
        stageRemovals(mempool.blockConnected(blockOf(connected), nowSeconds));
      }
    }
    MempoolContext context = contextOn(tip);
    for (ReorgPlan move : moves) {
      List<HeaderNode> disconnected = new ArrayList<>(move.disconnect());
      // Parents before children: the lowest block first.
      Collections.reverse(disconnected);
      disconnected.forEach(node -> readmit(blockOf(node), context, nowSeconds));
    }
    if (moves.stream().anyMatch(ReorgPlan::isReorg)) {
      stageRemovals(mempool.revalidate(context));
    }
  }

  private void readmit(Block block, MempoolContext context, long nowSeconds) {
    List<Transaction> transactions = block.transactions();
    for (Transaction transaction : transactions.subList(1, transactions.size())) {
      accept(transaction, HOST, context, nowSeconds);
    }
  }

  /** Offers a transaction, and then those that waited for it, one after another. */
  MempoolOutcome accept(
      Transaction transaction, long source, MempoolContext context, long nowSeconds) {
    MempoolOutcome outcome = offer(transaction, source, context, nowSeconds);
    if (outcome instanceof MempoolOutcome.Accepted) {
      Deque<Transaction> accepted = new ArrayDeque<>(List.of(transaction));
      while (!accepted.isEmpty()) {
        for (OrphanTransaction child : mempool.childrenOf(accepted.remove().txid())) {
          MempoolOutcome recovered =
              offer(child.transaction(), child.source(), context, nowSeconds);
          if (recovered instanceof MempoolOutcome.Accepted) {
            accepted.add(child.transaction());
          }
        }
      }
    }
    return outcome;
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

  private void stageRemovals(List<Removal> removals) {
    for (Removal removal : removals) {
      events.stage(new ChainEvent.TransactionRemoved(removal.entry().txid(), removal.reason()));
    }
  }

  private Block blockOf(HeaderNode node) {
    return store
        .block(node.hash())
        .orElseThrow(() -> new StoreException("store has lost the block of " + node));
  }
}
