package org.chaincore.store.database;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksObject;
import org.rocksdb.WALRecoveryMode;

/**
 * How RocksDB is set up, for a budget of memory outside the heap: half of it for what is read, with
 * the indexes and filters of its files, half for what is to be written.
 *
 * <p>Nothing is compressed: hashes, keys and signatures do not shrink, and headers are few.
 */
final class Tuning implements AutoCloseable {
  private static final double BLOOM_BITS_PER_KEY = 10;
  private static final long LARGE_FILE_BYTES = 64L << 20;
  private static final int BLOCK_BYTES = 4 << 10;
  private static final int OPEN_FILES = 512;
  private static final long SYNC_AHEAD_BYTES = 1L << 20;
  private static final int KEPT_LOGS = 2;
  private static final long LOG_BYTES = 1L << 20;
  private static final int BACKGROUND_JOBS = 2;

  /** RocksDB's default for where it stops writes. */
  private static final int STOPPED_AT_FILES = 36;

  private final List<RocksObject> owned = new ArrayList<>();
  private final long writeBytes;
  private final LRUCache cache;

  Tuning(long nativeBytes) {
    this.writeBytes = nativeBytes / 2;
    this.cache = own(new LRUCache(nativeBytes - writeBytes));
  }

  /**
   * The database as a whole. Its tables are flushed together, so that no file of one is ever newer
   * than the files of another. A log whose end is torn is read up to the tear, as that is what a
   * power failure leaves of a write nobody was told of; that nothing acknowledged was behind it,
   * the store checks itself.
   *
   * @param begins whether tables that are missing are made. Only where a store begins: later, a
   *     table that is not there is one that was lost, with all that the log has for it
   */
  @SuppressWarnings("resource")
  DBOptions database(boolean begins) {
    return new DBOptions()
        .setCreateIfMissing(begins)
        .setCreateMissingColumnFamilies(begins)
        .setParanoidChecks(true)
        .setAtomicFlush(true)
        .setAvoidFlushDuringRecovery(true)
        .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
        .setDbWriteBufferSize(writeBytes)
        .setMaxTotalWalSize(2 * writeBytes)
        .setMaxBackgroundJobs(BACKGROUND_JOBS)
        .setMaxOpenFiles(OPEN_FILES)
        // A file that is missing is to be noticed when the store is opened, not when it is read.
        .setOpenFilesAsync(false)
        .setBytesPerSync(SYNC_AHEAD_BYTES)
        .setKeepLogFileNum(KEPT_LOGS)
        .setMaxLogFileSize(LOG_BYTES)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0);
  }

  @SuppressWarnings("resource")
  ColumnFamilyOptions of(Table table) {
    BlockBasedTableConfig format =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setBlockSize(BLOCK_BYTES)
            .setCacheIndexAndFilterBlocks(true)
            .setCacheIndexAndFilterBlocksWithHighPriority(true)
            .setPinL0FilterAndIndexBlocksInCache(true);
    ColumnFamilyOptions options =
        own(new ColumnFamilyOptions())
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setBottommostCompressionType(CompressionType.NO_COMPRESSION)
            .setWriteBufferSize(Math.max(1L << 20, writeBytes / 2))
            .setLevelCompactionDynamicLevelBytes(true)
            // Let through or stopped, and never only slowed: a write that is offered anew would be
            // charged for each time. See Writes.
            .setLevel0SlowdownWritesTrigger(STOPPED_AT_FILES)
            .setLevel0StopWritesTrigger(STOPPED_AT_FILES)
            .setSoftPendingCompactionBytesLimit(0);
    switch (table.kind()) {
      case SMALL -> {}
      case LOOKED_UP -> format.setFilterPolicy(own(new BloomFilter(BLOOM_BITS_PER_KEY)));
      case LARGE ->
          options
              .setEnableBlobFiles(true)
              // All of them: a value apart from others is damaged alone, and can be repaired.
              .setMinBlobSize(0)
              .setBlobFileSize(LARGE_FILE_BYTES)
              .setBlobCompressionType(CompressionType.NO_COMPRESSION)
              .setEnableBlobGarbageCollection(true);
    }
    return options.setTableFormatConfig(format);
  }

  private <T extends RocksObject> T own(T object) {
    owned.add(object);
    return object;
  }

  @Override
  public void close() {
    for (int i = owned.size() - 1; i >= 0; i--) {
      owned.get(i).close();
    }
  }
}
