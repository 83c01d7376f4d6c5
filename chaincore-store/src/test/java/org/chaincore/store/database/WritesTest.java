package org.chaincore.store.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Batches for a RocksDB whose memory is full and is not flushed. */
@Timeout(30)
class WritesTest {
  private static final int MEMORY_BYTES = 64 << 10;

  @TempDir Path directory;
  private final ExecutorService writers = Executors.newSingleThreadExecutor();
  private Writes writes;
  private volatile @Nullable Thread writer;
  private Options options;
  private RocksDB db;

  @BeforeEach
  void fillMemory() throws RocksDBException {
    RocksDB.loadLibrary();
    writes = new Writes();
    options =
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(MEMORY_BYTES)
            .setMaxWriteBufferNumber(2);
    db = RocksDB.open(options, directory.toString());
    db.pauseBackgroundWork();
    assertThatThrownBy(this::writeOn).hasMessage("Write stall");
  }

  /** Until RocksDB takes no more. */
  private void writeOn() throws RocksDBException {
    try (WriteOptions noWaiting = new WriteOptions().setNoSlowdown(true)) {
      while (true) {
        db.put(noWaiting, new byte[] {0}, new byte[1 << 10]);
      }
    }
  }

  @AfterEach
  void close() {
    writers.shutdownNow();
    writes.close();
    db.close();
    options.close();
  }

  private void write(int key) throws RocksDBException {
    try (WriteBatch batch = new WriteBatch()) {
      batch.put(new byte[] {(byte) key}, new byte[1 << 10]);
      writer = Thread.currentThread();
      writes.write(db, batch, false);
    }
  }

  /** Until the writer has found no room and looks again after a while. */
  private void awaitWaiting() {
    while (true) {
      Thread at = writer;
      if (at != null && at.getState() == Thread.State.TIMED_WAITING) {
        return;
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void write_untilMemoryIsFlushed_waits() throws Exception {
    Future<Boolean> written =
        writers.submit(
            () -> {
              write(1);
              return true;
            });
    awaitWaiting();
    assertThat(written.isDone()).isFalse();

    db.continueBackgroundWork();

    assertThat(written.get()).isTrue();
    assertThat(db.get(new byte[] {1})).hasSize(1 << 10);
  }

  @Test
  void write_ofInterruptedThread_waitsAndStaysInterrupted() throws Exception {
    Future<Boolean> wasInterrupted =
        writers.submit(
            () -> {
              Thread.currentThread().interrupt();
              write(1);
              return Thread.interrupted();
            });
    awaitWaiting();

    db.continueBackgroundWork();

    assertThat(wasInterrupted.get()).isTrue();
  }
}
