package org.chaincore.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chaincore.store.fixture.StoreAssertions.assertFault;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreHealth;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.store.codec.Keys;
import org.chaincore.store.codec.StateRow;
import org.chaincore.store.database.Batch;
import org.chaincore.store.database.Database;
import org.chaincore.store.database.Table;
import org.chaincore.store.directory.DirectoryLock;
import org.chaincore.store.directory.StoreDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store does after a write that failed, and finds when it opens its tables again. */
class FailedWriteTest {
  private static final long NATIVE_BYTES = 8L << 20;
  private static final byte[] KEY = {7};

  @TempDir Path parent;
  private final Watched disk = new Watched();

  private Path directory() {
    return parent.resolve("store");
  }

  private RocksChainStore open(FsyncPolicy policy) {
    return RocksChainStore.open(directory(), StoreOptions.DEFAULT.withFsync(policy), disk);
  }

  private static StateRow state(long commits) {
    return new StateRow(commits, Hash256.ofWords(commits, 0, 0, 0), (int) commits, 1, 1, 0);
  }

  /** Tables with a state and a row, and what is to be done after a write to them that failed. */
  private final class Tables implements AutoCloseable {
    private final DirectoryLock lock;
    private final Database database;
    private final HealthSign sign = new HealthSign();
    private final FailedWrite failedWrite;

    Tables() {
      StoreDirectory place = StoreDirectory.at(directory());
      lock = DirectoryLock.take(place);
      database = Database.open(place.tables(), NATIVE_BYTES, true);
      failedWrite = new FailedWrite(database, lock, disk, sign);
      try (Batch batch = batch(state(5), "before")) {
        database.write(batch, true);
      }
    }

    Batch batch(StateRow state, String row) {
      Batch batch = database.batch(true);
      batch.put(Table.META, Keys.ofState(), state.toBytes());
      batch.put(Table.MEMORY, KEY, row.getBytes(StandardCharsets.US_ASCII));
      return batch;
    }

    void fail(Batch batch) {
      StoreException full = new StoreException(StoreFault.DISK_FULL, "full");
      assertThat(failedWrite.of(batch, full)).isSameAs(full);
    }

    String row() {
      byte[] row = database.get(Table.MEMORY, KEY);
      return row == null ? "" : new String(row, StandardCharsets.US_ASCII);
    }

    StoreFault fault() {
      return ((StoreHealth.ReadOnly) sign.health()).fault();
    }

    @Override
    public void close() {
      database.close();
      lock.close();
    }
  }

  @Test
  void commit_thatReachedTheDiskAllTheSame_isTakenBack() {
    try (Tables tables = new Tables();
        Batch batch = tables.batch(state(6), "after")) {
      tables.failedWrite.attempt(state(6));
      tables.fail(batch);
      tables.database.write(batch, true);

      assertThat(tables.failedWrite.end(state(5))).isTrue();
      assertThat(tables.row()).isEqualTo("before");
      assertThat(StateRow.read(stateOf(tables.database))).isEqualTo(state(5));
      tables.failedWrite.requireNone();
    }
  }

  private static byte[] stateOf(Database database) {
    byte[] payload = database.get(Table.META, Keys.ofState());
    return payload == null ? new byte[0] : payload;
  }

  @Test
  void write_whileAnotherWaitsToBeTakenBack_isRefused() {
    try (Tables tables = new Tables();
        Batch batch = tables.batch(state(5), "after")) {
      tables.fail(batch);
      assertFault(tables.failedWrite::requireNone, StoreFault.DISK_FULL, "full");
    }
  }

  @Test
  void end_withOtherCommitsThanWereMade_staysReadOnly() {
    try (Tables tables = new Tables();
        Batch batch = tables.batch(state(6), "after");
        Batch foreign = tables.batch(state(7), "foreign")) {
      tables.failedWrite.attempt(state(6));
      tables.fail(batch);
      tables.database.write(foreign, true);

      assertThat(tables.failedWrite.end(state(5))).isFalse();
      assertThat(tables.fault()).isEqualTo(StoreFault.CORRUPT);
      assertThat(tables.row()).isEqualTo("foreign");
    }
  }

  @Test
  void end_withACommitThatNobodyCanTakeBack_staysReadOnly() {
    try (Tables tables = new Tables();
        Batch batch = tables.batch(state(6), "after")) {
      tables.failedWrite.attempt(state(6));
      tables.failedWrite.ofWaiting(new StoreException(StoreFault.DISK_FULL, "full"));
      tables.database.write(batch, true);

      assertThat(tables.failedWrite.end(state(5))).isFalse();
      assertThat(tables.fault()).isEqualTo(StoreFault.CORRUPT);
    }
  }

  @Test
  void end_withAStateThatIsDamaged_staysReadOnly() {
    try (Tables tables = new Tables();
        Batch batch = tables.batch(state(6), "after");
        Batch damage = tables.database.batch(false)) {
      tables.fail(batch);
      damage.put(Table.META, Keys.ofState(), new byte[3]);
      tables.database.write(damage, true);

      assertThat(tables.failedWrite.end(state(5))).isFalse();
      assertThat(tables.fault()).isEqualTo(StoreFault.CORRUPT);
    }
  }

  @Test
  void end_beforeAnythingIsLoaded_takesBackWhatFailed() {
    try (Tables tables = new Tables();
        Batch batch = tables.batch(state(5), "after")) {
      tables.fail(batch);
      tables.database.write(batch, true);

      assertThat(tables.failedWrite.end(null)).isTrue();
      assertThat(tables.row()).isEqualTo("before");
    }
  }

  @Test
  void end_ofAStoreWhoseFirstBatchFailed_goesOn() {
    try (Tables tables = new Tables();
        Batch batch = tables.batch(state(5), "after");
        Batch nothing = tables.database.batch(false)) {
      tables.fail(batch);
      nothing.delete(Table.META, Keys.ofState());
      tables.database.write(nothing, true);

      assertThat(tables.failedWrite.end(StateRow.ofGenesis(Hash256.ZERO))).isTrue();
    }
  }

  @Test
  void resume_ofTablesThatLostCommits_staysReadOnlyAndSaysSo() {
    try (RocksChainStore store = open(FsyncPolicy.GROUPED)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      chain.mine(3);
      Block next = chain.branch(chain.tip(), 1).get(0);
      disk.at(
          StorePoint.WRITE_BEGINS,
          () -> {
            cutLog();
            disk.failOnceAt(StorePoint.WRITE_BEGINS, StoreFault.DISK_FULL);
            disk.reached(StorePoint.WRITE_BEGINS);
          });

      assertFault(
          () -> chain.deliver(next), StoreFault.LOST_COMMITS, "lost its last 1 of 4 commits");
      assertThat(store.resume())
          .isInstanceOfSatisfying(
              StoreHealth.ReadOnly.class,
              broken -> assertThat(broken.fault()).isEqualTo(StoreFault.LOST_COMMITS));
      assertFault(() -> chain.deliver(next), StoreFault.LOST_COMMITS, "read-only");
    }
  }

  /** As a disk leaves it that took less than it said. */
  private void cutLog() {
    Path log =
        Copies.files(directory()).stream()
            .filter(file -> file.toString().endsWith(".log"))
            .max(Comparator.naturalOrder())
            .orElseThrow();
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void commit_thatFailedForWantOfSpaceThatIsOver_isMadeAllTheSame() {
    try (RocksChainStore store = open(FsyncPolicy.EVERY_BLOCK)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      chain.mine(3);
      disk.failOnceAt(StorePoint.WRITE_BEGINS, StoreFault.DISK_FULL);
      chain.mine(1);
      assertThat(chain.engine().view().height()).isEqualTo(4);
      assertThat(store.health()).isInstanceOf(StoreHealth.Writable.class);
      assertThat(store.verify().findings()).isEmpty();
    }
  }

  @Test
  void commit_thatFailsAgainWhenTablesAreReopened_isRefusedAndTriedLater() {
    try (RocksChainStore store = open(FsyncPolicy.EVERY_BLOCK)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      chain.mine(3);
      disk.failAt(StorePoint.WRITE_BEGINS, StoreFault.DISK_FULL);
      assertFault(() -> chain.mine(1), StoreFault.DISK_FULL, "failed at WRITE_BEGINS");
      disk.nothingAt(StorePoint.WRITE_BEGINS);
      chain.mine(1);
      assertThat(chain.engine().view().height()).isEqualTo(4);
    }
  }

  @Test
  void directory_whileTablesAreOpenForReadingOnly_isKept() throws Exception {
    ChildJvm jvm = ChildJvm.prepare(parent.resolve("jvm"));
    try (RocksChainStore store = open(FsyncPolicy.EVERY_BLOCK)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      List<Block> blocks = chain.mine(3);
      Path lock = directory().resolve("tables/LOCK");
      disk.failOnceAt(StorePoint.WRITE_BEGINS, StoreFault.DISK_FULL);
      // RocksDB cannot open its tables for writing then, as on a disk that is full.
      disk.at(StorePoint.REOPENING, () -> replaceByDirectory(lock));
      assertFault(() -> chain.mine(1), StoreFault.DISK_FULL, "failed at WRITE_BEGINS");
      disk.nothingAt(StorePoint.REOPENING);
      Files.delete(lock);

      assertThat(store.block(blocks.get(0).hash())).contains(blocks.get(0));
      assertThat(opened(jvm)).isEqualTo("LOCKED");
      assertFault(() -> open(FsyncPolicy.EVERY_BLOCK), StoreFault.LOCKED, "is in use by process");
      chain.mine(1);
      assertThat(chain.engine().view().height()).isEqualTo(4);
      assertThat(opened(jvm)).isEqualTo("LOCKED");
    }
    assertThat(opened(jvm)).isEqualTo("opened");
  }

  private static void replaceByDirectory(Path file) {
    try {
      Files.delete(file);
      Files.createDirectory(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void resume_whileAnotherProcessHasTheDirectory_waits() throws Exception {
    ChildJvm jvm = ChildJvm.prepare(parent.resolve("jvm"));
    try (RocksChainStore store = open(FsyncPolicy.EVERY_BLOCK)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      chain.mine(1);
      disk.failOnceAt(StorePoint.WRITE_BEGINS, StoreFault.DISK_FULL);
      disk.failAt(StorePoint.REOPENING, StoreFault.DISK_FULL);
      assertFault(() -> chain.mine(1), StoreFault.DISK_FULL, "failed at WRITE_BEGINS");
      disk.nothingAt(StorePoint.REOPENING);
      // A second store of this process asks, by which the process loses its lock.
      assertFault(() -> open(FsyncPolicy.EVERY_BLOCK), StoreFault.LOCKED, "is in use");
      Process other =
          new ProcessBuilder(jvm.command(Holding.class, directory().toString())).start();
      try {
        assertThat(firstLine(other)).isEqualTo("has the lock");
        assertThat(store.resume()).isInstanceOf(StoreHealth.ReadOnly.class);
      } finally {
        other.destroyForcibly().waitFor();
      }
      chain.mine(1);
      assertThat(chain.engine().view().height()).isEqualTo(2);
    }
  }

  private static String firstLine(Process process) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      return String.valueOf(lines.readLine());
    }
  }

  /** What another process is told that opens the directory. */
  private String opened(ChildJvm jvm) throws Exception {
    Process process =
        new ProcessBuilder(jvm.command(Opening.class, directory().toString())).start();
    String line = firstLine(process);
    process.waitFor();
    return line;
  }

  /** A process that opens a store, says how that went, and ends. */
  static final class Opening {
    private Opening() {}

    public static void main(String[] args) {
      try (RocksChainStore store = RocksChainStore.open(Path.of(args[0]), StoreOptions.DEFAULT)) {
        System.out.println(store.health() instanceof StoreHealth.Writable ? "opened" : "?");
      } catch (StoreException e) {
        System.out.println(e.fault());
      }
    }
  }

  /** A process that takes the lock of a directory and keeps it. */
  static final class Holding {
    private Holding() {}

    public static void main(String[] args) throws InterruptedException {
      DirectoryLock lock = DirectoryLock.take(StoreDirectory.at(Path.of(args[0])));
      System.out.println("has the lock");
      Thread.currentThread().join();
      lock.close();
    }
  }

  @Test
  void memory_thatFailedBeforeTheChainWasLoaded_isWrittenLater() {
    try (RocksChainStore store = open(FsyncPolicy.EVERY_BLOCK)) {
      ChainFixture.on(store, 100).mine(2);
    }
    try (RocksChainStore store = open(FsyncPolicy.EVERY_BLOCK)) {
      disk.failAt(StorePoint.WRITE_BEGINS, StoreFault.DISK_FULL);
      assertFault(
          () -> store.memory().replace("peers", Bytes.EMPTY), StoreFault.DISK_FULL, "failed at");
      disk.nothingAt(StorePoint.WRITE_BEGINS);
      store.memory().replace("peers", Bytes.EMPTY);
      assertThat(store.memory().section("peers")).contains(Bytes.EMPTY);
    }
  }

  @Test
  void end_whoseTakingBackFails_isTriedAgain() {
    try (Tables tables = new Tables();
        Batch batch = tables.batch(state(5), "after")) {
      tables.fail(batch);
      tables.database.write(batch, true);
      // RocksDB opens for reading only then, and takes nothing.
      Path lock = directory().resolve("tables/LOCK");
      disk.at(StorePoint.REOPENING, () -> replaceByDirectory(lock));
      assertThat(tables.failedWrite.end(state(5))).isFalse();
      disk.nothingAt(StorePoint.REOPENING);
      assertThat(lock.toFile().delete()).isTrue();
      assertThat(tables.failedWrite.end(state(5))).isTrue();
      assertThat(tables.row()).isEqualTo("before");
    }
  }

  @Test
  void end_ofABatchThatRemembersNoRows_changesNothing() {
    try (Tables tables = new Tables();
        Batch batch = tables.database.batch(false)) {
      batch.put(Table.MEMORY, KEY, new byte[] {'x'});
      tables.fail(batch);
      tables.database.write(batch, true);
      assertThat(tables.failedWrite.end(state(5))).isTrue();
      assertThat(tables.row()).isEqualTo("x");
    }
  }
}
