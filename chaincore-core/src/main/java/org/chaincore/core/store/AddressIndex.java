package org.chaincore.core.store;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/**
 * The outputs of the chain by the script that they pay to, and what spent them. Data outputs, which
 * nobody can spend, and the output of genesis are not indexed. Knows the chain only, as {@link
 * TransactionIndex} does.
 *
 * <p>Every method may block for as long as a disk does, may be called by any thread, and throws
 * {@link StoreException} if the store is broken or closed.
 */
public interface AddressIndex {
  /** The most outputs of a page. Stops a much used address from filling the heap. */
  int MAX_PAGE = 1_000;

  /**
   * Some of the outputs that pay to a script, in the order of {@link Position}.
   *
   * @param after the last output that the caller has seen; {@link Position#START} for none
   * @param most how many to give, 1 to {@link #MAX_PAGE}
   * @throws IllegalArgumentException if {@code most} is out of bounds
   */
  Page outputs(Bytes script, Position after, int most);

  /** How far the index is. */
  IndexProgress progress();

  /**
   * The highest block of the chain that the index knows. Changes with what {@link #outputs} gives
   * or before it, never after: whoever finds the same block here before and after reading, on a
   * chain that did not come back to it meanwhile, has read what that block's chain has. While a
   * change is under way it may be a block that nobody knows.
   */
  Hash256 tip();

  /**
   * A place in the list of a script's outputs, which is by height, then by the bytes of the txid,
   * then by index. Blocks that come later add behind it, so whoever goes on from one misses nothing
   * unless the chain was reorganised. Immutable.
   *
   * @param height the height of the block that made the output
   * @param outPoint the output
   */
  record Position(int height, OutPoint outPoint) implements Comparable<Position> {
    /** Before all outputs. */
    public static final Position START = new Position(-1, new OutPoint(Hash256.ZERO, 0));

    @Override
    public int compareTo(Position other) {
      int byHeight = Integer.compare(height, other.height);
      if (byHeight != 0) {
        return byHeight;
      }
      int byTxid = Arrays.compareUnsigned(outPoint.txid().toWire(), other.outPoint.txid().toWire());
      return byTxid != 0
          ? byTxid
          : Integer.compareUnsigned(outPoint.index(), other.outPoint.index());
    }
  }

  /**
   * An output of the chain. Immutable.
   *
   * @param position where it is
   * @param units its worth
   * @param spentBy the input that spent it; empty if it can still be spent
   */
  record IndexedOutput(Position position, long units, Optional<Spender> spentBy) {}

  /**
   * The input that spent an output. Immutable.
   *
   * @param txid its transaction
   * @param index its place among the inputs
   * @param height the height of its block
   */
  record Spender(Hash256 txid, int index, int height) {}

  /**
   * Some outputs. Immutable.
   *
   * @param outputs in their order
   * @param hasMore whether there are more behind them
   */
  record Page(List<IndexedOutput> outputs, boolean hasMore) {
    public Page {
      outputs = List.copyOf(outputs);
    }
  }

  /**
   * The number, if a page may have as many outputs.
   *
   * @throws IllegalArgumentException if not
   */
  static int requirePage(int most) {
    if (most < 1 || most > MAX_PAGE) {
      throw new IllegalArgumentException("a page of " + most + " outputs, 1.." + MAX_PAGE);
    }
    return most;
  }
}
