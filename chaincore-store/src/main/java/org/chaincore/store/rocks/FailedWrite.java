package org.chaincore.store.rocks;

import java.util.HashMap;
import java.util.Map;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreHealth;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.store.codec.Keys;
import org.chaincore.store.codec.StateRow;
import org.chaincore.store.database.Batch;
import org.chaincore.store.database.Database;
import org.chaincore.store.database.Inverse;
import org.chaincore.store.database.Table;
import org.chaincore.store.directory.DirectoryLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be done after a write that failed, before the next one: the tables are opened anew, as
 * RocksDB takes no other until then, and what the write may have left in them is taken back, since
 * its caller was told that it is not there.
 *
 * <p>Tables that hold anything but the commits that were acknowledged, and that one write, are not
 * those of the chain in memory any more: then the store stays read-only, whatever space there is.
 *
 * <p>Not thread-safe; confined to the writer.
 */
final class FailedWrite {
  private static final Logger LOG = LoggerFactory.getLogger(FailedWrite.class);

  private final Database database;
  private final DirectoryLock lock;
  private final Surroundings surroundings;
  private final HealthSign sign;

  /** What the state would be after the commit that was tried last. */
  private @Nullable StateRow attempted;

  private boolean isPending;

  /** Null if what failed was no batch, or one whose rows could not be read. */
  private @Nullable Inverse takingBack;

  /**
   * How far coins, indexes and pruning were on disk; null where that may have changed with what
   * failed. The disk was not waited for when they were written, and memory has forgotten them.
   */
  private @Nullable Map<Bytes, Bytes> marks;

  FailedWrite(Database database, DirectoryLock lock, Surroundings surroundings, HealthSign sign) {
    this.database = database;
    this.lock = lock;
    this.surroundings = surroundings;
    this.sign = sign;
  }

  /**
   * Lets through if nothing is pending. Two batches could not be told apart, nor taken back in
   * their order.
   */
  void requireNone() {
    if (isPending) {
      sign.requireWritable();
    }
  }

  boolean isPending() {
    return isPending;
  }

  /** A commit will be tried, which leads to a state. */
  void attempt(StateRow next) {
    attempted = next;
  }

  /**
   * A batch was not written, or it is not known whether it was.
   *
   * @return the same failure
   */
  StoreException of(Batch batch, StoreException failure) {
    isPending = true;
    try {
      takingBack = database.inverse(batch);
      marks = takingBack.isEmpty() ? null : marks();
      sign.fail(failure);
    } catch (StoreException unreadable) {
      failure.addSuppressed(unreadable);
      // Without knowing what was there, nothing can be taken back.
      sign.fail(new StoreException(StoreFault.IO, String.valueOf(failure.getMessage()), failure));
    }
    return failure;
  }

  /** Waiting for the disk failed. */
  void ofWaiting(StoreException failure) {
    isPending = true;
    try {
      marks = marks();
    } catch (StoreException unreadable) {
      failure.addSuppressed(unreadable);
    }
    sign.fail(failure);
  }

  private Map<Bytes, Bytes> marks() {
    Map<Bytes, Bytes> rows = new HashMap<>();
    database.scan(
        Table.META,
        new byte[0],
        (key, payload) -> {
          rows.put(Bytes.of(key), Bytes.of(payload));
          return true;
        });
    return rows;
  }

  /**
   * Does what is to be done.
   *
   * @param acknowledged the state that the tables must have; null if nothing is loaded yet
   * @return whether it is done; if not, another call tries again
   */
  boolean end(@Nullable StateRow acknowledged) {
    try {
      lock.renew();
      surroundings.reached(StorePoint.REOPENING);
      database.reopen();
    } catch (StoreException e) {
      if (e.fault() == StoreFault.CORRUPT) {
        giveUp(e.fault(), String.valueOf(e.getMessage()));
      } else if (e.fault() != StoreFault.DISK_FULL) {
        LOG.warn("the store cannot be opened again yet", e);
      }
      return false;
    }
    try {
      if (acknowledged != null && !holds(acknowledged)) {
        return false;
      }
      takeBack();
      if (marks != null && !marks.equals(marks())) {
        giveUp(
            StoreFault.LOST_COMMITS,
            "store has lost coins or indexes after a full disk; open it again");
        return false;
      }
    } catch (StoreException e) {
      if (e.fault() == StoreFault.CORRUPT) {
        giveUp(e.fault(), String.valueOf(e.getMessage()));
      }
      return false;
    }
    isPending = false;
    takingBack = null;
    marks = null;
    return true;
  }

  private void takeBack() {
    Inverse inverse = takingBack;
    if (inverse != null && !inverse.isEmpty()) {
      try (Batch batch = database.batch(false)) {
        inverse.addTo(batch);
        database.write(batch, true);
      }
    }
  }

  private boolean holds(StateRow acknowledged) {
    StateRow found = found();
    if (found.commits() == acknowledged.commits() && found.commits() == 0) {
      return true; // A store whose first batch failed.
    }
    if (found.equals(acknowledged) || (takingBack != null && found.equals(attempted))) {
      return true;
    }
    if (found.commits() < acknowledged.commits()) {
      giveUp(
          StoreFault.LOST_COMMITS,
          "store has lost its last "
              + (acknowledged.commits() - found.commits())
              + " of "
              + acknowledged.commits()
              + " commits after a full disk; open it again");
    } else {
      giveUp(
          StoreFault.CORRUPT,
          "store holds " + found + " after a full disk, not " + acknowledged + "; open it again");
    }
    return false;
  }

  private StateRow found() {
    byte[] payload = database.get(Table.META, Keys.ofState());
    return payload == null
        ? StateRow.ofGenesis(Hash256.ZERO)
        : ChainTables.parse(Table.META, Keys.ofState(), payload, StateRow::read);
  }

  private void giveUp(StoreFault fault, String reason) {
    sign.become(new StoreHealth.ReadOnly(fault, reason));
  }
}
