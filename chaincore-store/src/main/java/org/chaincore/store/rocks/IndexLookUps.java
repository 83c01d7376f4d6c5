package org.chaincore.store.rocks;

import java.util.List;
import java.util.Optional;
import org.chaincore.core.store.AddressIndex;
import org.chaincore.core.store.IndexProgress;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.TransactionIndex;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.store.codec.HeaderRow;

/** The indexes as those see them who look something up. Thread-safe. */
final class IndexLookUps {
  private final Indexes indexes;
  private final ChainTables tables;

  /** Throws if the store cannot be asked. */
  private final Runnable requireLoaded;

  IndexLookUps(Indexes indexes, ChainTables tables, Runnable requireLoaded) {
    this.indexes = indexes;
    this.tables = tables;
    this.requireLoaded = requireLoaded;
  }

  private IndexProgress progress(IndexWriter index) {
    requireLoaded.run();
    return indexes.progress(index).orElseThrow();
  }

  TransactionIndex transactions() {
    return new TransactionIndex() {
      @Override
      public Optional<Place> find(Hash256 txid) {
        requireLoaded.run();
        return tables
            .transaction(txid)
            .map(
                found -> {
                  HeaderRow row = tables.row(found.sequence());
                  return new Place(row.header().hash(), row.height(), found.index());
                });
      }

      @Override
      public IndexProgress progress() {
        return IndexLookUps.this.progress(IndexWriter.TRANSACTIONS);
      }
    };
  }

  AddressIndex addresses() {
    return new AddressIndex() {
      @Override
      public Page outputs(Bytes script, Position after, int most) {
        requireLoaded.run();
        List<IndexedOutput> found = tables.outputs(script, after, AddressIndex.requirePage(most));
        boolean hasMore = found.size() > most;
        return new Page(hasMore ? found.subList(0, most) : found, hasMore);
      }

      @Override
      public Hash256 tip() {
        requireLoaded.run();
        // From the table, where it changes in the batch of the rows.
        return tables
            .indexMark(IndexWriter.ADDRESSES.markKey())
            .orElseThrow(() -> new StoreException(StoreFault.CORRUPT, "store has lost an index"))
            .block();
      }

      @Override
      public IndexProgress progress() {
        return IndexLookUps.this.progress(IndexWriter.ADDRESSES);
      }
    };
  }
}
