package org.chaincore.store.rocks;

import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.ledger.BlockUndo;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.chaincore.store.codec.CoinFormat;

/**
 * What a node holds after some blocks, in a form that two nodes can compare.
 *
 * @param blocks how many of the blocks, in the order in which they were given, it has
 * @param tip its tip
 * @param coins how many coins there are
 * @param digest a hash over all coins, and over the undo data of all blocks
 */
record NodeState(int blocks, Hash256 tip, long coins, Hash256 digest) {
  /**
   * Asks a node for everything.
   *
   * @param given the blocks that it was given, and those that it is to be given yet
   * @throws IllegalStateException if it has a block but not one before it, or another than was
   *     given
   */
  static NodeState of(ChainEngine engine, ChainStore store, List<Block> given) {
    int has = 0;
    while (has < given.size() && hasBlock(engine, given.get(has))) {
      has++;
    }
    for (int i = has; i < given.size(); i++) {
      if (engine.block(given.get(i).hash()).isPresent()) {
        throw new IllegalStateException("block " + i + " is there, block " + has + " is not");
      }
    }
    return new NodeState(
        has,
        engine.view().tip().hash(),
        engine.coinCount(),
        digest(engine, store, given.subList(0, has)));
  }

  private static boolean hasBlock(ChainEngine engine, Block block) {
    Optional<Block> found = engine.block(block.hash());
    if (found.isPresent() && !found.get().equals(block)) {
      throw new IllegalStateException("another block at " + block.hash());
    }
    return found.isPresent();
  }

  private static Hash256 digest(ChainEngine engine, ChainStore store, List<Block> blocks) {
    ByteWriter all = ByteWriter.create();
    for (Block block : blocks) {
      Optional<BlockUndo> undo = store.undo(block.hash());
      all.uint8(undo.isPresent() ? 1 : 0);
      undo.ifPresent(there -> CoinFormat.writeUndo(all, there));
      for (Transaction transaction : block.transactions()) {
        for (int i = 0; i < transaction.outputs().size(); i++) {
          OutPoint at = transaction.outPoint(i);
          Coin coin = engine.coin(at).orElse(null);
          all.uint8(coin == null ? 0 : 1);
          if (coin != null) {
            CoinFormat.writeCoin(all.hash(at.txid()).int32(at.index()), coin);
          }
        }
      }
    }
    return Sha256.doubleHash(all.toArray());
  }

  /** In one line, without spaces at its ends. */
  String toLine() {
    return blocks + " " + tip + " " + coins + " " + digest;
  }
}
