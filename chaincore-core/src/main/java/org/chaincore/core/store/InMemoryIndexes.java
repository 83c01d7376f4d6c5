package org.chaincore.core.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.chaincore.core.block.Block;
import org.chaincore.core.ledger.BlockUndo;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/** Both indexes of a store in memory. Changed by the writer; look-ups are thread-safe. */
final class InMemoryIndexes {
  private final Map<Hash256, TransactionIndex.Place> places = new ConcurrentHashMap<>();
  private final Map<Bytes, NavigableMap<AddressIndex.Position, AddressIndex.IndexedOutput>>
      outputs = new ConcurrentHashMap<>();
  private final Runnable requireOpen;
  private volatile int height;

  /** Zero while a block joins or leaves. */
  private volatile Hash256 tip = Hash256.ZERO;

  /**
   * Nothing indexed yet.
   *
   * @param requireOpen throws if the store is closed
   */
  InMemoryIndexes(Runnable requireOpen) {
    this.requireOpen = requireOpen;
  }

  /** The store is of a network. */
  void begin(Hash256 genesis) {
    if (height == 0) {
      tip = genesis;
    }
  }

  void connect(Block block, int atHeight, BlockUndo undo) {
    tip = Hash256.ZERO;
    BlockIndexing.connect(block, transactionsOf(block.hash(), atHeight));
    BlockIndexing.connect(block, atHeight, undo, outputIndex());
    height = atHeight;
    tip = block.hash();
  }

  void disconnect(Block block, BlockUndo undo) {
    int atHeight = height;
    tip = Hash256.ZERO;
    BlockIndexing.disconnect(block, transactionsOf(block.hash(), atHeight));
    BlockIndexing.disconnect(block, atHeight, undo, outputIndex());
    height = atHeight - 1;
    tip = block.header().previous();
  }

  private BlockIndexing.Transactions transactionsOf(Hash256 block, int atHeight) {
    return new BlockIndexing.Transactions() {
      @Override
      public void put(Hash256 txid, int index) {
        places.put(txid, new TransactionIndex.Place(block, atHeight, index));
      }

      @Override
      public void remove(Hash256 txid) {
        places.remove(txid);
      }
    };
  }

  private BlockIndexing.Outputs outputIndex() {
    return new BlockIndexing.Outputs() {
      @Override
      public void put(Bytes script, AddressIndex.IndexedOutput output) {
        outputs
            .computeIfAbsent(script, first -> new ConcurrentSkipListMap<>())
            .put(output.position(), output);
      }

      @Override
      public void remove(Bytes script, AddressIndex.Position position) {
        outputs.computeIfPresent(
            script,
            (same, list) -> {
              list.remove(position);
              return list.isEmpty() ? null : list;
            });
      }
    };
  }

  IndexProgress progress() {
    requireOpen.run();
    int now = height;
    return new IndexProgress(now, now);
  }

  TransactionIndex transactions() {
    return new TransactionIndex() {
      @Override
      public Optional<Place> find(Hash256 txid) {
        requireOpen.run();
        return Optional.ofNullable(places.get(txid));
      }

      @Override
      public IndexProgress progress() {
        return InMemoryIndexes.this.progress();
      }
    };
  }

  AddressIndex addresses() {
    return new AddressIndex() {
      @Override
      public Page outputs(Bytes script, Position after, int most) {
        requireOpen.run();
        AddressIndex.requirePage(most);
        List<IndexedOutput> page = new ArrayList<>();
        NavigableMap<Position, IndexedOutput> all =
            outputs.getOrDefault(script, new ConcurrentSkipListMap<>());
        for (IndexedOutput output : all.tailMap(after, false).values()) {
          if (page.size() == most) {
            return new Page(page, true);
          }
          page.add(output);
        }
        return new Page(page, false);
      }

      @Override
      public Hash256 tip() {
        requireOpen.run();
        return tip;
      }

      @Override
      public IndexProgress progress() {
        return InMemoryIndexes.this.progress();
      }
    };
  }
}
