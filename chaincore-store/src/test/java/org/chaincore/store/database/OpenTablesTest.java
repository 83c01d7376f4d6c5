package org.chaincore.store.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chaincore.store.fixture.StoreAssertions.assertFault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tables that are opened again, or closed, while somebody goes through them. */
@Timeout(30)
class OpenTablesTest {
  private static final int ROWS = 10;

  @TempDir Path directory;
  private final ExecutorService readers = Executors.newCachedThreadPool();
  private final CountDownLatch isAtARow = new CountDownLatch(1);
  private final CountDownLatch mayGoOn = new CountDownLatch(1);
  private Database database;

  @BeforeEach
  void open() {
    database = Database.open(directory.resolve("tables"), 8 << 20, true);
    try (Batch batch = database.batch(false)) {
      for (byte row = 0; row < ROWS; row++) {
        batch.put(Table.COINS, new byte[] {row}, new byte[] {row});
      }
      database.write(batch, true);
    }
  }

  @AfterEach
  void close() {
    mayGoOn.countDown();
    database.close();
    readers.shutdown();
  }

  /** Goes through a table and is held up at its first row, as by a stream that nobody reads. */
  private Future<List<Byte>> scan() throws InterruptedException {
    Future<List<Byte>> scan =
        readers.submit(
            () -> {
              List<Byte> rows = new ArrayList<>();
              database.scan(
                  Table.COINS,
                  new byte[0],
                  (key, payload) -> {
                    isAtARow.countDown();
                    holdUp();
                    rows.add(key[0]);
                    // Who is at a row may also look something up.
                    return database.has(Table.COINS, key);
                  });
              return rows;
            });
    isAtARow.await();
    return scan;
  }

  private void holdUp() {
    try {
      mayGoOn.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void reopen_whileAScanIsHeldUp_isPutOff() throws Exception {
    Future<List<Byte>> scan = scan();
    assertFault(database::reopen, StoreFault.DISK_FULL);
    assertThat(database.get(Table.COINS, new byte[] {3})).containsExactly(3);
    mayGoOn.countDown();
    assertThat(scan.get()).hasSize(ROWS);
    database.reopen();
    assertThat(database.get(Table.COINS, new byte[] {3})).containsExactly(3);
  }

  @Test
  void close_whileAScanIsHeldUp_comesBackAndEndsTheScan() throws Exception {
    Future<List<Byte>> scan = scan();
    database.close();
    assertFault(() -> database.get(Table.COINS, new byte[] {3}), StoreFault.CLOSED);
    assertThat(scan.isDone()).isFalse();
    mayGoOn.countDown();
    assertThatThrownBy(scan::get).hasCauseInstanceOf(StoreException.class);
    // The scan has closed the files behind itself.
    try (Database again = Database.open(directory.resolve("tables"), 8 << 20, false)) {
      assertThat(again.get(Table.COINS, new byte[] {3})).containsExactly(3);
    }
  }

  @Test
  void close_whileATableIsInspected_isNoDamage() throws Exception {
    List<StoreException> bad = new ArrayList<>();
    Future<?> inspection =
        readers.submit(
            () ->
                database.inspect(
                    Table.COINS,
                    (key, payload) -> {
                      isAtARow.countDown();
                      holdUp();
                      return true;
                    },
                    bad::add));
    isAtARow.await();
    Future<?> closing = readers.submit(database::close);
    awaitLeaving();
    mayGoOn.countDown();
    closing.get();
    assertThatThrownBy(inspection::get)
        .hasCauseInstanceOf(StoreException.class)
        .hasMessageContaining("closed");
    assertThat(bad).isEmpty();
  }

  /** Until closing has begun, and nobody new is let in. */
  private void awaitLeaving() {
    while (true) {
      try {
        database.has(Table.COINS, new byte[] {0});
        Thread.onSpinWait();
      } catch (StoreException closed) {
        return;
      }
    }
  }

  @Test
  void close_byWhoGoesThroughATable_comesBack() {
    assertFault(
        () ->
            database.scan(
                Table.COINS,
                new byte[0],
                (key, payload) -> {
                  database.close();
                  return true;
                }),
        StoreFault.CLOSED);
    assertFault(database::reopen, StoreFault.CLOSED);
  }

  @Test
  void close_inAThreadThatIsInterrupted_closesAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    database.close();
    assertThat(Thread.interrupted()).isTrue();
    database.close();
    assertFault(database::sync, StoreFault.CLOSED);
  }

  @Test
  void close_thatIsInterruptedWhileItWaits_comesBack() throws Exception {
    Future<List<Byte>> scan = scan();
    CountDownLatch closes = new CountDownLatch(1);
    Thread closing =
        new Thread(
            () -> {
              closes.countDown();
              database.close();
            });
    closing.start();
    closes.await();
    closing.interrupt();
    closing.join();
    mayGoOn.countDown();
    assertThatThrownBy(() -> scan.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(StoreException.class);
  }

  @Test
  void reopen_ofFilesThatAreGone_leavesNothingToRead() throws IOException {
    Files.delete(directory.resolve("tables/CURRENT"));
    assertThatThrownBy(database::reopen).isInstanceOf(StoreException.class);
    assertFault(() -> database.get(Table.COINS, new byte[] {3}), StoreFault.IO);
    database.close();
    assertFault(() -> database.get(Table.COINS, new byte[] {3}), StoreFault.CLOSED);
  }
}
