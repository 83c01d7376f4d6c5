package org.chaincore.net.http;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import org.chaincore.core.block.Block;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.ReorgPlan;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.lock.LockRank;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * Knows whose the coins of the chain are, and in which block a transaction is: what the engine does
 * not need to know.
 *
 * <p><b>Cost.</b> It is kept on the heap, some 400 bytes for every output that the chain ever made
 * and 120 for every transaction, and is built from the stored blocks after each start: a few
 * thousand small blocks in a second. It is bounded: past its limit it answers no more, and the node
 * goes on without it.
 *
 * <p><b>Following.</b> It has no thread. Whoever asks has it read the blocks that it does not know
 * yet, a limited number in one call; while more are missing it says that it is not ready.
 *
 * <p>Thread-safe; who asks waits for who asked before.
 */
public final class AddressIndex {
  /** Some 4 GB; a host that serves a larger chain to wallets wants a database for it. */
  public static final int DEFAULT_MAX_COINS = 10_000_000;

  /** Blocks that one call reads, and so how long it may take: nobody pays for the whole chain. */
  static final int BLOCKS_AT_ONCE = 500;

  /** Below all locks of a node, which are taken under it. */
  private static final LockRank RANK = LockRank.host("INDEX", 50);

  private final ChainEngine engine;
  private final int maxCoins;
  private final Lock lock;

  // Guarded by the lock.
  private final AddressLedger ledger = new AddressLedger();
  private final PendingPayments pending;
  private @Nullable HeaderNode at;
  private boolean isFull;

  private AddressIndex(ChainEngine engine, LockRegistry locks, int maxCoins) {
    this.engine = engine;
    this.maxCoins = maxCoins;
    this.lock = locks.lock("address-index", RANK).writeLock();
    this.pending = new PendingPayments(engine, ledger);
  }

  /** An index that knows nothing yet. */
  public static AddressIndex of(ChainEngine engine, LockRegistry locks) {
    return of(engine, locks, DEFAULT_MAX_COINS);
  }

  /**
   * The same with another limit.
   *
   * @param maxCoins outputs, spent ones among them, beyond which it gives up
   */
  public static AddressIndex of(ChainEngine engine, LockRegistry locks, int maxCoins) {
    if (maxCoins < 1) {
      throw new IllegalArgumentException("an index of " + maxCoins + " coins");
    }
    return new AddressIndex(engine, locks, maxCoins);
  }

  /**
   * What is asked when the index is up to date.
   *
   * @param tip the chain that all is of
   * @param ledger who owns what on it
   * @param pending what waits in the mempool
   */
  record Books(HeaderNode tip, AddressLedger ledger, PendingPayments pending) {}

  /**
   * Asks something.
   *
   * @throws ApiFault if the index is not ready, or has given up
   */
  <T> T ask(Function<Books, T> question) {
    lock.lock();
    try {
      HeaderNode tip = follow();
      pending.follow();
      return question.apply(new Books(tip, ledger, pending));
    } finally {
      lock.unlock();
    }
  }

  /** The block of the chain that has a transaction; empty if none has it, or it is not ready. */
  public Optional<BlockRef> find(Hash256 txid) {
    try {
      return blockOf(txid);
    } catch (ApiFault notReady) {
      return Optional.empty();
    }
  }

  /**
   * The same for who can wait.
   *
   * @throws ApiFault if the index is not ready, or has given up
   */
  Optional<BlockRef> blockOf(Hash256 txid) {
    return ask(books -> books.ledger().blockOf(txid))
        .map(block -> new BlockRef(block.height(), block.hash()));
  }

  /** Reads some of the blocks that it does not know yet; true if none is left. */
  public boolean catchUp() {
    lock.lock();
    try {
      follow();
      return true;
    } catch (ApiFault notReady) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  private HeaderNode follow() {
    ChainView view = engine.view();
    HeaderNode now = at == null ? view.at(0).orElseThrow() : at;
    ReorgPlan plan = ReorgPlan.between(now, view.tip());
    List<HeaderNode> back = plan.disconnect();
    List<HeaderNode> forth = plan.connect();
    int steps = 0;
    for (int i = 0; i < back.size() && steps < BLOCKS_AT_ONCE; i++, steps++) {
      ledger.disconnect(back.get(i), body(back.get(i)));
      at = back.get(i).parent();
    }
    for (int i = 0; i < forth.size() && steps < BLOCKS_AT_ONCE; i++, steps++) {
      if (isFull || ledger.coins() > maxCoins) {
        isFull = true;
        throw ApiFault.busy("the node's index of addresses is full", 3_600);
      }
      ledger.connect(forth.get(i), body(forth.get(i)));
      at = forth.get(i);
    }
    if (steps < back.size() + forth.size()) {
      throw ApiFault.busy("the node's index of addresses is being built", 1);
    }
    return view.tip();
  }

  private Block body(HeaderNode node) {
    Optional<Block> block = engine.block(node.hash());
    return block.orElseThrow(
        () -> ApiFault.busy("the node does not have block " + node.height() + " any more", 3_600));
  }
}
