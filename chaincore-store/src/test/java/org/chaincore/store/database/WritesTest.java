package org.chaincore.store.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
  private final ExecutorService writer = Executors.newSingleThreadExecutor();
  private Writes writes;
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
    writer.shutdownNow();
    writes.close();
    db.close();
    options.close();
  }

  private void write(int key, Runnable requireStaying) throws RocksDBException {
    try (WriteBatch batch = new WriteBatch()) {
      batch.put(new byte[] {(byte) key}, new byte[1 << 10]);
      writes.write(db, batch, false, requireStaying);
    }
  }

  @Test
  void write_untilMemoryIsFlushed_waits() throws Exception {
    CountDownLatch isWaiting = new CountDownLatch(1);
    Future<Boolean> written =
        writer.submit(
            () -> {
              write(1, isWaiting::countDown);
              return true;
            });
    isWaiting.await();
    assertThat(written.isDone()).isFalse();

    db.continueBackgroundWork();

    assertThat(written.get()).isTrue();
    assertThat(db.get(new byte[] {1})).hasSize(1 << 10);
  }

  @Test
  void write_whileTablesAreToBeClosed_ends() throws Exception {
    assertThatThrownBy(
            () ->
                write(
                    1,
                    () -> {
                      throw new IllegalStateException("closing");
                    }))
        .hasMessage("closing");

    assertThat(db.get(new byte[] {1})).isNull();
    db.continueBackgroundWork();
  }

  @Test
  void write_ofInterruptedThread_waitsAndStaysInterrupted() throws Exception {
    CountDownLatch isWaiting = new CountDownLatch(3);
    Future<Boolean> wasInterrupted =
        writer.submit(
            () -> {
              Thread.currentThread().interrupt();
              write(1, isWaiting::countDown);
              return Thread.interrupted();
            });
    isWaiting.await();

    db.continueBackgroundWork();

    assertThat(wasInterrupted.get()).isTrue();
  }
}
