package org.chaincore.store.rocks;

import java.nio.file.Path;
import org.chaincore.core.store.ChainIdentity;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreHealth;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.value.Hash256;
import org.chaincore.store.codec.FlushMark;
import org.chaincore.store.codec.IdentityRow;
import org.chaincore.store.codec.Keys;
import org.chaincore.store.codec.StateRow;
import org.chaincore.store.database.Batch;
import org.chaincore.store.database.Database;
import org.chaincore.store.database.Table;
import org.chaincore.store.directory.DirectoryLock;
import org.chaincore.store.directory.OwnerNote;
import org.chaincore.store.directory.Progress;
import org.chaincore.store.directory.StoreDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way by which anything is written: looks for space before, waits for the disk as the
 * policy says, notes afterwards how far the disk is, and when a write fails, closes.
 *
 * <p><b>A write that failed</b> may have reached the disk all the same. Where the store goes on
 * after it, which it does only after a lack of space, {@link FailedWrite} sees to it first.
 *
 * <p>Not thread-safe but for {@link #state}, {@link #policy} and {@link #sign}; confined to the
 * writer.
 */
final class WriteGate implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WriteGate.class);

  /** The files of a store that is open, and what keeps others from them. */
  private record Files(StoreDirectory directory, DirectoryLock lock, Progress progress) {}

  private final StoreDirectory directory;
  private final DirectoryLock lock;
  private final Database database;
  private final Progress progress;
  private final Surroundings surroundings;
  private final StoreOptions.Safety safety;
  private final HealthSign sign = new HealthSign();
  private final FailedWrite failedWrite;

  private volatile StateRow state = StateRow.ofGenesis(Hash256.ZERO);

  /** Whether {@link #state} is what the tables have: not before the chain is loaded. */
  private boolean isLoaded;

  private volatile FsyncPolicy policy;
  private int unsyncedCommits;
  private long unsyncedBytes;
  private long wantedBytes;

  private WriteGate(
      Files files, Database database, Surroundings surroundings, StoreOptions options) {
    this.directory = files.directory;
    this.lock = files.lock;
    this.progress = files.progress;
    this.database = database;
    this.surroundings = surroundings;
    this.safety = options.safety();
    this.policy = options.fsync();
    this.failedWrite = new FailedWrite(database, lock, surroundings, sign);
  }

  static WriteGate open(Path path, StoreOptions options, Surroundings surroundings) {
    StoreDirectory directory = StoreDirectory.at(path);
    directory.requireKnown();
    DirectoryLock lock = DirectoryLock.take(directory);
    try {
      directory.begin();
      Database database = openTables(directory, options);
      try {
        Files files = new Files(directory, lock, Progress.open(directory));
        OwnerNote.write(directory);
        return new WriteGate(files, database, surroundings, options);
      } catch (RuntimeException e) {
        database.close();
        throw e;
      }
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static Database openTables(StoreDirectory directory, StoreOptions options) {
    try {
      boolean begins = Progress.commitsIn(directory) == 0;
      return Database.open(directory.tables(), options.budgets().nativeBytes(), begins);
    } catch (StoreException e) {
      if (e.fault() != StoreFault.LOCKED) {
        throw e;
      }
      StoreException inUse = directory.inUse();
      inUse.initCause(e);
      throw inUse;
    }
  }

  Database database() {
    return database;
  }

  HealthSign sign() {
    return sign;
  }

  /** Where the chain stands. */
  StateRow state() {
    return state;
  }

  FsyncPolicy policy() {
    return policy;
  }

  void reached(StorePoint point) {
    surroundings.reached(point);
  }

  /** A batch that can be taken back. */
  Batch batch() {
    return database.batch(true);
  }

  /** A batch that changes nothing if it is found written against the word of its writer. */
  Batch largeBatch() {
    return database.batch(false);
  }

  /** Goes on from what the tables have, if that is all there was. */
  void resumeAt(StateRow found) {
    if (found.commits() < progress.commits()) {
      if (!safety.isLossAccepted()) {
        throw new StoreException(
            StoreFault.LOST_COMMITS,
            "store has lost its last "
                + (progress.commits() - found.commits())
                + " of "
                + progress.commits()
                + " commits; it ends at block "
                + found.tip()
                + " of height "
                + found.height());
      }
      progress.advance(found.commits());
    }
    state = found;
    isLoaded = true;
  }

  /** Writes the first batch of a store. */
  void begin(ChainIdentity network) {
    // An empty store that once had commits has lost all of them.
    resumeAt(StateRow.ofGenesis(network.genesis()));
    StateRow first = new StateRow(1, network.genesis(), 0, 0, 0, 0);
    try (Batch batch = batch()) {
      batch.put(Table.META, Keys.ofIdentity(), IdentityRow.toBytes(network));
      batch.put(Table.META, Keys.ofState(), first.toBytes());
      batch.put(Table.META, Keys.ofFlushMark(), new FlushMark(first.tip(), 0).toBytes());
      failedWrite.attempt(first);
      write(batch, true);
    }
    state = first;
    progress.advance(first.commits());
  }

  /** Writes a commit: when this returns, it is made. */
  void commit(Batch batch, StateRow next) {
    surroundings.reached(StorePoint.COMMIT_BEGINS);
    boolean sync =
        policy == FsyncPolicy.EVERY_BLOCK
            || unsyncedCommits + 1 >= FsyncPolicy.GROUP_COMMITS
            || unsyncedBytes + batch.size() >= FsyncPolicy.GROUP_BYTES;
    failedWrite.requireNone();
    failedWrite.attempt(next);
    write(batch, sync);
    state = next;
    if (sync) {
      unsyncedCommits = 0;
      unsyncedBytes = 0;
    } else {
      unsyncedCommits++;
      unsyncedBytes += batch.size();
    }
    surroundings.reached(StorePoint.COMMIT_WRITTEN);
  }

  /** Notes how far the disk is, after a commit. If that fails, the commit is made all the same. */
  void note() {
    if (unsyncedCommits > 0) {
      return;
    }
    try {
      progress.advance(state.commits());
      surroundings.reached(StorePoint.COMMIT_NOTED);
    } catch (StoreException e) {
      sign.fail(e);
    }
  }

  /** Writes a batch that belongs to no commit, behind all that was written before. */
  void write(Batch batch) {
    write(batch, false);
  }

  private void write(Batch batch, boolean sync) {
    failedWrite.requireNone();
    requireSpace(batch.size());
    try {
      hand(batch, sync);
    } catch (StoreException e) {
      StoreException failure = failedWrite.of(batch, e);
      // RocksDB may only be holding on to a want of space that it met in the background and that is
      // over: opened anew, it takes the same batch.
      if (!resume()) {
        throw worse(failure);
      }
      writeAgain(batch, sync);
    }
  }

  private void writeAgain(Batch batch, boolean sync) {
    try {
      hand(batch, sync);
    } catch (StoreException e) {
      throw failedWrite.of(batch, e);
    }
  }

  private void hand(Batch batch, boolean sync) {
    surroundings.reached(StorePoint.WRITE_BEGINS);
    database.write(batch, sync);
  }

  /** What to tell of a failure after which the store was found to be beyond going on. */
  private StoreException worse(StoreException failure) {
    return sign.health() instanceof StoreHealth.ReadOnly broken && broken.fault() != failure.fault()
        ? new StoreException(broken.fault(), broken.reason(), failure)
        : failure;
  }

  /** Writes a batch and waits for the disk. */
  void writeThrough(Batch batch) {
    write(batch, true);
    unsyncedCommits = 0;
    unsyncedBytes = 0;
    note();
  }

  private void requireSpace(long bytes) {
    wantedBytes = bytes;
    if (!hasSpace()) {
      StoreException full =
          new StoreException(
              StoreFault.DISK_FULL,
              "less than "
                  + (safety.reserveBytes() + bytes)
                  + " bytes of free space at "
                  + directory.root());
      sign.fail(full);
      throw full;
    }
  }

  private boolean hasSpace() {
    return surroundings.usableBytes(directory) >= safety.reserveBytes() + wantedBytes;
  }

  /**
   * Goes on after a full disk, if it is full no longer.
   *
   * @return whether the store went on
   */
  boolean resume() {
    if (!(sign.health() instanceof StoreHealth.ReadOnly broken)
        || !broken.mayEnd()
        || !hasSpace()) {
      return false;
    }
    if (failedWrite.isPending() && !failedWrite.end(isLoaded ? state : null)) {
      return false;
    }
    sign.become(new StoreHealth.Writable());
    return true;
  }

  void use(FsyncPolicy newPolicy) {
    if (newPolicy == FsyncPolicy.EVERY_BLOCK) {
      sync();
    }
    policy = newPolicy;
  }

  /** Waits until the disk has all that was written. */
  void sync() {
    waitFor(database::sync);
  }

  /** The same, and leaves no log that would have to be replayed. */
  void flushTables() {
    waitFor(database::flushTables);
  }

  /**
   * Rewrites a table without what was deleted from it. Serves only to save space, so if it fails
   * nothing is lost; whatever is wrong then is found by the next write.
   */
  void reclaim(Table table) {
    try {
      database.compact(table);
    } catch (StoreException e) {
      LOG.warn("space of {} was not given back", table.title(), e);
    }
  }

  private void waitFor(Runnable disk) {
    try {
      surroundings.reached(StorePoint.SYNC_BEGINS);
      disk.run();
    } catch (StoreException e) {
      failedWrite.ofWaiting(e);
      throw e;
    }
    unsyncedCommits = 0;
    unsyncedBytes = 0;
    note();
  }

  @Override
  public void close() {
    sign.become(new StoreHealth.Closed());
    try {
      database.close();
      progress.close();
    } finally {
      lock.close();
    }
  }
}
