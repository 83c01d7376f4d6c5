package org.chaincore.store.database;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * An open RocksDB and its column families. Not thread-safe by itself; {@link Database} guards it.
 */
final class Handles implements AutoCloseable {
  private final Tuning tuning;
  private final DBOptions options;
  private final RocksDB db;
  private final Map<Table, ColumnFamilyHandle> families = new EnumMap<>(Table.class);

  private Handles(Tuning tuning, DBOptions options, RocksDB db, List<ColumnFamilyHandle> handles) {
    this.tuning = tuning;
    this.options = options;
    this.db = db;
    Iterator<ColumnFamilyHandle> inOrder = handles.iterator();
    for (Table table : Table.values()) {
      families.put(table, inOrder.next());
    }
  }

  private interface Opening {
    RocksDB open(
        DBOptions options,
        String path,
        List<ColumnFamilyDescriptor> descriptors,
        List<ColumnFamilyHandle> handles)
        throws RocksDBException;
  }

  static Handles open(Path directory, long nativeBytes, boolean begins) throws RocksDBException {
    return open(directory, nativeBytes, begins, RocksDB::open);
  }

  /** To be read only, which needs no space on the disk and locks nobody out. */
  static Handles openReadOnly(Path directory, long nativeBytes) throws RocksDBException {
    return open(directory, nativeBytes, false, RocksDB::openReadOnly);
  }

  private static Handles open(Path directory, long nativeBytes, boolean begins, Opening opening)
      throws RocksDBException {
    Tuning tuning = new Tuning(nativeBytes);
    DBOptions options = tuning.database(begins);
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    for (Table table : Table.values()) {
      descriptors.add(new ColumnFamilyDescriptor(table.columnFamily(), tuning.of(table)));
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try {
      RocksDB db = opening.open(options, directory.toString(), descriptors, handles);
      return new Handles(tuning, options, db, handles);
    } catch (RocksDBException e) {
      options.close();
      tuning.close();
      throw e;
    }
  }

  RocksDB db() {
    return db;
  }

  ColumnFamilyHandle of(Table table) {
    ColumnFamilyHandle handle = families.get(table);
    if (handle == null) {
      throw new IllegalStateException("no table " + table);
    }
    return handle;
  }

  List<ColumnFamilyHandle> all() {
    return List.copyOf(families.values());
  }

  @Override
  public void close() {
    families.values().forEach(ColumnFamilyHandle::close);
    // Unlike closeE, this waits for nothing that failed and throws nothing.
    db.close();
    options.close();
    tuning.close();
  }
}
