package org.chaincore.store.rocks;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.ledger.BlockUndo;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.store.AddressIndex;
import org.chaincore.core.store.AddressIndex.IndexedOutput;
import org.chaincore.core.store.AddressIndex.Page;
import org.chaincore.core.store.AddressIndex.Position;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.TransactionIndex;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.chaincore.store.codec.CoinFormat;

/**
 * What a node holds after some blocks, in a form that two nodes can compare.
 *
 * @param blocks how many of the blocks, in the order in which they were given, it has
 * @param tip its tip
 * @param coins how many coins there are
 * @param digest a hash over all coins, over the undo data of all blocks that are not pruned, and
 *     over all that the indexes know
 * @param prunedHeight up to which height blocks are pruned
 */
record NodeState(int blocks, Hash256 tip, long coins, Hash256 digest, int prunedHeight) {
  /**
   * What two nodes can compare, of which one may have more.
   *
   * @param prunedHeight blocks up to this height are left out
   * @param isIndexed whether the indexes are looked at
   */
  record Scope(int prunedHeight, boolean isIndexed) {
    static Scope of(ChainStore store) {
      return new Scope(store.retention().prunedHeight(), store.transactionIndex().isPresent());
    }
  }

  /** Asks a node for everything that it has. */
  static NodeState of(ChainEngine engine, ChainStore store, List<Block> given) {
    return of(engine, store, given, Scope.of(store));
  }

  /**
   * Asks a node for all that is in scope.
   *
   * @param given the blocks that it was given, and those that it is to be given yet
   * @throws IllegalStateException if it has a block but not one before it, or another than was
   *     given
   */
  static NodeState of(ChainEngine engine, ChainStore store, List<Block> given, Scope scope) {
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
        digest(engine, store, given.subList(0, has), scope),
        scope.prunedHeight);
  }

  private static boolean hasBlock(ChainEngine engine, Block block) {
    Optional<Block> found = engine.block(block.hash());
    if (found.isPresent() && !found.get().equals(block)) {
      throw new IllegalStateException("another block at " + block.hash());
    }
    return found.isPresent() || isPruned(engine, block);
  }

  private static boolean isPruned(ChainEngine engine, Block block) {
    HeaderNode node = engine.view().find(block.hash()).orElse(null);
    if (node == null || !node.hasBody() || node.height() > engine.retention().prunedHeight()) {
      return false;
    }
    if (!engine.txids(block.hash()).equals(Optional.of(block.txids()))) {
      throw new IllegalStateException("other txids of " + block.hash());
    }
    return true;
  }

  private static Hash256 digest(
      ChainEngine engine, ChainStore store, List<Block> blocks, Scope scope) {
    ByteWriter all = ByteWriter.create();
    for (Block block : blocks) {
      HeaderNode node = engine.view().find(block.hash()).orElseThrow();
      if (node.height() > scope.prunedHeight) {
        Optional<BlockUndo> undo = store.undo(block.hash());
        all.uint8(undo.isPresent() ? 1 : 0);
        undo.ifPresent(there -> CoinFormat.writeUndo(all, there));
      }
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
    if (scope.isIndexed) {
      transactions(store.transactionIndex().orElseThrow(), blocks, all);
      addresses(store.addressIndex().orElseThrow(), blocks, all);
    }
    return Sha256.doubleHash(all.toArray());
  }

  private static void transactions(TransactionIndex index, List<Block> blocks, ByteWriter all) {
    for (Block block : blocks) {
      for (Transaction transaction : block.transactions()) {
        index
            .find(transaction.txid())
            .ifPresentOrElse(
                place -> all.hash(place.block()).int32(place.height()).int32(place.index()),
                () -> all.uint8(0));
      }
    }
  }

  private static void addresses(AddressIndex index, List<Block> blocks, ByteWriter all) {
    Set<Bytes> scripts = new LinkedHashSet<>();
    for (Block block : blocks) {
      for (Transaction transaction : block.transactions()) {
        transaction.outputs().forEach(output -> scripts.add(output.script()));
      }
    }
    for (Bytes script : scripts) {
      Position after = Position.START;
      boolean isMore = true;
      while (isMore) {
        Page page = index.outputs(script, after, AddressIndex.MAX_PAGE);
        for (IndexedOutput output : page.outputs()) {
          after = output.position();
          all.int32(after.height()).hash(after.outPoint().txid()).int32(after.outPoint().index());
          all.int64(output.units());
          output
              .spentBy()
              .ifPresentOrElse(
                  by -> all.hash(by.txid()).int32(by.index()).int32(by.height()),
                  () -> all.uint8(0));
        }
        isMore = page.hasMore();
      }
    }
  }

  /** In one line, without spaces at its ends. */
  String toLine() {
    return blocks + " " + tip + " " + coins + " " + digest + " " + prunedHeight;
  }
}
