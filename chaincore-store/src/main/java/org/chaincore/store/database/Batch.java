package org.chaincore.store.database;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.store.codec.Seal;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Changes that are made together, whole or not at all. Lies outside the heap and must be closed.
 * Not thread-safe.
 */
public final class Batch implements AutoCloseable {
  /** One row that is changed. */
  static final class Row {
    private final Table table;
    private final byte[] key;

    Row(Table table, byte[] key) {
      this.table = table;
      this.key = key;
    }

    Table table() {
      return table;
    }

    byte[] key() {
      return key;
    }
  }

  /** Behind every key: none is as long, and none begins so. */
  private static final byte[] BEYOND_ALL_KEYS = new byte[128];

  static {
    Arrays.fill(BEYOND_ALL_KEYS, (byte) 0xff);
  }

  private final Database owner;
  private final Handles handles;
  private final BatchSpace space;
  private final WriteBatch batch;
  private final boolean remembersRows;
  private final List<Row> rows = new ArrayList<>();
  private boolean isClosed;

  Batch(Database owner, Handles handles, boolean remembersRows) {
    this.owner = owner;
    this.handles = handles;
    this.space = owner.takeSpace();
    this.batch = space.batch();
    this.remembersRows = remembersRows;
  }

  /** Writes a value, sealed. */
  public void put(Table table, byte[] key, byte[] payload) {
    putSealed(table, key, Seal.close(table.number(), key, payload));
  }

  /**
   * Writes a value, sealed, whose payload is written where it is needed: a block or its undo data
   * is copied often enough on the way to the disk.
   *
   * @return bytes of the payload
   */
  public int put(Table table, byte[] key, Consumer<ByteWriter> payload) {
    ByteWriter written = space.payload();
    payload.accept(written);
    if (!space.hasRoom(key.length, written.size())) {
      put(table, key, written.toArray());
      return written.size();
    }
    Seal.close(table.number(), key, written, space.value());
    try {
      batch.put(handles.of(table), space.key(key), space.value());
    } catch (RocksDBException e) {
      throw Faults.of(e, "building a batch");
    }
    remember(table, key);
    return written.size();
  }

  /** Writes a value that has its seal. */
  void putSealed(Table table, byte[] key, byte[] value) {
    try {
      batch.put(handles.of(table), key, value);
    } catch (RocksDBException e) {
      throw Faults.of(e, "building a batch");
    }
    remember(table, key);
  }

  public void delete(Table table, byte[] key) {
    try {
      batch.delete(handles.of(table), key);
    } catch (RocksDBException e) {
      throw Faults.of(e, "building a batch");
    }
    remember(table, key);
  }

  /**
   * Deletes every row of a table.
   *
   * @throws IllegalStateException if the batch is to be taken back
   */
  public void clear(Table table) {
    if (remembersRows) {
      throw new IllegalStateException("clearing " + table + " could not be taken back");
    }
    try {
      batch.deleteRange(handles.of(table), new byte[0], BEYOND_ALL_KEYS);
    } catch (RocksDBException e) {
      throw Faults.of(e, "building a batch");
    }
  }

  private void remember(Table table, byte[] key) {
    if (remembersRows) {
      rows.add(new Row(table, key));
    }
  }

  /** The bytes of it. */
  public long size() {
    return batch.getDataSize();
  }

  /** The rows that it changes, if it was made to remember them. */
  List<Row> rows() {
    return rows;
  }

  WriteBatch batch() {
    return batch;
  }

  /** Once only: the memory may be another batch's by then. */
  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      owner.giveBack(space);
    }
  }
}
