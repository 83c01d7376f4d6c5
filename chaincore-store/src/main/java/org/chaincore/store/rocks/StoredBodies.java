package org.chaincore.store.rocks;

import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.value.Hash256;
import org.chaincore.store.codec.Keys;
import org.chaincore.store.database.Batch;
import org.chaincore.store.database.Table;
import org.jspecify.annotations.Nullable;

/** The bodies that are there, and what is left of those that are not. Look-ups are thread-safe. */
final class StoredBodies {
  private final ChainTables tables;

  StoredBodies(ChainTables tables) {
    this.tables = tables;
  }

  /**
   * A body; empty if there never was one or it was pruned.
   *
   * @throws StoreException if it should be there and is not
   */
  Optional<Block> block(Hash256 hash) {
    Optional<Block> found = tables.block(hash);
    if (found.isEmpty()) {
      requireNotLost(hash);
    }
    return found;
  }

  private void requireNotLost(Hash256 hash) {
    int sequence = tables.sequence(hash);
    // Between two look-ups the body may have come: it is gone only if it is still not there.
    if (sequence >= 0
        && tables.row(sequence).body().isHeld()
        && tables.body(sequence).isEmpty()
        && tables.row(sequence).body().isHeld()) {
      throw new StoreException(StoreFault.CORRUPT, "store has lost the body of " + hash);
    }
  }

  /** The txids of a block that is there, or was until it was pruned. */
  Optional<List<Hash256>> txids(Hash256 hash) {
    Optional<Block> body = block(hash);
    if (body.isPresent()) {
      return body.map(Block::txids);
    }
    int sequence = tables.sequence(hash);
    return sequence < 0 ? Optional.empty() : tables.txids(sequence);
  }

  /**
   * Puts a body in the place of one that is damaged or gone.
   *
   * @param entry what is kept of its header; null if nothing is
   * @return false if there should be no body, or it is whole
   */
  boolean repair(Block body, KnownHeaders.@Nullable Entry entry, WriteGate gate) {
    if (entry == null || !entry.row().body().isHeld() || isWhole(body.hash())) {
      return false;
    }
    try (Batch batch = gate.batch()) {
      batch.put(Table.BLOCKS, Keys.ofSequence(entry.sequence()), body::write);
      gate.writeThrough(batch);
    }
    return true;
  }

  private boolean isWhole(Hash256 hash) {
    try {
      return tables.block(hash).isPresent();
    } catch (StoreException e) {
      if (e.fault() == StoreFault.CORRUPT || e.fault() == StoreFault.MISSING_FILE) {
        return false;
      }
      throw e;
    }
  }
}
