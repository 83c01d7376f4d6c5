package org.chaincore.store.rocks;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.store.ChainCommit;
import org.chaincore.core.store.ChainCommit.ConnectedBlock;
import org.chaincore.core.store.ChainCommit.TipMove;
import org.chaincore.core.store.IndexProgress;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.value.Hash256;
import org.chaincore.store.codec.HeaderRow;
import org.chaincore.store.codec.IndexMark;
import org.chaincore.store.database.Batch;
import org.chaincore.store.database.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes that a store keeps. What a commit does to them is in its batch, so they need no
 * replay after a crash. One that is switched on for a chain that is there already is built block by
 * block, from below, beside the commits, and knows after a restart how far it was; one that is
 * switched off is deleted.
 *
 * <p>Not thread-safe but for {@link #progress}; confined to the writer.
 */
final class Indexes {
  /** So many blocks are indexed with each commit, if an index is behind. */
  static final int BLOCKS_A_COMMIT = 4;

  /** So many go into one batch, which bounds the memory that it takes. */
  static final int BLOCKS_A_BATCH = 16;

  private static final Logger LOG = LoggerFactory.getLogger(Indexes.class);

  private final StoreOptions.Indexes options;
  private final WriteGate gate;
  private final ChainTables tables;
  private final StoredBodies bodies;

  /** Changed by loading only, which comes before everything else. */
  private volatile Map<IndexWriter, IndexState> states = Map.of();

  /** What the log has already: it would be told again with each commit. */
  private final Map<IndexWriter, String> waitsFor = new EnumMap<>(IndexWriter.class);

  Indexes(StoreOptions.Indexes options, WriteGate gate, ChainTables tables, StoredBodies bodies) {
    this.options = options;
    this.gate = gate;
    this.tables = tables;
    this.bodies = bodies;
  }

  private boolean isOn(IndexWriter index) {
    return switch (index) {
      case TRANSACTIONS -> options.transactions();
      case ADDRESSES -> options.addresses();
    };
  }

  /**
   * Reads how far they are.
   *
   * @param prunedHeight what is forgotten cannot be indexed
   */
  void load(Hash256 genesis, int prunedHeight) {
    Map<IndexWriter, IndexState> loaded = new EnumMap<>(IndexWriter.class);
    for (IndexWriter index : IndexWriter.values()) {
      Optional<IndexMark> mark = tables.indexMark(index.markKey());
      if (isOn(index)) {
        IndexMark at = mark.orElseGet(() -> begin(index, genesis));
        if (at.height() < prunedHeight) {
          throw new StoreException(
              StoreFault.PRUNED,
              "index of "
                  + index.table().title()
                  + " is at height "
                  + at.height()
                  + " and cannot be built, blocks are pruned up to "
                  + prunedHeight);
        }
        loaded.put(index, new IndexState(index, at, above(at)));
      } else if (mark.isPresent()) {
        delete(index);
      }
    }
    states = loaded;
  }

  private IndexMark begin(IndexWriter index, Hash256 genesis) {
    IndexMark mark = IndexState.none(genesis);
    try (Batch batch = gate.largeBatch()) {
      batch.put(Table.META, index.markKey(), mark.toBytes());
      gate.write(batch);
    }
    return mark;
  }

  private void delete(IndexWriter index) {
    try (Batch batch = gate.largeBatch()) {
      batch.clear(index.table());
      batch.delete(Table.META, index.markKey());
      gate.write(batch);
    }
    gate.reclaim(index.table());
  }

  /** The blocks of the chain above a mark, lowest first. */
  private Deque<Integer> above(IndexMark mark) {
    Deque<Integer> above = new ArrayDeque<>();
    Hash256 at = gate.state().tip();
    for (int height = gate.state().height(); height > mark.height(); height--) {
      int sequence = tables.sequence(at);
      if (sequence < 0) {
        throw new StoreException(StoreFault.CORRUPT, "store has lost the header " + at);
      }
      above.addFirst(sequence);
      at = tables.row(sequence).header().previous();
    }
    if (!at.equals(mark.block())) {
      throw new StoreException(
          StoreFault.CORRUPT, "an index stands at " + mark.block() + ", off the chain");
    }
    return above;
  }

  /** What a commit does to all of them. */
  final class Change {
    private final Batch batch;
    private final Map<Hash256, Block> arriving = new HashMap<>();
    private final List<IndexState.Change> changes = new ArrayList<>();

    private Change(ChainCommit commit, Batch batch) {
      this.batch = batch;
      commit.blocks().forEach(block -> arriving.put(block.hash(), block));
    }

    private void move(TipMove move, KnownHeaders.Finder headers) {
      for (IndexState state : states.values()) {
        IndexState.Change change = state.change(batch);
        for (Hash256 left : move.disconnected()) {
          change.disconnect(() -> leaving(headers.find(left)));
        }
        for (ConnectedBlock block : move.connected()) {
          int sequence = headers.find(block.hash()).sequence();
          change.connect(sequence, () -> joining(sequence, block));
        }
        change.end();
        changes.add(change);
      }
    }

    private IndexWriter.OnChain leaving(KnownHeaders.Entry entry) {
      return stored(entry.sequence(), entry.row());
    }

    private IndexWriter.OnChain joining(int sequence, ConnectedBlock block) {
      Block body = arriving.get(block.hash());
      if (body == null) {
        body = tables.block(block.hash()).orElseThrow(() -> lost("body", block.hash()));
      }
      return new IndexWriter.OnChain(sequence, block.height(), body, block::undo);
    }

    /** The batch is written. */
    void adopt() {
      changes.forEach(IndexState.Change::adopt);
    }
  }

  private IndexWriter.OnChain stored(int sequence, HeaderRow row) {
    Hash256 hash = row.header().hash();
    Block body = bodies.require(sequence, hash);
    return new IndexWriter.OnChain(
        sequence,
        row.height(),
        body,
        () -> tables.undo(sequence).orElseThrow(() -> lost("undo data", hash)));
  }

  private static StoreException lost(String what, Hash256 block) {
    return new StoreException(
        StoreFault.CORRUPT, "store has lost the " + what + " of " + block + " for its indexes");
  }

  /** Writes what a commit does to the indexes into its batch. */
  Change change(ChainCommit commit, KnownHeaders.Finder headers, Batch batch) {
    Change change = new Change(commit, batch);
    commit.tipMove().ifPresent(move -> change.move(move, headers));
    return change;
  }

  /**
   * Indexes some blocks beside a commit. The chain goes on also where an old block is damaged and
   * its index has to wait until that is repaired.
   */
  void buildSome() {
    states.forEach(
        (index, state) -> {
          try {
            build(state, BLOCKS_A_COMMIT);
            waitsFor.remove(index);
          } catch (StoreException damaged) {
            if (!StoredBodies.isDamage(damaged)) {
              throw damaged;
            }
            String why = String.valueOf(damaged.getMessage());
            if (!why.equals(waitsFor.put(index, why))) {
              LOG.warn(
                  "the index of {} waits for what is damaged; undo data comes back only with a new"
                      + " store: {}",
                  index.table().title(),
                  why);
            }
          }
        });
  }

  /** Indexes so many blocks at most, of each index that is behind. */
  void build(int mostBlocks) {
    states.values().forEach(state -> build(state, mostBlocks));
  }

  private void build(IndexState state, int mostBlocks) {
    List<Integer> next = state.next(mostBlocks);
    if (!next.isEmpty()) {
      build(state, next);
    }
  }

  private void build(IndexState state, List<Integer> sequences) {
    try (Batch batch = gate.largeBatch()) {
      IndexState.Change change = state.change(batch);
      for (int sequence : sequences) {
        change.take(stored(sequence, tables.row(sequence)));
      }
      change.end();
      gate.reached(StorePoint.INDEX_BEGINS);
      gate.write(batch);
      change.adopt();
    }
    gate.reached(StorePoint.INDEX_WRITTEN);
  }

  /** The height up to which all of them know the chain; above it nothing may be pruned. */
  int height() {
    int height = gate.state().height();
    for (IndexState state : states.values()) {
      height = Math.min(height, state.mark().height());
    }
    return height;
  }

  /** How far one is; empty if it is not kept. */
  Optional<IndexProgress> progress(IndexWriter index) {
    // The index first: a block that comes between makes it look behind, never ahead.
    return Optional.ofNullable(states.get(index))
        .map(state -> new IndexProgress(state.mark().height(), gate.state().height()));
  }

  IndexProgress progress() {
    int indexed = height();
    return new IndexProgress(indexed, Math.max(indexed, gate.state().height()));
  }
}
