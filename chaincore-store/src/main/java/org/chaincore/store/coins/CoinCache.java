package org.chaincore.store.coins;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.ledger.BlockCoins;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.CoinView;
import org.jspecify.annotations.Nullable;

/**
 * The coins of the tip: what changed since the last flush, over what was read lately, over the
 * disk.
 *
 * <p><b>Idea.</b> Most coins are spent soon after they were made. A change stays in memory until
 * the changes take their share of the budget, and a coin that comes and goes in between costs the
 * disk nothing. What a crash forgets is replayed from the blocks.
 *
 * <p><b>Two maps.</b> {@code changed} holds the truth about every coin in it and is never evicted.
 * {@code read} only saves reading the disk again. A look-up asks them in this order, then the disk.
 *
 * <p><b>The race that must not be.</b> A reader takes an old coin from the disk; before it puts it
 * into {@code read}, the writer spends the coin and flushes, so that {@code changed} no longer
 * hides it; then the spent coin would be back for good. So what was read from the disk is kept only
 * if no flush has ended since before it was read, and the end of a flush excludes keepers by a
 * lock.
 *
 * <p>Look-ups are thread-safe; changes and flushes are the writer's.
 */
public final class CoinCache implements CoinView {
  /**
   * Heap of an entry without its script, measured on 64-bit JVMs with compressed references: map
   * node and slot 40, change 24, out point 24, txid 48, coin 24, output 24, bytes and array 32,
   * rounding 8.
   */
  static final int ENTRY_BYTES = 224;

  /** Heap of an entry whose coin is gone. */
  static final int GONE_BYTES = 136;

  /** What is known of a coin: null if it is gone, and whether the disk may have it. */
  private record Change(@Nullable Coin coin, boolean mayBeOnDisk) {}

  private final CoinView disk;
  private final long changedLimit;
  private final Map<OutPoint, Change> changed = new ConcurrentHashMap<>();
  private final AtomicLong changedBytes = new AtomicLong();
  private final ReadCoins read;
  private final ReadWriteLock keeping = new ReentrantReadWriteLock();
  private final AtomicLong flushes = new AtomicLong();

  /**
   * Nothing in memory yet.
   *
   * @param disk where coins are that are not in memory; called by any thread
   * @param budgetBytes heap that the coins may take: three quarters for changes, the rest for what
   *     was read
   */
  public CoinCache(CoinView disk, long budgetBytes) {
    this.disk = disk;
    this.changedLimit = budgetBytes / 4 * 3;
    this.read = new ReadCoins(budgetBytes - changedLimit);
  }

  @Override
  public @Nullable Coin coin(OutPoint outPoint) {
    Change change = changed.get(outPoint);
    if (change != null) {
      return change.coin;
    }
    Coin known = read.get(outPoint);
    if (known != null) {
      return known;
    }
    long before = flushes.get();
    Coin found = disk.coin(outPoint);
    if (found != null && keeping.readLock().tryLock()) {
      try {
        if (flushes.get() == before) {
          read.put(outPoint, found);
        }
      } finally {
        keeping.readLock().unlock();
      }
    }
    return found;
  }

  /**
   * Changes a coin.
   *
   * @param coin null if it is gone
   * @param mayBeOnDisk false if it is known that the disk has no such coin
   */
  public void set(OutPoint outPoint, @Nullable Coin coin, boolean mayBeOnDisk) {
    // In one step: in a map of this size each costs a cache miss or two.
    changed.compute(
        outPoint,
        (at, before) -> {
          boolean onDisk = before == null ? mayBeOnDisk : before.mayBeOnDisk;
          Change after = coin == null && !onDisk ? null : new Change(coin, onDisk);
          changedBytes.addAndGet(bytesOf(after) - bytesOf(before));
          return after;
        });
  }

  private static int bytesOf(@Nullable Change change) {
    return change == null ? 0 : bytesOf(change.coin);
  }

  static int bytesOf(@Nullable Coin coin) {
    return coin == null ? GONE_BYTES : ENTRY_BYTES + coin.output().script().length();
  }

  /** Whether the changes take more than their share of the budget. */
  public boolean isFull() {
    return changedBytes.get() > changedLimit;
  }

  /** Heap that coins take. */
  public long bytes() {
    return changedBytes.get() + read.bytes();
  }

  /** How many coins are changed. */
  public int changes() {
    return changed.size();
  }

  /**
   * Hands out every change that the disk has not got, in the order of the keys on disk: what comes
   * in order costs a table a fraction of what comes anyhow.
   */
  public void forEachChange(BlockCoins.Target target) {
    List<OutPoint> inOrder = new ArrayList<>(changed.keySet());
    inOrder.sort(CoinCache::compareOnDisk);
    for (OutPoint outPoint : inOrder) {
      Change change = changed.get(outPoint);
      if (change != null) {
        target.set(outPoint, change.coin);
      }
    }
  }

  /** As the bytes of txid and index compare, the first byte first. */
  private static int compareOnDisk(OutPoint a, OutPoint b) {
    for (int word = 0; word < 4; word++) {
      int order =
          Long.compareUnsigned(
              Long.reverseBytes(a.txid().word(word)), Long.reverseBytes(b.txid().word(word)));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compareUnsigned(a.index(), b.index());
  }

  /** The disk has every change now. */
  public void flushed() {
    keeping.writeLock().lock();
    try {
      flushes.incrementAndGet();
      changed.forEach((outPoint, change) -> read.set(outPoint, change.coin));
      changed.clear();
      changedBytes.set(0);
    } finally {
      keeping.writeLock().unlock();
    }
  }
}
