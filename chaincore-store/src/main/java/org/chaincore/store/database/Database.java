package org.chaincore.store.database;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.store.codec.DamagedValueException;
import org.chaincore.store.codec.Seal;
import org.jspecify.annotations.Nullable;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;

/**
 * The tables on disk. Every value that comes out was checked against its seal, and every error is a
 * {@link StoreException} that says what was done.
 *
 * <p>Thread-safe: {@link OpenTables} keeps the native handles alive as long as anyone is in a call.
 */
public final class Database implements AutoCloseable {
  private final Writes writes = new Writes();
  private final AtomicReference<@Nullable BatchSpace> spare = new AtomicReference<>();
  private final OpenTables tables;

  private Database(Path directory, long nativeBytes, boolean begins) {
    try {
      this.tables = OpenTables.open(directory, nativeBytes, begins, this::closeRest);
    } catch (StoreException e) {
      writes.close();
      throw e;
    }
  }

  /**
   * Opens the tables of a directory, or begins them.
   *
   * @param nativeBytes memory outside the heap that they may take
   * @param begins whether they are made if they are missing
   */
  public static Database open(Path directory, long nativeBytes, boolean begins) {
    RocksDB.loadLibrary();
    return new Database(directory, nativeBytes, begins);
  }

  /** Takes each row. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Takes a row.
     *
     * @return whether to go on
     */
    boolean row(byte[] key, byte[] payload);
  }

  /** Takes each row as it lies there, damaged or not. */
  @FunctionalInterface
  private interface RawVisitor {
    boolean row(byte[] key, byte[] value);
  }

  /** The payload under a key; null if there is none. */
  public byte @Nullable [] get(Table table, byte[] key) {
    byte[] value = getSealed(table, key).orElse(null);
    return value == null ? null : open(table, key, value);
  }

  private Optional<byte[]> getSealed(Table table, byte[] key) {
    return tables.call(
        () -> "reading " + name(table, key),
        open -> Optional.ofNullable(open.db().get(open.of(table), key)));
  }

  /** Whether there is a value under a key, damaged or not. */
  public boolean has(Table table, byte[] key) {
    return getSealed(table, key).isPresent();
  }

  private static byte[] open(Table table, byte[] key, byte[] value) {
    try {
      return Seal.open(table.number(), key, value);
    } catch (DamagedValueException e) {
      throw damaged(table, key, e);
    }
  }

  /** The error of a value that is not what was written. */
  public static StoreException damaged(Table table, byte[] key, RuntimeException why) {
    return new StoreException(
        StoreFault.CORRUPT, name(table, key) + " is damaged: " + why.getMessage(), why);
  }

  /** The rows of a table from a key on, in the order of keys. */
  public void scan(Table table, byte[] from, Visitor visitor) {
    scanSealed(table, from, () -> {}, (key, value) -> visitor.row(key, open(table, key, value)));
  }

  /**
   * All rows of a table as they are at one moment.
   *
   * @param begun called when what is written from then on is not seen any more
   */
  public void scanAtOnce(Table table, Runnable begun, Visitor visitor) {
    scanSealed(
        table, new byte[0], begun, (key, value) -> visitor.row(key, open(table, key, value)));
  }

  /**
   * The rows of a table, and what is wrong with those that are damaged.
   *
   * @return an error that kept the rest from being read
   * @throws StoreException if the tables were closed meanwhile, which says nothing about them
   */
  public Optional<StoreException> inspect(Table table, Visitor good, Consumer<StoreException> bad) {
    try {
      scanSealed(
          table,
          new byte[0],
          () -> {},
          (key, value) -> {
            try {
              return good.row(key, open(table, key, value));
            } catch (StoreException e) {
              requireNotClosed(e);
              bad.accept(e);
              return true;
            }
          });
      return Optional.empty();
    } catch (StoreException e) {
      requireNotClosed(e);
      return Optional.of(e);
    }
  }

  private static void requireNotClosed(StoreException e) {
    if (e.fault() == StoreFault.CLOSED) {
      throw e;
    }
  }

  private void scanSealed(Table table, byte[] from, Runnable begun, RawVisitor visitor) {
    tables.call(
        () -> "reading table " + table.title(),
        open -> {
          try (ReadOptions options = new ReadOptions().setFillCache(false);
              RocksIterator rows = open.db().newIterator(open.of(table), options)) {
            rows.seek(from);
            begun.run();
            while (rows.isValid() && visitor.row(rows.key(), rows.value())) {
              tables.requireStaying();
              rows.next();
            }
            rows.status();
            return true;
          }
        });
  }

  /**
   * A batch to fill and write.
   *
   * @param revocable whether {@link #inverse} will be asked for
   */
  public Batch batch(boolean revocable) {
    return tables.call(() -> "beginning a batch", open -> new Batch(this, open, revocable));
  }

  /** The memory of the last batch, or new memory. */
  BatchSpace takeSpace() {
    BatchSpace kept = spare.getAndSet(null);
    return kept != null ? kept : new BatchSpace();
  }

  /** A batch needs its memory no longer. */
  void giveBack(BatchSpace space) {
    space.clear();
    if (!tables.ifOpen(() -> spare.compareAndSet(null, space))) {
      space.close();
    }
  }

  /**
   * Writes a batch, whole or not at all.
   *
   * @param sync whether it is on the disk, with all before it, when this returns
   */
  public void write(Batch batch, boolean sync) {
    tables.call(
        () -> "writing",
        open -> {
          writes.write(open.db(), batch.batch(), sync);
          return true;
        });
  }

  /** Waits until all that was written is on the disk. */
  public void sync() {
    tables.call(
        () -> "waiting for the disk",
        open -> {
          open.db().syncWal();
          return true;
        });
  }

  /** Writes what is in memory into the files of the tables, so that no log need be replayed. */
  public void flushTables() {
    tables.call(
        () -> "flushing the tables",
        open -> {
          try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            open.db().flush(options, open.all());
          }
          return true;
        });
  }

  /** Rewrites the keys of a table, so that files which hold nothing any more can go. */
  public void compact(Table table) {
    tables.call(
        () -> "compacting table " + table.title(),
        open -> {
          try (CompactRangeOptions options =
              new CompactRangeOptions()
                  .setExclusiveManualCompaction(false)
                  .setBottommostLevelCompaction(
                      CompactRangeOptions.BottommostLevelCompaction.kForceOptimized)) {
            open.db().compactRange(open.of(table), null, null, options);
          }
          return true;
        });
  }

  /** What would take back a batch that is not written yet, or whose writing failed. */
  public Inverse inverse(Batch batch) {
    Inverse inverse = new Inverse();
    for (Batch.Row row : batch.rows()) {
      inverse.add(row, getSealed(row.table(), row.key()).orElse(null));
    }
    return inverse;
  }

  /**
   * Closes the files and opens them again, which lets go of an error that RocksDB holds on to. If
   * that fails, as it does on a full disk, they are opened for reading at least.
   *
   * @throws StoreException also if somebody reads a whole table and takes long: {@link
   *     StoreFault#DISK_FULL}, as it is to be tried again
   */
  public void reopen() {
    tables.reopen();
  }

  /**
   * Closes the files within seconds. Scans end with a {@link StoreException} at their next row; if
   * one is held up by its visitor, the files are closed when that comes back.
   */
  @Override
  public void close() {
    tables.close();
  }

  private void closeRest() {
    writes.close();
    BatchSpace kept = spare.getAndSet(null);
    if (kept != null) {
      kept.close();
    }
  }

  /** How messages name a row. */
  public static String name(Table table, byte[] key) {
    StringBuilder hex = new StringBuilder();
    for (byte b : key) {
      hex.append(String.format("%02x", b));
    }
    return "column family " + table.title() + ", key " + hex;
  }
}
