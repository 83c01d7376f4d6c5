package org.chaincore.store.database;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Hands batches to RocksDB, and waits itself where RocksDB takes none until its memory is flushed.
 *
 * <p>RocksDB's own waiting has no end where the flush finds the disk full: it then tries again
 * every few seconds until there is space, and whoever waits goes on to wait, with all locks held,
 * instead of being told. A batch that is offered anew hears of the full disk.
 *
 * <p>Thread-safe.
 */
final class Writes implements AutoCloseable {
  private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /**
   * So often a batch is offered, for a minute or longer. No disk needs so long to take the memory
   * of the tables; one that does is broken.
   */
  private static final int MOST_OFFERS = 60_000;

  private final WriteOptions synced = new WriteOptions().setSync(true).setNoSlowdown(true);
  private final WriteOptions unsynced = new WriteOptions().setNoSlowdown(true);

  /**
   * Writes a batch, whole or not at all.
   *
   * @param sync whether it is on the disk, with all before it, when this returns
   */
  void write(RocksDB db, WriteBatch batch, boolean sync) throws RocksDBException {
    boolean wasInterrupted = false;
    try {
      for (int offers = 1; !isTaken(db, batch, sync, offers == MOST_OFFERS); offers++) {
        LockSupport.parkNanos(WAIT_NANOS);
        wasInterrupted |= Thread.interrupted();
      }
    } finally {
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whether the batch was taken, or has to wait. */
  private boolean isTaken(RocksDB db, WriteBatch batch, boolean sync, boolean isLastOffer)
      throws RocksDBException {
    try {
      db.write(sync ? synced : unsynced, batch);
      return true;
    } catch (RocksDBException e) {
      if (isLastOffer || !isStall(e)) {
        throw e;
      }
      return false;
    }
  }

  private static boolean isStall(RocksDBException e) {
    Status status = e.getStatus();
    return status != null && status.getCode() == Status.Code.Incomplete;
  }

  @Override
  public void close() {
    synced.close();
    unsynced.close();
  }
}
