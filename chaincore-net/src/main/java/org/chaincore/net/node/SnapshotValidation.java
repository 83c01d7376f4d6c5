package org.chaincore.net.node;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.chaincore.core.archive.SnapshotCheck;
import org.chaincore.core.block.Block;
import org.chaincore.core.store.CoinSnapshots.Verdict;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * Brings a {@link SnapshotCheck} the blocks that it wants, as peers deliver them in any order, and
 * does a little of it at a time.
 *
 * <p>{@link #fetched} and {@link #validatedHeight} may be called by any thread, the rest by one at
 * a time.
 */
final class SnapshotValidation {
  /** Blocks that are fetched at a time; they wait in memory for those before them. */
  static final int WINDOW_BLOCKS = 32;

  /** A step takes no longer, but for its last block: other tasks share the thread. */
  private static final long STEP_NANOS = 100_000_000;

  private final SnapshotCheck check;
  private final Consumer<List<Hash256>> fetch;
  private final Map<Hash256, Block> arrived = new ConcurrentHashMap<>();
  private List<Hash256> asked = List.of();
  private volatile int validatedHeight;

  /**
   * A check that goes on where it is.
   *
   * @param fetch asks peers for these blocks and no others from now on
   */
  SnapshotValidation(SnapshotCheck check, Consumer<List<Hash256>> fetch) {
    this.check = check;
    this.fetch = fetch;
    this.validatedHeight = check.height();
  }

  int validatedHeight() {
    return validatedHeight;
  }

  /** A block has come, maybe one that was asked for here. */
  void fetched(Block block) {
    if (arrived.size() < 2 * WINDOW_BLOCKS) {
      arrived.put(block.hash(), block);
    }
  }

  /**
   * Validates some of what has come, and asks for more.
   *
   * @param mayAsk whether peers have time for it
   * @throws org.chaincore.core.store.StoreException if a store failed; the next step goes on
   */
  Verdict step(boolean mayAsk, long nowSeconds) {
    check.conclude(); // If a store failed in it, when the last block had come.
    validatedHeight = check.height();
    boolean isAnyWrong = false;
    long end = System.nanoTime() + STEP_NANOS;
    @Nullable Block next = takeNext();
    while (next != null) {
      isAnyWrong |= !offer(next, nowSeconds);
      validatedHeight = check.height();
      next = System.nanoTime() < end ? takeNext() : null;
    }
    List<Hash256> wanted = check.wanted(WINDOW_BLOCKS);
    arrived.keySet().retainAll(new HashSet<>(wanted));
    List<Hash256> missing = new ArrayList<>(mayAsk ? wanted : List.of());
    missing.removeAll(arrived.keySet());
    if (isAnyWrong || !missing.equals(asked)) {
      asked = missing;
      fetch.accept(missing);
    }
    return check.verdict();
  }

  private boolean offer(Block block, long nowSeconds) {
    try {
      return check.offer(block, nowSeconds);
    } catch (RuntimeException e) {
      asked = List.of(); // The block is gone: it is asked for again.
      throw e;
    }
  }

  private @Nullable Block takeNext() {
    List<Hash256> next = check.wanted(1);
    return next.isEmpty() ? null : arrived.remove(next.get(0));
  }
}
