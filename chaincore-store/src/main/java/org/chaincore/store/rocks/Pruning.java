package org.chaincore.store.rocks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.store.BodyRetention;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.store.codec.HeaderRow;
import org.chaincore.store.codec.Keys;
import org.chaincore.store.codec.TxidList;
import org.chaincore.store.database.Batch;
import org.chaincore.store.database.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets the oldest bodies and their undo data when all of them take more than a target. What goes
 * is everything up to a height, on the chain and off it; txids stay, for proofs.
 *
 * <p><b>What must stay.</b> The last blocks below the tip, so that a reorganisation finds what it
 * takes off; and what a replay of the coins may need after a crash, which is everything above the
 * highest block that was on the chain all the time since the coins were flushed.
 *
 * <p><b>Space.</b> Deleted values stay in blob files until these hold nothing else and a compaction
 * has seen it. So when enough was deleted, the tables are compacted: their keys, which are few
 * bytes, and of the bodies those in the oldest files.
 *
 * <p>Not thread-safe but for {@link #retention}; confined to the writer.
 */
final class Pruning {
  private static final Logger LOG = LoggerFactory.getLogger(Pruning.class);

  /**
   * So many heights go at a time, so that pruning which was just switched on for a long chain stops
   * nobody for long: a commit pays for a step.
   */
  static final int STEP_HEIGHTS = 100;

  /** So much is deleted before files are compacted: an eighth of the target, within bounds. */
  private static final int RECLAIMED_SHARE = 8;

  private static final long LEAST_RECLAIMED = 1L << 20;
  private static final long MOST_RECLAIMED = 256L << 20;

  private final StoreOptions.Pruning options;
  private final WriteGate gate;
  private final ChainTables tables;
  private final KnownHeaders known;
  private HeldBodies held = new HeldBodies(0);
  private long deleted;
  private volatile int prunedHeight;

  Pruning(StoreOptions.Pruning options, WriteGate gate, ChainTables tables, KnownHeaders known) {
    this.options = options;
    this.gate = gate;
    this.tables = tables;
    this.known = known;
  }

  BodyRetention retention() {
    return new BodyRetention(
        prunedHeight, options.isOn() ? options.keptBlocks() : Integer.MAX_VALUE);
  }

  /** Up to which height everything is forgotten. */
  int prunedHeight() {
    return prunedHeight;
  }

  /** What bodies and undo data take; known only while pruning is on. */
  long heldBytes() {
    return held.total();
  }

  /** Begins to read what there is. */
  void begin() {
    prunedHeight = tables.prunedHeight();
    held = new HeldBodies(prunedHeight);
  }

  /** A header as it is now. */
  void put(int sequence, HeaderRow row) {
    if (options.isOn()) {
      held.put(sequence, row);
    }
  }

  /**
   * Forgets a step's worth of what is over, if anything is and may go.
   *
   * @param indexedHeight what is above it the indexes do not know yet
   * @param coins are written first if only a replay of theirs would need what is over
   */
  void stepIfDue(int tipHeight, int indexedHeight, LaggingCoins coins) {
    if (!isDue(tipHeight, indexedHeight)) {
      return;
    }
    if (!isDue(tipHeight, Math.min(indexedHeight, coins.retention().forkHeight()))) {
      coins.flush();
    }
    step(tipHeight, Math.min(indexedHeight, coins.retention().forkHeight()));
  }

  /**
   * Whether something should go and may.
   *
   * @param highest the highest block that may go for other reasons than the kept ones
   */
  private boolean isDue(int tipHeight, int highest) {
    int mostHeight = Math.min(highest, tipHeight - options.keptBlocks());
    return options.isOn() && held.total() > options.targetBytes() && prunedHeight < mostHeight;
  }

  /** Forgets a step's worth of what {@link #isDue}. */
  private void step(int tipHeight, int highest) {
    int mostHeight = Math.min(highest, tipHeight - options.keptBlocks());
    int most = Math.min(STEP_HEIGHTS, mostHeight - prunedHeight);
    long surplus = held.total() - options.targetBytes();
    int heights = 1;
    while (heights < most && held.lowest(heights) < surplus) {
      heights++;
    }
    long bytes = held.lowest(heights);
    List<KnownHeaders.Entry> forgotten = new ArrayList<>();
    try (Batch batch = gate.largeBatch()) {
      for (int sequence : held.sequences(heights)) {
        forgotten.add(forget(sequence, batch));
      }
      int height = prunedHeight + heights;
      batch.put(Table.META, Keys.ofPrunedHeight(), Keys.ofSequence(height));
      gate.reached(StorePoint.PRUNE_BEGINS);
      gate.write(batch);
      prunedHeight = height;
    }
    forgotten.forEach(known::remember);
    held.drop(heights);
    deleted += bytes;
    gate.reached(StorePoint.PRUNE_WRITTEN);
    long enough =
        Math.min(
            MOST_RECLAIMED, Math.max(LEAST_RECLAIMED, options.targetBytes() / RECLAIMED_SHARE));
    if (deleted >= enough) {
      reclaim();
    }
  }

  private KnownHeaders.Entry forget(int sequence, Batch batch) {
    HeaderRow row = tables.row(sequence);
    byte[] key = Keys.ofSequence(sequence);
    readable(sequence)
        .ifPresent(body -> batch.put(Table.TXIDS, key, TxidList.toBytes(body.txids())));
    batch.delete(Table.BLOCKS, key);
    batch.delete(Table.UNDO, key);
    HeaderRow pruned = row.with(row.body().pruned());
    batch.put(Table.HEADERS, key, pruned.toBytes());
    return new KnownHeaders.Entry(sequence, pruned);
  }

  private Optional<Block> readable(int sequence) {
    try {
      return tables.body(sequence);
    } catch (StoreException e) {
      if (!StoredBodies.isDamage(e)) {
        throw e;
      }
      LOG.warn("pruned a damaged body, nothing in it can be proved any more", e);
      return Optional.empty();
    }
  }

  /** Gives the space of what was deleted back to the file system. */
  void reclaim() {
    gate.reclaim(Table.BLOCKS);
    gate.reclaim(Table.UNDO);
    deleted = 0;
  }
}
