package org.chaincore.core.ledger;

import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.script.DataOutput;
import org.jspecify.annotations.Nullable;

/**
 * What blocks that were judged before do to coins, without judging them again: for a store whose
 * coins lag behind its blocks. It needs no coin to be there, so doing the same again changes
 * nothing. Stateless.
 */
public final class BlockCoins {
  private BlockCoins() {}

  /** Takes the changes, one coin at a time. */
  @FunctionalInterface
  public interface Target {
    /**
     * Changes a coin.
     *
     * @param coin null if it is gone
     */
    void set(OutPoint outPoint, @Nullable Coin coin);
  }

  /** Puts a block on top. */
  public static void connect(Block block, int height, Target coins) {
    for (Transaction transaction : block.transactions()) {
      if (!transaction.isCoinbase()) {
        for (TransactionInput input : transaction.inputs()) {
          coins.set(input.previousOutput(), null);
        }
      }
      create(transaction, height, coins);
    }
  }

  /**
   * Takes a block off.
   *
   * @param undo what connecting it returned
   */
  public static void disconnect(Block block, BlockUndo undo, Target coins) {
    for (Transaction transaction : block.transactions()) {
      for (int i = 0; i < transaction.outputs().size(); i++) {
        coins.set(transaction.outPoint(i), null);
      }
    }
    undo.spent().forEach(spent -> coins.set(spent.outPoint(), spent.coin()));
  }

  /** Creates what can be spent of a transaction; a data output is no coin. */
  public static void create(Transaction transaction, int height, Target coins) {
    boolean isCoinbase = transaction.isCoinbase();
    for (int i = 0; i < transaction.outputs().size(); i++) {
      TransactionOutput output = transaction.outputs().get(i);
      if (!DataOutput.matches(output.script())) {
        coins.set(transaction.outPoint(i), new Coin(output, height, isCoinbase));
      }
    }
  }
}
