package org.chaincore.core.orphan;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.config.OrphanLimits;
import org.chaincore.core.orphan.FairPool.Bounds;
import org.chaincore.core.orphan.FairPool.Placed;
import org.chaincore.core.orphan.FairPool.Slot;
import org.chaincore.core.value.Hash256;

/**
 * Transactions that spend from others which are unknown. They cost their sender nothing, so they
 * are few, light, shared out by source like orphan blocks, and expire.
 *
 * <p>They are told apart by wtxid: a copy with a spoiled witness has the same txid, and must not
 * keep the good one out.
 *
 * <p>Each call costs O(log n) for each input of a transaction that comes or goes. Not thread-safe;
 * confined to the writer.
 */
public final class OrphanTransactions {
  /** Heavier ones are not kept: so the whole pool has a bound in weight too. */
  public static final int MAX_WEIGHT = 100_000;

  /** A source may always keep one in so many of all places. */
  private static final int SHARES = 25;

  private final OrphanLimits limits;
  private final FairPool<Transaction> pool;
  private final ParentIndex<Transaction> byParent = new ParentIndex<>();
  private long received;
  private long recovered;
  private long expired;
  private long evicted;

  private OrphanTransactions(OrphanLimits limits) {
    this.limits = limits;
    this.pool =
        new FairPool<>(
            new Bounds(
                limits.maxTransactions(),
                (long) limits.maxTransactions() * MAX_WEIGHT,
                limits.maxTransactions() / SHARES,
                limits.expirySeconds()));
  }

  /** An empty pool of at most {@link OrphanLimits#maxTransactions()}. */
  public static OrphanTransactions of(OrphanLimits limits) {
    return new OrphanTransactions(limits);
  }

  /**
   * Offers a transaction.
   *
   * @param source who sent it, 0 for the host itself
   * @param nowSeconds Unix seconds
   * @return whether it waits now, or did already
   */
  public boolean add(Transaction transaction, long source, long nowSeconds) {
    if (pool.find(transaction.wtxid()) != null) {
      return true;
    }
    received++;
    Optional<Placed<Transaction>> placed =
        transaction.weight() > MAX_WEIGHT
            ? Optional.empty()
            : pool.offer(transaction.wtxid(), transaction, transaction.size(), source, nowSeconds);
    if (placed.isEmpty()) {
      evicted++;
      return false;
    }
    placed.get().evicted().forEach(this::forgetPlace);
    evicted += placed.get().evicted().size();
    parentsOf(transaction).forEach(parent -> byParent.add(parent, placed.get().slot()));
    return true;
  }

  /** Those that spend from a transaction, in the order in which they came; they stay. */
  public List<OrphanTransaction> childrenOf(Hash256 txid) {
    return isEmpty()
        ? List.of()
        : byParent.of(txid).stream().map(OrphanTransactions::shown).toList();
  }

  /** Takes out one that need not wait any more, if it is there. */
  public void remove(Transaction transaction) {
    Slot<Transaction> slot = pool.find(transaction.wtxid());
    if (slot != null) {
      recover(slot);
    }
  }

  /** Takes out what a block has, and what spends a coin that it spends. */
  public void blockConnected(Block block) {
    if (isEmpty()) {
      return;
    }
    for (Transaction mined : block.transactions()) {
      for (TransactionInput input : mined.inputs()) {
        // Whatever is the same transaction spends the same coins.
        for (Slot<Transaction> slot : byParent.of(input.previousOutput().txid())) {
          if (spends(slot.item(), input)) {
            recover(slot);
          }
        }
      }
    }
  }

  private static boolean spends(Transaction transaction, TransactionInput coin) {
    return transaction.inputs().stream()
        .anyMatch(input -> input.previousOutput().equals(coin.previousOutput()));
  }

  private void recover(Slot<Transaction> slot) {
    pool.take(slot);
    forgetPlace(slot);
    recovered++;
  }

  /** Takes out, and forgets, what has waited for {@link OrphanLimits#expirySeconds()}. */
  public List<OrphanTransaction> expire(long nowSeconds) {
    List<Slot<Transaction>> old = pool.expire(nowSeconds);
    old.forEach(this::forgetPlace);
    expired += old.size();
    return old.stream().map(OrphanTransactions::shown).toList();
  }

  public boolean contains(Hash256 wtxid) {
    return pool.find(wtxid) != null;
  }

  /** Whether none waits. */
  public boolean isEmpty() {
    return pool.size() == 0;
  }

  /** All that wait, oldest first. */
  public List<OrphanTransaction> list() {
    return pool.slots().stream().map(OrphanTransactions::shown).toList();
  }

  public OrphanStats stats() {
    return new OrphanStats(
        pool.size(),
        limits.maxTransactions(),
        pool.bytes(),
        received,
        recovered,
        expired,
        evicted,
        0,
        0);
  }

  private void forgetPlace(Slot<Transaction> gone) {
    parentsOf(gone.item()).forEach(parent -> byParent.remove(parent, gone));
  }

  private static Set<Hash256> parentsOf(Transaction transaction) {
    Set<Hash256> parents = new LinkedHashSet<>();
    transaction.inputs().forEach(input -> parents.add(input.previousOutput().txid()));
    return parents;
  }

  private static OrphanTransaction shown(Slot<Transaction> slot) {
    return new OrphanTransaction(slot.item(), slot.arrival().source(), slot.arrival().seconds());
  }
}
