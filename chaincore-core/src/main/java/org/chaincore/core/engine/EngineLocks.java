package org.chaincore.core.engine;

import java.util.concurrent.locks.Lock;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.chaincore.core.event.EventLog;
import org.chaincore.core.lock.LockPriority;
import org.chaincore.core.lock.LockRank;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.core.lock.RankedReadWriteLock;

/**
 * The locks of an engine, and how its changes and the questions of others hold them. Thread-safe.
 */
final class EngineLocks {
  private final RankedReadWriteLock chain;
  private final RankedReadWriteLock coins;
  private final RankedReadWriteLock mempool;

  EngineLocks(LockRegistry registry) {
    this.chain = registry.lock("chain", LockRank.CHAIN);
    this.coins = registry.lock("utxo", LockRank.UTXO);
    this.mempool = registry.lock("mempool", LockRank.MEMPOOL);
  }

  /** For whoever changes coins, under the lock of the chain. */
  Lock coinsOfTheWriter() {
    return coins.writeLock();
  }

  /**
   * Makes a change as a whole, and tells of it when the lock is let go, however it ended.
   *
   * @param before done first, under the same lock; given the time
   */
  <T> T change(long nowSeconds, EventLog events, LongConsumer before, Supplier<T> change) {
    requireNoChange();
    long batch = 0;
    chain.writeLock().lock();
    try {
      try {
        before.accept(nowSeconds);
        return change.get();
      } finally {
        batch = events.seal();
      }
    } finally {
      chain.writeLock().unlock();
      events.publish(batch);
    }
  }

  /** Changes the store and nothing that is told. */
  <T> T amend(Supplier<T> change) {
    requireNoChange();
    return under(chain.writeLock(), change);
  }

  private void requireNoChange() {
    if (chain.isWriteHeldByCurrentThread()) {
      throw new IllegalStateException("a change from within a change of the same engine");
    }
  }

  /** Part of a change that is the mempool's. */
  <T> T changeMempool(Supplier<T> change) {
    return under(mempool.writeLock(), change);
  }

  <T> T askChain(Supplier<T> question) {
    return ask(chain, question);
  }

  <T> T askCoins(Supplier<T> question) {
    return ask(coins, question);
  }

  <T> T askMempool(Supplier<T> question) {
    return ask(mempool, question);
  }

  /** A question from outside: changes go before it. */
  private static <T> T ask(RankedReadWriteLock lock, Supplier<T> question) {
    return under(lock.withPriority(LockPriority.API).readLock(), question);
  }

  private static <T> T under(Lock lock, Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
