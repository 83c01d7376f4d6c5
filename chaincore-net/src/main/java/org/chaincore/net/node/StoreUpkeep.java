package org.chaincore.net.node;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.chaincore.core.block.Block;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.CoinSnapshots;
import org.chaincore.core.store.CoinSnapshots.Origin;
import org.chaincore.core.store.CoinSnapshots.Verdict;
import org.chaincore.core.store.IndexProgress;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does in small steps, in a thread of the node, what a store needs beside the blocks that come:
 * indexes that were switched on for a chain that was there are built, and the chain below a
 * snapshot is fetched and validated once the node has caught up.
 *
 * <p>Thread-safe.
 */
final class StoreUpkeep implements Shutdown.Part {
  private static final Logger LOG = LoggerFactory.getLogger(StoreUpkeep.class);

  /** Blocks of one step: commits wait no longer than for some of them. */
  private static final int INDEXED_AT_ONCE = 64;

  private static final long NEXT_STEP_MILLIS = 20;

  /** After a store failed, or where nothing but a wait is left. */
  private static final long LATER_MILLIS = 2_000;

  /** So often in a row it may fail in a way that nobody has thought of before it stops. */
  private static final int MOST_FAILURES = 5;

  private final NodeBuilder plan;
  private final ChainStore store;
  private final ChainEngine engine;
  private final SecondChain second;
  private volatile IndexProgress indexes;
  private volatile @Nullable Origin origin;
  private volatile @Nullable SnapshotValidation validation;
  private volatile @Nullable String stopped;
  private volatile boolean isClosed;

  /** Held during a step. */
  private final ReentrantLock stepping = new ReentrantLock();

  private int failures;
  private boolean cannotValidate;

  StoreUpkeep(NodeBuilder plan, ChainStore store, ChainEngine engine) {
    this.plan = plan;
    this.store = store;
    this.engine = engine;
    this.second = new SecondChain(plan);
    this.indexes = store.buildIndexes(0);
    Optional<CoinSnapshots> snapshots = store.snapshots();
    this.origin = snapshots.isPresent() ? snapshots.get().origin().orElse(null) : null;
  }

  /**
   * What it needs of the peers.
   *
   * @param hasCaughtUp whether they have time for what is not urgent
   * @param fetch asks them for these blocks and no others from now on
   */
  record Peers(BooleanSupplier hasCaughtUp, Consumer<List<Hash256>> fetch) {}

  private long nowSeconds() {
    return Math.floorDiv(plan.clockMillis.getAsLong(), 1_000L);
  }

  /** Begins. */
  void begin(ScheduledExecutorService executor, Peers peers) {
    schedule(executor, peers, NEXT_STEP_MILLIS);
  }

  private void schedule(ScheduledExecutorService executor, Peers peers, long millis) {
    try {
      var unused =
          executor.schedule(
              () -> {
                long next = step(peers);
                if (next > 0) {
                  schedule(executor, peers, next);
                }
              },
              millis,
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closing) {
      LOG.debug("the upkeep of the store ends: the executor is closed");
    }
  }

  /** Does some of it; milliseconds until the next step, 0 if there is none. */
  private long step(Peers peers) {
    stepping.lock();
    try {
      return isClosed ? 0 : tryStep(peers);
    } finally {
      if (isClosed) {
        second.close(); // Who closes may not have waited for this step.
      }
      stepping.unlock();
    }
  }

  private long tryStep(Peers peers) {
    try {
      long next = sooner(buildIndexes(), tryToValidate(peers));
      failures = 0;
      return next;
    } catch (StoreException broken) {
      if (broken.fault() == StoreFault.CLOSED) {
        return 0;
      }
      LOG.warn("the upkeep of the store waits: {}", broken.getMessage());
      return LATER_MILLIS;
    } catch (RuntimeException bug) {
      return failed(bug);
    }
  }

  /** Gives up what can never be done, and that only: indexes are built all the same. */
  private long tryToValidate(Peers peers) {
    if (cannotValidate) {
      return 0;
    }
    try {
      return validate(peers);
    } catch (IllegalArgumentException impossible) {
      LOG.error("the chain below the snapshot cannot be validated", impossible);
      stopped = "the chain below the snapshot cannot be validated: " + impossible.getMessage();
      cannotValidate = true;
      return 0;
    }
  }

  private long failed(RuntimeException bug) {
    failures++;
    if (failures < MOST_FAILURES) {
      LOG.error("the upkeep of the store failed and is tried again", bug);
      return LATER_MILLIS;
    }
    LOG.error("the upkeep of the store failed {} times and stops", failures, bug);
    stopped = "the upkeep of the store has stopped: " + bug;
    return 0;
  }

  private static long sooner(long a, long b) {
    return a == 0 || b == 0 ? a + b : Math.min(a, b);
  }

  private long buildIndexes() {
    if (indexes.isComplete()) {
      return 0;
    }
    indexes = store.buildIndexes(INDEXED_AT_ONCE);
    return NEXT_STEP_MILLIS;
  }

  private long validate(Peers peers) {
    Origin of = origin;
    if (of == null || of.verdict() != Verdict.TRUSTED || !SecondChain.hasPlace(plan)) {
      return 0;
    }
    SnapshotValidation running = validation;
    if (running == null) {
      running = new SnapshotValidation(second.check(store, engine, nowSeconds()), peers.fetch());
      validation = running;
    }
    boolean hasCaughtUp = peers.hasCaughtUp().getAsBoolean();
    Verdict verdict = running.step(hasCaughtUp, nowSeconds());
    if (verdict == Verdict.TRUSTED) {
      return hasCaughtUp ? NEXT_STEP_MILLIS : LATER_MILLIS;
    }
    origin = of.with(verdict);
    if (verdict == Verdict.CONFIRMED) {
      LOG.info("the snapshot of block {} is confirmed by the chain below it", of.block());
    } else {
      LOG.error("the snapshot of block {} is not what the chain below it leaves", of.block());
    }
    second.remove();
    return 0;
  }

  /** A block that was fetched for the host has come. */
  void fetched(Block block) {
    SnapshotValidation running = validation;
    if (running != null) {
      running.fetched(block);
    }
  }

  StoreProgress progress() {
    Origin of = origin;
    if (of == null) {
      return new StoreProgress(indexes, null, stopped);
    }
    SnapshotValidation running = validation;
    return new StoreProgress(
        indexes,
        new StoreProgress.Snapshot(
            of.height(),
            of.verdict(),
            running == null ? 0 : running.validatedHeight(),
            SecondChain.hasPlace(plan)),
        stopped);
  }

  /**
   * Ends it. A step that takes longer ends by itself, and leaves nothing open.
   *
   * @return whether it has ended within that time
   */
  @Override
  public boolean close(Duration within) throws InterruptedException {
    isClosed = true;
    if (!stepping.tryLock(within.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("a step of the upkeep of the store has not ended within {}", within);
      return false;
    }
    try {
      second.close();
      return true;
    } finally {
      stepping.unlock();
    }
  }
}
