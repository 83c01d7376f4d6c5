package org.chaincore.core.engine;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/** The bodies that the store has, and which of them it turned out to have damaged. Thread-safe. */
final class StoredBlocks {
  /**
   * So that a disk that is all broken does not fill the heap; the rest is found when it is read.
   */
  static final int MAX_DAMAGED = 1_000;

  private final ChainStore store;

  /** Guarded by itself. */
  private final Set<Hash256> damaged = new LinkedHashSet<>();

  StoredBlocks(ChainStore store) {
    this.store = store;
  }

  /** A body, if it is there. */
  Optional<Block> find(Hash256 hash) {
    try {
      return store.block(hash);
    } catch (StoreException e) {
      if (e.fault() == StoreFault.CORRUPT || e.fault() == StoreFault.MISSING_FILE) {
        noteDamaged(hash);
      }
      throw e;
    }
  }

  /**
   * The body of a node that the tree says has one.
   *
   * @param arriving a block that is at hand and need not be read from the store
   * @throws StoreException if it was pruned, or the store has lost it
   */
  Block of(HeaderNode node, @Nullable Block arriving) {
    if (arriving != null && arriving.hash().equals(node.hash())) {
      return arriving;
    }
    return find(node.hash()).orElseThrow(() -> lost(node));
  }

  private StoreException lost(HeaderNode node) {
    if (node.height() <= store.retention().prunedHeight()) {
      return new StoreException(StoreFault.PRUNED, "store has pruned the block of " + node);
    }
    noteDamaged(node.hash());
    return new StoreException(StoreFault.CORRUPT, "store has lost the block of " + node);
  }

  void noteDamaged(Hash256 hash) {
    synchronized (damaged) {
      if (damaged.size() < MAX_DAMAGED) {
        damaged.add(hash);
      }
    }
  }

  Set<Hash256> damaged() {
    Set<Hash256> all;
    synchronized (damaged) {
      all = new LinkedHashSet<>(damaged);
    }
    for (Hash256 found : store.damagedBlocks()) {
      if (all.size() < MAX_DAMAGED) {
        all.add(found);
      }
    }
    return all;
  }

  /** Puts a body that was judged in the place of a damaged one; false if there is none. */
  boolean repair(Block body) {
    boolean isRepaired = store.repair(body);
    synchronized (damaged) {
      damaged.remove(body.hash());
    }
    return isRepaired;
  }
}
