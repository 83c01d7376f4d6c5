package org.chaincore.store.rocks;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.store.CoinSnapshots;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreHealth;
import org.chaincore.store.codec.BodyState;
import org.chaincore.store.codec.CoinFormat;
import org.chaincore.store.codec.FlushMark;
import org.chaincore.store.codec.HeaderRow;
import org.chaincore.store.codec.Keys;
import org.chaincore.store.codec.OriginRow;
import org.chaincore.store.codec.StateRow;
import org.chaincore.store.database.Batch;
import org.chaincore.store.database.Table;
import org.jspecify.annotations.Nullable;

/**
 * All coins at once. They are given out from the table of coins after a flush, as of that moment.
 * Where a store begins from such a set they are written first, under a mark which says that they
 * mean nothing yet; the headers, the tip and the end of the mark are one batch behind them. Whoever
 * finds the mark deletes the coins.
 *
 * <p>Thread-safe: takes the writer's lock.
 */
final class RocksSnapshots implements CoinSnapshots {
  /** Coins of one batch, which bounds the memory that it takes. */
  private static final long BATCH_BYTES = 1L << 20;

  private final WriteGate gate;
  private final ChainTables tables;
  private final ReentrantLock writer;
  private final Owner owner;

  /** What the store does for it, with the writer's lock held. */
  interface Owner {
    /** Lets through if the store takes changes. */
    void requireWritable();

    /** All coins of the tip are in their table after it. */
    void flushCoins();

    /** Coins, headers and tip are what was restored. */
    void restored(FlushMark tip);

    /** Whether the store keeps indexes. */
    boolean isIndexed();

    void requireLoaded();
  }

  RocksSnapshots(WriteGate gate, ChainTables tables, ReentrantLock writer, Owner owner) {
    this.gate = gate;
    this.tables = tables;
    this.writer = writer;
    this.owner = owner;
  }

  @Override
  public void read(Sink sink) {
    writer.lock();
    try {
      owner.requireWritable();
      owner.flushCoins();
      StateRow state = gate.state();
      sink.begin(state.tip(), state.height(), state.coins());
      tables.coins(
          writer::unlock,
          (outPoint, coin) -> {
            if (coin != null) {
              sink.coin(outPoint, coin);
            }
          });
    } finally {
      if (writer.isHeldByCurrentThread()) {
        writer.unlock();
      }
    }
  }

  @Override
  public void restore(List<BlockHeader> chain, Iterator<Entry> coins, Origin origin) {
    writer.lock();
    try {
      owner.requireWritable();
      StateRow before = gate.state();
      if (before.height() > 0 || before.bodies() > 0 || owner.isIndexed()) {
        throw new IllegalStateException("a store that has a chain, or indexes, begins from itself");
      }
      try {
        mark();
        long count = write(coins);
        gate.reached(StorePoint.RESTORE_COINS);
        end(chain, count, origin);
      } catch (RuntimeException e) {
        undo(e);
        throw e;
      }
      owner.restored(new FlushMark(origin.block(), origin.height()));
      gate.sync();
      gate.reached(StorePoint.RESTORE_ENDS);
    } finally {
      writer.unlock();
    }
  }

  private void mark() {
    try (Batch batch = gate.largeBatch()) {
      batch.put(Table.META, Keys.ofRestoring(), new byte[0]);
      gate.write(batch);
    }
  }

  private long write(Iterator<Entry> coins) {
    long count = 0;
    while (coins.hasNext()) {
      try (Batch batch = gate.largeBatch()) {
        while (batch.size() < BATCH_BYTES && coins.hasNext()) {
          Entry entry = coins.next();
          byte[] key = Keys.ofCoin(entry.outPoint());
          batch.put(Table.COINS, key, out -> CoinFormat.writeCoin(out, entry.coin()));
          count++;
        }
        gate.write(batch);
      }
    }
    return count;
  }

  private void end(List<BlockHeader> chain, long count, Origin origin) {
    StateRow before = gate.state();
    int headers = before.headers();
    try (Batch batch = gate.batch()) {
      for (int i = 0; i < chain.size(); i++) {
        BlockHeader header = chain.get(i);
        int sequence = tables.sequence(header.hash());
        if (sequence < 0) {
          sequence = headers++;
          batch.put(Table.INDEX, Keys.ofHash(header.hash()), Keys.ofSequence(sequence));
        }
        BodyState assumed = new BodyState(i, BodyState.Kind.ASSUMED, 0, 0);
        batch.put(
            Table.HEADERS,
            Keys.ofSequence(sequence),
            HeaderRow.of(header, i + 1).with(assumed).toBytes());
      }
      StateRow after =
          new StateRow(
              before.commits() + 1, origin.block(), origin.height(), headers, chain.size(), count);
      batch.put(Table.META, Keys.ofState(), after.toBytes());
      FlushMark mark = new FlushMark(origin.block(), origin.height());
      batch.put(Table.META, Keys.ofFlushMark(), mark.toBytes());
      batch.put(Table.META, Keys.ofPrunedHeight(), Keys.ofSequence(origin.height()));
      batch.put(Table.META, Keys.ofOrigin(), OriginRow.toBytes(origin));
      batch.delete(Table.META, Keys.ofRestoring());
      gate.commit(batch, after);
    }
  }

  private void undo(RuntimeException why) {
    try {
      clear();
    } catch (StoreException e) {
      why.addSuppressed(e);
      // Nobody may begin a chain above coins that mean nothing: the next opening deletes them.
      gate.sign()
          .become(
              new StoreHealth.ReadOnly(
                  StoreFault.OTHER, "a snapshot was restored in part; open the store again"));
    }
  }

  /** Deletes what was restored in part. */
  void clear() {
    try (Batch batch = gate.largeBatch()) {
      batch.clear(Table.COINS);
      batch.delete(Table.META, Keys.ofRestoring());
      gate.write(batch);
    }
  }

  @Override
  public Optional<Origin> origin() {
    owner.requireLoaded();
    return tables.origin();
  }

  @Override
  public void judge(Verdict verdict) {
    writer.lock();
    try {
      owner.requireWritable();
      @Nullable Origin origin = tables.origin().orElse(null);
      if (origin != null) {
        try (Batch batch = gate.largeBatch()) {
          batch.put(Table.META, Keys.ofOrigin(), OriginRow.toBytes(origin.with(verdict)));
          gate.writeThrough(batch);
        }
      }
    } finally {
      writer.unlock();
    }
  }
}
