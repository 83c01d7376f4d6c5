package org.chaincore.store.rocks;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  /** So that a disk that is all broken does not fill the heap. */
  private static final int MAX_DAMAGED = 1_000;

  private final ChainTables tables;

  /** Guarded by itself. */
  private final Set<Hash256> damaged = new LinkedHashSet<>();

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

  /**
   * A body that must be there, for work of the store's own.
   *
   * @throws StoreException if it is not whole; it is among {@link #damaged} then
   */
  Block require(int sequence, Hash256 hash) {
    try {
      return tables.body(sequence).orElseThrow(() -> lost(hash));
    } catch (StoreException e) {
      if (isDamage(e)) {
        synchronized (damaged) {
          if (damaged.size() < MAX_DAMAGED) {
            damaged.add(hash);
          }
        }
      }
      throw e;
    }
  }

  /** Those that were found so by {@link #require}, and are not repaired yet. */
  Set<Hash256> damaged() {
    synchronized (damaged) {
      return new LinkedHashSet<>(damaged);
    }
  }

  /** Whether a value is not what was written, and not only the disk out of order. */
  static boolean isDamage(StoreException e) {
    return e.fault() == StoreFault.CORRUPT || e.fault() == StoreFault.MISSING_FILE;
  }

  private static StoreException lost(Hash256 hash) {
    return new StoreException(StoreFault.CORRUPT, "store has lost the body of " + hash);
  }

  private void requireNotLost(Hash256 hash) {
    int sequence = tables.sequence(hash);
    // Between two look-ups the body may have come: it is gone only if it is still not there.
    if (sequence >= 0
        && tables.row(sequence).body().isHeld()
        && tables.body(sequence).isEmpty()
        && tables.row(sequence).body().isHeld()) {
      throw lost(hash);
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
      forget(body.hash());
      return false;
    }
    try (Batch batch = gate.batch()) {
      batch.put(Table.BLOCKS, Keys.ofSequence(entry.sequence()), body::write);
      gate.writeThrough(batch);
    }
    forget(body.hash());
    return true;
  }

  private void forget(Hash256 repaired) {
    synchronized (damaged) {
      damaged.remove(repaired);
    }
  }

  private boolean isWhole(Hash256 hash) {
    try {
      return tables.block(hash).isPresent();
    } catch (StoreException e) {
      if (isDamage(e)) {
        return false;
      }
      throw e;
    }
  }
}
