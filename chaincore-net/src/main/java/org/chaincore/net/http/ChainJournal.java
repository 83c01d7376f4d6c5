package org.chaincore.net.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.lock.LockRank;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * What the interface remembers of what happened since it began: counts, blocks that lost to a
 * reorganisation, and why blocks and transactions were refused or let go. It reads the engine's
 * events as they come, a few steps each.
 *
 * <p>Thread-safe.
 */
final class ChainJournal implements AutoCloseable {
  /** Blocks that left the chain. A chain that is fought over makes many; the oldest go first. */
  static final int MAX_STALE = 1_000;

  /** Refusals. Whoever sends bad blocks without end only pushes out the refusals of others. */
  static final int MAX_REFUSALS = 1_000;

  /** Transactions that left the mempool. */
  static final int MAX_REMOVALS = 5_000;

  private static final int EVENTS_AT_ONCE = 256;

  /** Above all locks of a node: no other is taken under it. */
  private static final LockRank RANK = LockRank.host("API", 800);

  /**
   * What was counted.
   *
   * @param blocks that were judged and kept, on the chain or beside it
   * @param transactions that were let into the mempool
   * @param reorganisations of the chain
   * @param refusedBlocks that broke a rule
   */
  record Counts(long blocks, long transactions, long reorganisations, long refusedBlocks) {}

  private final ChainEngine engine;
  private final LongSupplier nowSeconds;
  private final Lock lock;
  private final EventReader.Subscription subscription;

  // Guarded by the lock.
  private final Map<Hash256, Long> stale = bounded(MAX_STALE);
  private final Map<Hash256, Refusal> refusals = bounded(MAX_REFUSALS);
  private final Map<Hash256, ChainEvent.RemovalReason> removals = bounded(MAX_REMOVALS);
  private final Map<Hash256, String> senders = bounded(MAX_REFUSALS);
  private long cursor;
  private long blocks;
  private long transactions;
  private long reorganisations;
  private long refusedBlocks;

  /**
   * Why something was refused.
   *
   * @param rejection the rule
   * @param from from whom it came, as far as that is known
   */
  record Refusal(Rejection rejection, Optional<String> from) {}

  ChainJournal(ChainEngine engine, LockRegistry locks, LongSupplier nowSeconds) {
    this.engine = engine;
    this.nowSeconds = nowSeconds;
    this.lock = locks.lock("api-journal", RANK).writeLock();
    this.cursor = engine.events().cursor();
    this.subscription = engine.events().subscribe(this::follow);
  }

  private static <V> Map<Hash256, V> bounded(int most) {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Hash256, V> eldest) {
        return size() > most;
      }
    };
  }

  private void follow() {
    underLock(
        () -> {
          while (cursor < engine.events().cursor()) {
            EventReader.Page page = engine.events().read(cursor, EVENTS_AT_ONCE);
            if (page instanceof EventReader.Page.Events read) {
              read.events().forEach(this::note);
              cursor = read.cursor();
            } else if (page instanceof EventReader.Page.Lagged lagged) {
              cursor = lagged.oldest();
            }
          }
          return cursor;
        });
  }

  private void note(ChainEvent event) {
    if (event instanceof ChainEvent.TipChanged moved) {
      blocks += moved.connected().size();
      reorganisations += moved.isReorg() ? 1 : 0;
      for (int i = moved.disconnected().size() - 1; i >= 0; i--) {
        ChainEvent.BlockRef left = moved.disconnected().get(i);
        stale.put(left.hash(), nowSeconds.getAsLong());
      }
      moved.connected().forEach(joined -> stale.remove(joined.hash()));
    } else if (event instanceof ChainEvent.SideBlockStored) {
      blocks++;
    } else if (event instanceof ChainEvent.BlockRejected refused) {
      refusedBlocks++;
      refusals.putIfAbsent(refused.hash(), new Refusal(refused.rejection(), Optional.empty()));
    } else if (event instanceof ChainEvent.TransactionAccepted accepted) {
      transactions++;
      refusals.remove(accepted.transaction().txid());
    } else if (event instanceof ChainEvent.TransactionRemoved removed) {
      removals.put(removed.txid(), removed.reason());
    }
  }

  /** Something that a client submitted was refused. */
  void refused(Hash256 what, Rejection why, String from) {
    underLock(() -> refusals.put(what, new Refusal(why, Optional.of(from))));
  }

  /** Somebody sent something that is held against it. */
  void blamed(Hash256 what, String from) {
    underLock(() -> senders.put(what, from));
  }

  /** Who sent something that was held against it. */
  Optional<String> sender(Hash256 what) {
    return underLock(() -> Optional.ofNullable(senders.get(what)));
  }

  Counts counts() {
    return underLock(() -> new Counts(blocks, transactions, reorganisations, refusedBlocks));
  }

  /** Blocks that left the chain and did not come back, and when, in the order in which they did. */
  Map<Hash256, Long> stale() {
    return underLock(() -> new LinkedHashMap<>(stale));
  }

  boolean isStale(Hash256 block) {
    return underLock(() -> stale.containsKey(block));
  }

  Optional<Refusal> refusal(Hash256 what) {
    return underLock(() -> Optional.ofNullable(refusals.get(what)));
  }

  /** Why a transaction left the mempool last. */
  Optional<ChainEvent.RemovalReason> removal(Hash256 txid) {
    return underLock(() -> Optional.ofNullable(removals.get(txid)));
  }

  private <T extends @Nullable Object> T underLock(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    subscription.close();
  }
}
