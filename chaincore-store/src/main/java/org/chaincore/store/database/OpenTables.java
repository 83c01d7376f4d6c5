package org.chaincore.store.database;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.store.directory.StoreDirectory;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native handles of the tables, and who uses them. A lock keeps them alive as long as anyone is
 * in a call: closed under a reader, they would take the process with them.
 *
 * <p>Whoever goes through a table is in one call all the time, and may write to somebody slow
 * meanwhile. So nobody waits long for those: tables are opened again another time, and where they
 * are to be closed, scans end with their next row, and the last to leave closes.
 *
 * <p>Thread-safe.
 */
final class OpenTables implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenTables.class);

  /** So long a commit that found the disk full waits for those who read, before it is refused. */
  private static final long REOPEN_MILLIS = 1_000;

  /** So long closing waits for those who read, who are told to end. */
  private static final long CLOSE_MILLIS = 2_000;

  private final Path directory;
  private final long nativeBytes;
  private final Runnable whenClosed;
  private final ReentrantReadWriteLock alive = new ReentrantReadWriteLock();
  private @Nullable Handles handles;
  private volatile boolean isLeaving;

  private OpenTables(Path directory, long nativeBytes, Handles handles, Runnable whenClosed) {
    this.directory = directory;
    this.nativeBytes = nativeBytes;
    this.handles = handles;
    this.whenClosed = whenClosed;
  }

  /**
   * Opens the tables of a directory.
   *
   * @param begins whether they are made if they are missing
   * @param whenClosed closes what goes with them; may be called again
   */
  static OpenTables open(Path directory, long nativeBytes, boolean begins, Runnable whenClosed) {
    Handles handles = openHandles(directory, nativeBytes, begins);
    return new OpenTables(directory, nativeBytes, handles, whenClosed);
  }

  private static Handles openHandles(Path directory, long nativeBytes, boolean begins) {
    forceLogs(directory);
    try {
      return Handles.open(directory, nativeBytes, begins);
    } catch (RocksDBException e) {
      throw Faults.of(e, "opening " + directory);
    }
  }

  /**
   * Has the disk take what an earlier process wrote to its logs and did not wait for. They are
   * replayed and stay as they are, and all that is acknowledged from now on stands on them.
   */
  private static void forceLogs(Path directory) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory, "*.log")) {
      for (Path log : logs) {
        // No channel: an interrupt would close it.
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
          file.getFD().sync();
        }
      }
    } catch (IOException e) {
      throw StoreDirectory.failed("syncing the logs in " + directory, e);
    }
  }

  /** What is done with the handles. */
  interface Call<T> {
    T on(Handles handles) throws RocksDBException;
  }

  /** Does something, if the tables are open. */
  <T> T call(Supplier<String> doing, Call<T> call) {
    alive.readLock().lock();
    try {
      Handles open = handles;
      // Who is in a call already may come to the end of it.
      if (isLeaving && (open == null || alive.getReadHoldCount() == 1)) {
        throw closed();
      }
      if (open == null) {
        throw new StoreException(StoreFault.IO, "the tables could not be opened again yet");
      }
      return call.on(open);
    } catch (RocksDBException e) {
      throw Faults.of(e, doing.get());
    } finally {
      alive.readLock().unlock();
      if (isLeaving) {
        closeIfLast();
      }
    }
  }

  /**
   * Does something that needs no handle, unless the tables are closed.
   *
   * @return false if they are, or else what the action says
   */
  boolean ifOpen(BooleanSupplier action) {
    alive.readLock().lock();
    try {
      return handles != null && !isLeaving && action.getAsBoolean();
    } finally {
      alive.readLock().unlock();
    }
  }

  /** Lets through whoever goes through a table, unless the tables are to be closed. */
  void requireStaying() {
    if (isLeaving) {
      throw closed();
    }
  }

  private static StoreException closed() {
    return new StoreException(StoreFault.CLOSED, "store is closed");
  }

  /**
   * Closes the files and opens them again; if that fails, for reading at least.
   *
   * @throws StoreException also if somebody goes through a table and does not come to an end
   */
  void reopen() {
    if (!takeAll(REOPEN_MILLIS)) {
      throw new StoreException(
          StoreFault.DISK_FULL, "tables are being read and cannot be opened again yet");
    }
    try {
      requireStaying();
      if (handles != null) {
        handles.close();
        handles = null;
      }
      openAgain();
    } finally {
      alive.writeLock().unlock();
    }
  }

  private void openAgain() {
    try {
      handles = openHandles(directory, nativeBytes, false);
    } catch (StoreException e) {
      handles = readOnly(e);
      throw e;
    }
  }

  private @Nullable Handles readOnly(StoreException why) {
    try {
      return Handles.openReadOnly(directory, nativeBytes);
    } catch (RocksDBException e) {
      why.addSuppressed(e);
      return null;
    }
  }

  /** Waits until nobody is in a call; false if that takes longer. */
  private boolean takeAll(long millis) {
    boolean wasInterrupted = Thread.interrupted();
    try {
      return alive.writeLock().tryLock(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      wasInterrupted = true;
      return alive.writeLock().tryLock();
    } finally {
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Closes the files, or has the last who reads close them. */
  @Override
  public void close() {
    isLeaving = true;
    if (takeAll(CLOSE_MILLIS)) {
      try {
        closeHandles();
      } finally {
        alive.writeLock().unlock();
      }
      return;
    }
    LOG.warn("{} is still being read, and is closed when that ends", directory);
    closeIfLast(); // It may have ended just before this could be seen.
  }

  private void closeIfLast() {
    if (alive.writeLock().tryLock()) {
      try {
        closeHandles();
      } finally {
        alive.writeLock().unlock();
      }
    }
  }

  private void closeHandles() {
    if (handles != null) {
      handles.close();
      handles = null;
    }
    whenClosed.run();
  }
}
