package org.chaincore.net.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.store.DurableChainStore;
import org.chaincore.core.store.NodeMemory;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreHealth;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Sha256;
import org.chaincore.sync.driver.SyncDriver;
import org.chaincore.sync.peer.GroupingRule;
import org.chaincore.sync.peer.PeerMemory;
import org.chaincore.sync.settings.SettingsState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries over from one start of a node to the next what does not belong to the chain: peers and
 * bans, signed settings, and what waits in the mempool. What cannot be read is left out: a node
 * starts without it as if it were new.
 *
 * <p>Thread-safe.
 */
final class NodeKeeper {
  static final String PEERS = "peers";
  static final String SETTINGS = "settings";
  static final String MEMPOOL = "mempool";

  private static final Logger LOG = LoggerFactory.getLogger(NodeKeeper.class);
  private static final long PERIOD_SECONDS = 300;
  private static final long SOON_SECONDS = 30;

  /** While the store is read-only it is asked this often whether it can go on. */
  private static final long RESUME_SECONDS = 5;

  /** A transaction takes at least this many bytes. */
  private static final int LEAST_TRANSACTION_BYTES = 60;

  private final DurableChainStore store;
  private final List<Future<?>> tasks = new CopyOnWriteArrayList<>();
  private final NodeMemory memory;
  private final ScheduledExecutorService executor;

  /** The driver was too busy to tell of settings that have changed. */
  private volatile boolean owesSettings;

  /**
   * Keeps things in a store.
   *
   * @param executor writes them while the node runs: the driver's thread has no time for it
   */
  NodeKeeper(DurableChainStore store, ScheduledExecutorService executor) {
    this.store = store;
    this.memory = store.memory();
    this.executor = executor;
  }

  /** A section, if it can be read: no node stays down for what it can do without. */
  private Optional<Bytes> kept(String section) {
    try {
      return memory.section(section);
    } catch (StoreException damaged) {
      if (damaged.fault() != StoreFault.CORRUPT && damaged.fault() != StoreFault.MISSING_FILE) {
        throw damaged;
      }
      LOG.warn("what was kept of {} is damaged: {}", section, damaged.getMessage());
      return Optional.empty();
    }
  }

  /** What the node knew of peers; a new memory if there is none that can be read. */
  PeerMemory peers(long seed, GroupingRule rule, long nowSeconds) {
    try {
      return kept(PEERS)
          .map(kept -> PeerMemory.restore(kept, rule, nowSeconds))
          .orElseGet(() -> PeerMemory.of(seed, rule));
    } catch (MalformedBytesException unreadable) {
      LOG.warn("the kept peers cannot be read, the node starts without: {}", reason(unreadable));
      return PeerMemory.of(seed, rule);
    }
  }

  /** Brings back the signed settings that were in force. */
  void restore(SettingsState settings, long nowSeconds) {
    kept(SETTINGS)
        .ifPresent(
            kept -> {
              try {
                settings.restore(ByteReader.of(kept.toArray()), nowSeconds);
              } catch (MalformedBytesException unreadable) {
                LOG.warn("the kept settings cannot be read: {}", reason(unreadable));
              }
            });
  }

  /** Offers the engine again what waited in the mempool. */
  void restoreMempool(ChainEngine engine, long nowSeconds) {
    kept(MEMPOOL)
        .ifPresent(
            kept -> {
              try {
                Sha256 hasher = Sha256.create();
                List<Transaction> waiting =
                    ByteReader.readAll(
                        kept.toArray(),
                        MEMPOOL,
                        in ->
                            in.list(
                                MEMPOOL,
                                LEAST_TRANSACTION_BYTES,
                                same -> Transaction.read(same, hasher)));
                waiting.forEach(transaction -> engine.accept(transaction, 0, nowSeconds));
              } catch (MalformedBytesException unreadable) {
                LOG.warn("the kept mempool cannot be read: {}", reason(unreadable));
              }
            });
  }

  private static String reason(MalformedBytesException unreadable) {
    return String.valueOf(unreadable.getMessage());
  }

  /** Keeps what the node knows now and then, and lets a store go on that waits for space. */
  void begin(SyncDriver driver) {
    try {
      tasks.add(
          executor.scheduleWithFixedDelay(
              () -> keepWhatIsDue(driver), SOON_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS));
      tasks.add(
          executor.scheduleWithFixedDelay(
              this::resume, RESUME_SECONDS, RESUME_SECONDS, TimeUnit.SECONDS));
    } catch (RejectedExecutionException closing) {
      LOG.debug("nothing is kept: the executor is closed");
    }
  }

  private void resume() {
    if (store.health() instanceof StoreHealth.ReadOnly readOnly && readOnly.mayEnd()) {
      guarded("resume", store::resume);
    }
  }

  private void keepWhatIsDue(SyncDriver driver) {
    if (owesSettings) {
      keepSettings(driver);
    }
    try {
      keepLater(PEERS, driver.peersToKeep());
    } catch (IllegalStateException busy) {
      LOG.debug("the driver has more to do than to tell of peers: {}", busy.getMessage());
    }
  }

  /** Signed settings have changed. Those of a driver that is too busy are kept with the peers. */
  void keepSettings(SyncDriver driver) {
    owesSettings = false;
    try {
      keepLater(SETTINGS, driver.settingsToKeep());
    } catch (IllegalStateException busy) {
      owesSettings = true;
      LOG.debug("the driver has more to do than to tell of settings: {}", busy.getMessage());
    }
  }

  private void keepLater(String section, CompletableFuture<Bytes> bytes) {
    var unused =
        bytes.thenAcceptAsync(kept -> keep(section, kept), executor).exceptionally(closing -> null);
  }

  private void keep(String section, Bytes kept) {
    guarded(section, () -> memory.replace(section, kept));
  }

  /**
   * Keeps everything, as the node is about to stop, and nothing from then on. Writes in the thread
   * that closes the node: the host's executor may have no other.
   *
   * @return whether there is nothing left to be kept, or nobody left who could tell of it
   */
  boolean keepAll(SyncDriver driver, ChainEngine engine, Duration within)
      throws InterruptedException {
    tasks.forEach(task -> task.cancel(false));
    keep(MEMPOOL, mempool(engine));
    try {
      CompletableFuture<Bytes> peers = driver.peersToKeep();
      CompletableFuture<Bytes> settings = driver.settingsToKeep();
      CompletableFuture.allOf(peers, settings).get(within.toMillis(), TimeUnit.MILLISECONDS);
      keep(PEERS, peers.join());
      keep(SETTINGS, settings.join());
      return true;
    } catch (ExecutionException | CancellationException gone) {
      LOG.warn("what the node knows of its peers was not kept: the driver does not tell");
      return true;
    } catch (TimeoutException | IllegalStateException busy) {
      LOG.warn("what the node knows of its peers was not kept in time");
      return false;
    }
  }

  /** Parents before children, as the mempool gives them; as much as a section takes. */
  private static Bytes mempool(ChainEngine engine) {
    List<Transaction> kept = new ArrayList<>();
    long bytes = Long.BYTES;
    for (MempoolEntry entry : engine.mempool()) {
      bytes += entry.transaction().size();
      if (bytes > NodeMemory.MAX_SECTION_BYTES) {
        break;
      }
      kept.add(entry.transaction());
    }
    ByteWriter out = ByteWriter.create();
    out.compactSize(kept.size());
    kept.forEach(transaction -> transaction.write(out));
    return out.toBytes();
  }

  private static void guarded(String what, Runnable work) {
    try {
      work.run();
    } catch (StoreException broken) {
      LOG.warn("{} could not be kept: {}", what, broken.getMessage());
    }
  }
}
