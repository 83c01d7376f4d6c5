package org.chaincore.store.rocks;

import java.util.HashSet;
import java.util.Set;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.store.StoreOptions.Budgets;
import org.chaincore.core.value.Hash256;
import org.chaincore.store.codec.CoinFormat;
import org.chaincore.store.codec.FlushMark;
import org.chaincore.store.codec.Keys;
import org.chaincore.store.codec.StateRow;
import org.chaincore.store.coins.CoinCache;
import org.chaincore.store.database.Batch;
import org.chaincore.store.database.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coins of the tip, whose changes stay in memory until they take their share of the budget or
 * lag too many blocks behind, and are then written in one batch with the mark of the block that
 * they belong to. After a crash they are replayed from that mark ({@link CoinReplay}), for which
 * undo data is kept that the chain has no use for any more ({@link UndoRetention}).
 *
 * <p>Look-ups are thread-safe; the rest is the writer's.
 */
final class LaggingCoins {
  private static final Logger LOG = LoggerFactory.getLogger(LaggingCoins.class);

  private final WriteGate gate;
  private final ChainTables tables;
  private final CoinCache cache;
  private final int maxLagBlocks;
  private volatile UndoRetention retention = UndoRetention.since(0);
  private int lagBlocks;

  LaggingCoins(WriteGate gate, ChainTables tables, Budgets budgets) {
    this.gate = gate;
    this.tables = tables;
    this.cache = new CoinCache(tables, budgets.coinBytes());
    this.maxLagBlocks = budgets.maxLagBlocks();
  }

  /** What is in memory, over the disk. */
  CoinCache cache() {
    return cache;
  }

  @Nullable Coin coin(OutPoint outPoint) {
    return cache.coin(outPoint);
  }

  /** Which undo data is kept, and hidden. */
  UndoRetention retention() {
    return retention;
  }

  /** Brings the coins on disk to the tip, as the store is opened. */
  void catchUp(Hash256 genesis) {
    FlushMark mark = tables.flushMark();
    StateRow state = gate.state();
    retention = UndoRetention.since(state.height());
    if (mark.block().equals(state.tip())) {
      return;
    }
    LOG.info("replaying coins from height {} to {}", mark.height(), state.height());
    Set<Integer> left = new HashSet<>();
    new CoinReplay(
            tables,
            cache,
            genesis,
            (block, leaving) -> {
              if (leaving >= 0) {
                left.add(leaving);
              }
              gate.reached(StorePoint.REPLAY_BLOCK);
              if (cache.isFull()) {
                write(block, left);
                left.clear();
              }
            })
        .run(mark, state);
    gate.reached(StorePoint.REPLAY_ENDS);
    write(new FlushMark(state.tip(), state.height()), left);
  }

  /** The next commit may come: what is in memory leaves room for it. */
  void makeRoom() {
    if (cache.isFull() || lagBlocks >= maxLagBlocks) {
      flush();
    }
  }

  /** A commit is written. */
  void adopt(CommitPlan plan) {
    plan.adoptCoins();
    retention = plan.retention();
    lagBlocks += plan.lag();
  }

  /** Writes what is in memory. */
  void flush() {
    StateRow state = gate.state();
    write(new FlushMark(state.tip(), state.height()), retention.hidden());
  }

  private void write(FlushMark mark, Set<Integer> forgottenUndo) {
    gate.reached(StorePoint.FLUSH_BEGINS);
    try (Batch batch = gate.largeBatch()) {
      cache.forEachChange(
          (outPoint, coin) -> {
            byte[] key = Keys.ofCoin(outPoint);
            if (coin == null) {
              batch.delete(Table.COINS, key);
            } else {
              batch.put(Table.COINS, key, out -> CoinFormat.writeCoin(out, coin));
            }
          });
      forgottenUndo.forEach(sequence -> batch.delete(Table.UNDO, Keys.ofSequence(sequence)));
      batch.put(Table.META, Keys.ofFlushMark(), mark.toBytes());
      gate.write(batch);
    }
    flushed(mark);
    gate.reached(StorePoint.FLUSH_WRITTEN);
  }

  /** The disk has all changes up to a block. */
  void flushed(FlushMark mark) {
    cache.flushed();
    retention = UndoRetention.since(mark.height());
    lagBlocks = 0;
  }

  /** The store goes on after a failure, which a flush may have survived without a word. */
  void resumed() {
    FlushMark mark = tables.flushMark();
    if (mark.block().equals(gate.state().tip())) {
      flushed(mark);
    }
  }
}
