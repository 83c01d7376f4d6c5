package org.chaincore.core.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.ledger.BlockCoins;
import org.chaincore.core.ledger.BlockUndo;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.SpentCoin;
import org.chaincore.core.store.AddressIndex.IndexedOutput;
import org.chaincore.core.store.AddressIndex.Position;
import org.chaincore.core.store.AddressIndex.Spender;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/**
 * What a block does to indexes, for a store that keeps some. It reads nothing of an index: what was
 * spent is told by the block's undo data, so an index may be written in the same batch as the
 * block. Stateless.
 */
public final class BlockIndexing {
  private BlockIndexing() {}

  /** Takes the changes of a transaction index. */
  public interface Transactions {
    /** A transaction stands at a place of the block. */
    void put(Hash256 txid, int index);

    /** It left the chain with the block. */
    void remove(Hash256 txid);
  }

  /** Takes the changes of an address index. */
  public interface Outputs {
    /** An output is so now, whether it was there or not. */
    void put(Bytes script, IndexedOutput output);

    /** It is gone. */
    void remove(Bytes script, Position position);
  }

  /** The block joins the chain. */
  public static void connect(Block block, Transactions index) {
    for (int i = 0; i < block.transactions().size(); i++) {
      index.put(block.transactions().get(i).txid(), i);
    }
  }

  /** The block leaves the chain. */
  public static void disconnect(Block block, Transactions index) {
    block.transactions().forEach(transaction -> index.remove(transaction.txid()));
  }

  /**
   * The block joins the chain.
   *
   * @param undo the coins that it spends of those that were there before it
   */
  public static void connect(Block block, int height, BlockUndo undo, Outputs index) {
    Map<OutPoint, Coin> coins = spent(undo);
    for (Transaction transaction : block.transactions()) {
      spend(transaction, height, coins, index);
      BlockCoins.create(
          transaction,
          height,
          (outPoint, coin) -> {
            if (coin != null) {
              coins.put(outPoint, coin);
              put(outPoint, coin, Optional.empty(), index);
            }
          });
    }
  }

  private static Map<OutPoint, Coin> spent(BlockUndo undo) {
    Map<OutPoint, Coin> coins = new HashMap<>();
    for (SpentCoin spent : undo.spent()) {
      coins.put(spent.outPoint(), spent.coin());
    }
    return coins;
  }

  private static void spend(
      Transaction transaction, int height, Map<OutPoint, Coin> coins, Outputs index) {
    for (int i = 0; i < transaction.inputs().size(); i++) {
      TransactionInput input = transaction.inputs().get(i);
      Coin coin = coins.get(input.previousOutput());
      if (coin != null) {
        Spender spender = new Spender(transaction.txid(), i, height);
        put(input.previousOutput(), coin, Optional.of(spender), index);
      }
    }
  }

  private static void put(OutPoint outPoint, Coin coin, Optional<Spender> by, Outputs index) {
    Position position = new Position(coin.height(), outPoint);
    index.put(coin.output().script(), new IndexedOutput(position, coin.output().units(), by));
  }

  /**
   * The block leaves the chain.
   *
   * @param undo the coins that are there again
   */
  public static void disconnect(Block block, int height, BlockUndo undo, Outputs index) {
    for (SpentCoin spent : undo.spent()) {
      put(spent.outPoint(), spent.coin(), Optional.empty(), index);
    }
    for (Transaction transaction : block.transactions()) {
      BlockCoins.create(
          transaction,
          height,
          (outPoint, coin) -> {
            if (coin != null) {
              index.remove(coin.output().script(), new Position(height, outPoint));
            }
          });
    }
  }
}
