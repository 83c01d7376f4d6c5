package org.chaincore.store.rocks;

import java.util.ArrayDeque;
import java.util.Deque;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.ledger.BlockCoins;
import org.chaincore.core.ledger.BlockUndo;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.value.Hash256;
import org.chaincore.store.codec.FlushMark;
import org.chaincore.store.codec.HeaderRow;
import org.chaincore.store.codec.StateRow;
import org.chaincore.store.coins.CoinCache;
import org.jspecify.annotations.Nullable;

/**
 * Brings the coins from the flushed block to the tip: back to where the two chains part with undo
 * data, then forward with bodies. Interrupted, it is done again from the start, or from where it
 * was flushed in between. Not thread-safe; confined to the writer.
 */
final class CoinReplay {
  private final ChainTables tables;
  private final CoinCache coins;
  private final Hash256 genesis;
  private final Step step;

  /** What is done after each block. */
  @FunctionalInterface
  interface Step {
    /**
     * The coins are those of a block now.
     *
     * @param left the sequence of the block that left the chain for it; -1 if none did
     */
    void at(FlushMark block, int left);
  }

  CoinReplay(ChainTables tables, CoinCache coins, Hash256 genesis, Step step) {
    this.tables = tables;
    this.coins = coins;
    this.genesis = genesis;
    this.step = step;
  }

  /** A block on the way. */
  private record Place(Hash256 hash, int sequence, int height, Hash256 parent) {}

  private Place place(Hash256 hash) {
    if (hash.equals(genesis)) {
      return new Place(genesis, -1, 0, genesis);
    }
    int sequence = tables.sequence(hash);
    if (sequence < 0) {
      throw lost("header", hash);
    }
    HeaderRow row = tables.row(sequence);
    return new Place(hash, sequence, row.height(), row.header().previous());
  }

  private static StoreException lost(String what, Hash256 hash) {
    return new StoreException(
        StoreFault.CORRUPT, "store has lost the " + what + " of " + hash + " and cannot replay it");
  }

  void run(FlushMark from, StateRow to) {
    Place back = place(from.block());
    Place ahead = place(to.tip());
    Deque<Place> forward = new ArrayDeque<>();
    while (!back.hash.equals(ahead.hash)) {
      if (back.height >= ahead.height) {
        Place parent = place(back.parent);
        disconnect(back, parent);
        back = parent;
      } else {
        forward.push(ahead);
        ahead = place(ahead.parent);
      }
    }
    forward.forEach(this::connect);
  }

  private void disconnect(Place block, Place parent) {
    @Nullable BlockUndo undo = tables.undo(block.sequence).orElse(null);
    if (undo == null) {
      throw lost("undo data", block.hash);
    }
    BlockCoins.disconnect(body(block), undo, this::set);
    step.at(new FlushMark(parent.hash, parent.height), block.sequence);
  }

  private void connect(Place block) {
    BlockCoins.connect(body(block), block.height, this::set);
    step.at(new FlushMark(block.hash, block.height), -1);
  }

  private void set(OutPoint outPoint, @Nullable Coin coin) {
    // Whether the disk has it is not known here: what is gone is deleted, there or not.
    coins.set(outPoint, coin, true);
  }

  private Block body(Place block) {
    return tables.block(block.hash).orElseThrow(() -> lost("body", block.hash));
  }
}
