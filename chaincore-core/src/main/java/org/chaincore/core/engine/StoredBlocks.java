package org.chaincore.core.engine;

import org.chaincore.core.block.Block;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.jspecify.annotations.Nullable;

/** The blocks whose bodies the store must have, as the tree says that they came. */
final class StoredBlocks {
  private StoredBlocks() {}

  /**
   * The block of a node.
   *
   * @param arriving a block that is at hand and need not be read from the store
   * @throws StoreException if the store has lost it
   */
  static Block of(HeaderNode node, @Nullable Block arriving, ChainStore store) {
    if (arriving != null && arriving.hash().equals(node.hash())) {
      return arriving;
    }
    return store
        .block(node.hash())
        .orElseThrow(
            () -> new StoreException(StoreFault.CORRUPT, "store has lost the block of " + node));
  }
}
