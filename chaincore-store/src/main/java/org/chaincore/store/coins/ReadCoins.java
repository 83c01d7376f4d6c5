package org.chaincore.store.coins;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.ledger.Coin;
import org.jspecify.annotations.Nullable;

/**
 * Coins that were read lately, within a budget. Two generations: coins go into the young one, and
 * when that is full it becomes the old one, whose coins are forgotten. Nothing moves at a look-up:
 * a coin that moved just while it was spent would be back.
 *
 * <p>Thread-safe.
 */
final class ReadCoins {
  private record Generation(Map<OutPoint, Coin> coins, AtomicLong bytes) {
    static Generation empty() {
      return new Generation(new ConcurrentHashMap<>(), new AtomicLong());
    }

    void put(OutPoint outPoint, Coin coin) {
      Coin before = coins.put(outPoint, coin);
      if (before == null) {
        bytes.addAndGet(CoinCache.bytesOf(coin));
      }
    }

    void remove(OutPoint outPoint) {
      Coin before = coins.remove(outPoint);
      if (before != null) {
        bytes.addAndGet(-CoinCache.bytesOf(before));
      }
    }
  }

  private record Both(Generation young, Generation old, long turns) {}

  private final long generationLimit;
  private volatile Both both = new Both(Generation.empty(), Generation.empty(), 0);

  ReadCoins(long limitBytes) {
    this.generationLimit = limitBytes / 2;
  }

  @Nullable Coin get(OutPoint outPoint) {
    Both now = both;
    Coin coin = now.young.coins.get(outPoint);
    if (coin != null) {
      return coin;
    }
    return now.old.coins.get(outPoint);
  }

  void put(OutPoint outPoint, Coin coin) {
    Both now = both;
    now.young.put(outPoint, coin);
    if (now.young.bytes.get() > generationLimit) {
      turn(now);
    }
  }

  /** Only where nobody puts meanwhile, or a coin that is gone could stay. */
  void set(OutPoint outPoint, @Nullable Coin coin) {
    Both now = both;
    now.old.remove(outPoint);
    now.young.remove(outPoint);
    if (coin != null) {
      put(outPoint, coin);
    }
  }

  /** Of several who find it full, one turns. */
  private synchronized void turn(Both seen) {
    if (both.turns == seen.turns) {
      both = new Both(Generation.empty(), seen.young, seen.turns + 1);
    }
  }

  long bytes() {
    Both now = both;
    return now.young.bytes.get() + now.old.bytes.get();
  }
}
