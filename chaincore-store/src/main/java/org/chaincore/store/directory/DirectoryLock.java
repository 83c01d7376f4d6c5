package org.chaincore.store.directory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.chaincore.core.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * That one store alone has a directory open, also while its tables are closed to be opened again,
 * which is when RocksDB lets go of a lock of its own. The operating system's: it ends with the
 * process, however that dies.
 *
 * <p><b>What it cannot do alone.</b> On POSIX systems a process loses the lock of a file as soon as
 * any part of it closes that file, and a second store of this process that asks for the directory
 * does so when it is refused. So the lock is taken anew before the tables are opened again, and
 * while they are open RocksDB's stands beside it.
 *
 * <p>Not thread-safe; confined to the writer.
 */
public final class DirectoryLock implements AutoCloseable {
  static final String NAME = "lock";

  private final StoreDirectory directory;
  private final FileChannel channel;
  private @Nullable FileLock lock;

  private DirectoryLock(StoreDirectory directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * Takes a directory.
   *
   * @throws StoreException if another store has it
   */
  public static DirectoryLock take(StoreDirectory directory) {
    Path file = directory.root().resolve(NAME);
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw StoreDirectory.failed("opening " + file, e);
    }
    DirectoryLock taken = new DirectoryLock(directory, channel);
    try {
      taken.renew();
      return taken;
    } catch (StoreException e) {
      taken.close();
      throw e;
    }
  }

  /**
   * Takes it once more, in case the process has lost it.
   *
   * @throws StoreException if another store has it now
   */
  public void renew() {
    try {
      if (lock != null) {
        lock.release();
      }
      lock = channel.tryLock();
    } catch (OverlappingFileLockException ofThisProcess) {
      lock = null;
    } catch (IOException e) {
      throw StoreDirectory.failed("locking " + directory.root().resolve(NAME), e);
    }
    if (lock == null) {
      throw directory.inUse();
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw StoreDirectory.failed("closing " + directory.root().resolve(NAME), e);
    }
  }
}
