package org.chaincore.net.http;

import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.lock.LockRank;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.value.Hash256;

/**
 * Knows whose the coins of the chain are, and in which block a transaction is: what the engine does
 * not need to know.
 *
 * <p><b>Where from.</b> A store that keeps an index of transactions and one of addresses is asked.
 * Without these it is kept on the heap, some 400 bytes for every output that the chain ever made
 * and 120 for every transaction, and is built from the stored blocks after each start; past a limit
 * it answers no more, and the node goes on without it.
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

  /** So often an answer is begun anew because the chain went on meanwhile. */
  private static final int ATTEMPTS = 5;

  private final Lock lock;

  // Guarded by the lock.
  private final OwnershipSource source;
  private final PendingPayments pending;

  private AddressIndex(ChainEngine engine, LockRegistry locks, OwnershipSource source) {
    this.lock = locks.lock("address-index", RANK).writeLock();
    this.source = source;
    this.pending = new PendingPayments(engine, source::output);
  }

  /**
   * Asks the indexes of the store if it keeps both, and else keeps one on the heap.
   *
   * @param store the engine's
   */
  public static AddressIndex of(ChainStore store, ChainEngine engine, LockRegistry locks) {
    var addresses = store.addressIndex();
    var transactions = store.transactionIndex();
    return addresses.isPresent() && transactions.isPresent()
        ? new AddressIndex(
            engine, locks, new StoredOwnership(addresses.get(), transactions.get(), engine))
        : of(engine, locks);
  }

  /** An index on the heap that knows nothing yet. */
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
    return new AddressIndex(engine, locks, new HeapOwnership(engine, maxCoins));
  }

  /**
   * What is asked when the index is up to date.
   *
   * @param tip the chain that all is of
   * @param ledger who owns what on it
   * @param pending what waits in the mempool
   */
  record Books(HeaderNode tip, Ownership ledger, PendingPayments pending) {}

  /**
   * Asks something.
   *
   * @param question may be asked several times, and changes nothing
   * @throws ApiFault if the index is not ready, or has given up
   */
  <T> T ask(Function<Books, T> question) {
    lock.lock();
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        HeaderNode tip = source.follow();
        pending.follow();
        T answer = question.apply(new Books(tip, source.at(tip), pending));
        if (source.isStillAt(tip)) {
          return answer;
        }
      }
      throw ApiFault.busy("the chain goes on faster than it can be read", 1);
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
      source.follow();
      return true;
    } catch (ApiFault notReady) {
      return false;
    } finally {
      lock.unlock();
    }
  }
}
