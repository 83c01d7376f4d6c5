package org.chaincore.core.store;

import java.util.Optional;
import org.chaincore.core.value.Hash256;

/**
 * Where the transactions of the chain are. Knows the chain only: what left it is not found. It may
 * answer for a chain that is a block older or newer than the one that the caller sees.
 *
 * <p>Every method may block for as long as a disk does, may be called by any thread, and throws
 * {@link StoreException} if the store is broken or closed.
 */
public interface TransactionIndex {
  /** Where a transaction is. Genesis is not indexed. */
  Optional<Place> find(Hash256 txid);

  /** How far the index is. */
  IndexProgress progress();

  /**
   * A transaction's place. Immutable.
   *
   * @param block the block that has it, whose body may be pruned
   * @param height the block's height
   * @param index its place in the block, 0 for the coinbase
   */
  record Place(Hash256 block, int height, int index) {}
}
