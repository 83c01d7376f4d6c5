package org.chaincore.store.rocks;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.ledger.BlockUndo;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.store.AddressIndex;
import org.chaincore.core.store.BodyRetention;
import org.chaincore.core.store.ChainCommit;
import org.chaincore.core.store.ChainIdentity;
import org.chaincore.core.store.CoinSnapshots;
import org.chaincore.core.store.DurableChainStore;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.IndexProgress;
import org.chaincore.core.store.NodeMemory;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreHealth;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.store.StoreVerification;
import org.chaincore.core.store.StoredChain;
import org.chaincore.core.store.TransactionIndex;
import org.chaincore.core.value.Hash256;
import org.chaincore.store.codec.FlushMark;
import org.chaincore.store.codec.StateRow;
import org.chaincore.store.database.Batch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A chain on disk.
 *
 * <p><b>What is written when.</b> A commit is one batch: headers, bodies, undo data, marks and
 * where the chain stands, all of it or none. The coins are not in it: they are written later, and
 * replayed after a crash ({@link LaggingCoins}).
 *
 * <p><b>What is noticed.</b> Every value carries a checksum; headers are counted; a file beside the
 * tables says how many commits there must be. So a value that is not what was written, a header
 * that is gone and an end that was cut off are each found, and named.
 *
 * <p><b>A failed write</b> ends the acceptance of changes ({@link HealthSign}). {@link WriteGate}
 * tells a full disk, which may end, from a broken one, and takes back what a failed write may have
 * left.
 *
 * <p>Thread-safe: changes are made one at a time, look-ups wait for nobody.
 */
public final class RocksChainStore implements DurableChainStore {
  private static final Logger LOG = LoggerFactory.getLogger(RocksChainStore.class);

  private final ReentrantLock writer = new ReentrantLock();
  private final StoreOptions options;
  private final WriteGate gate;
  private final HealthSign sign;
  private final ChainTables tables;
  private final LaggingCoins coins;
  private final KnownHeaders known;
  private final RocksNodeMemory memory;
  private final StoredBodies bodies;
  private final Pruning pruning;
  private final Indexes indexes;
  private final IndexLookUps lookUps;
  private final RocksSnapshots snapshots;

  /** Set once, by load. */
  private volatile @Nullable ChainIdentity identity;

  private RocksChainStore(WriteGate gate, StoreOptions options) {
    this.options = options;
    this.gate = gate;
    this.sign = gate.sign();
    this.tables = new ChainTables(gate.database());
    this.coins = new LaggingCoins(gate, tables, options.budgets());
    this.known = new KnownHeaders(tables);
    this.memory = new RocksNodeMemory(gate, writer, this::resume);
    this.bodies = new StoredBodies(tables);
    this.pruning = new Pruning(options.pruning(), gate, tables, known);
    this.indexes = new Indexes(options.indexes(), gate, tables, bodies);
    this.lookUps = new IndexLookUps(indexes, tables, this::requireLoaded);
    this.snapshots = new RocksSnapshots(gate, tables, writer, new SnapshotOwner());
  }

  /**
   * Opens the store of a directory, or begins one where there is none.
   *
   * @throws StoreException as {@link org.chaincore.core.store.ChainStoreProvider#open}
   */
  public static RocksChainStore open(Path directory, StoreOptions options) {
    return open(directory, options, Surroundings.REAL);
  }

  static RocksChainStore open(Path directory, StoreOptions options, Surroundings surroundings) {
    RocksChainStore store =
        new RocksChainStore(WriteGate.open(directory, options, surroundings), options);
    surroundings.reached(StorePoint.OPENED);
    return store;
  }

  @Override
  public StoredChain load(ChainIdentity asked) {
    writer.lock();
    try {
      sign.requireOpen();
      Optional<ChainIdentity> kept = tables.identity();
      if (kept.isEmpty()) {
        gate.begin(asked);
      } else {
        kept.get().requireSame(asked);
      }
      if (identity == null) {
        gate.resumeAt(tables.state());
        if (tables.isRestoring()) {
          LOG.info("deleting coins of a snapshot that was restored in part");
          snapshots.clear();
        }
        coins.catchUp(asked.genesis());
        indexes.load(asked.genesis(), tables.prunedHeight());
        identity = asked;
      }
      StateRow state = gate.state();
      pruning.begin();
      return new StoredChain(tables.headers(state.headers(), pruning::put), state.tip());
    } finally {
      writer.unlock();
    }
  }

  @Override
  public void commit(ChainCommit commit) {
    change(
        () -> {
          coins.makeRoom();
          pruning.stepIfDue(gate.state().height(), indexes.height(), coins);
          indexes.buildSome();
          CommitPlan.Standing chain =
              new CommitPlan.Standing(gate.state(), coins.retention(), pruning.prunedHeight());
          CommitPlan.Start start =
              new CommitPlan.Start(known, coins.cache(), requireLoaded().genesis(), chain);
          try (Batch batch = gate.batch()) {
            CommitPlan plan = CommitPlan.of(commit, start, batch);
            Indexes.Change indexed = indexes.change(commit, plan::require, batch);
            gate.commit(batch, plan.state());
            adopt(plan);
            indexed.adopt();
          }
          gate.note();
          return true;
        });
  }

  /** Changes something, if the store takes changes. */
  private <T> T change(Supplier<T> change) {
    writer.lock();
    try {
      requireWritable();
      return change.get();
    } finally {
      writer.unlock();
    }
  }

  private void requireWritable() {
    requireLoaded();
    resume();
    sign.requireWritable();
  }

  private void adopt(CommitPlan plan) {
    coins.adopt(plan);
    for (KnownHeaders.Entry entry : plan.changed()) {
      known.remember(entry);
      pruning.put(entry.sequence(), entry.row());
    }
  }

  @Override
  public Optional<Block> block(Hash256 hash) {
    requireLoaded();
    return bodies.block(hash);
  }

  @Override
  public Optional<List<Hash256>> txids(Hash256 hash) {
    requireLoaded();
    return bodies.txids(hash);
  }

  @Override
  public Optional<CoinSnapshots> snapshots() {
    return Optional.of(snapshots);
  }

  private final class SnapshotOwner implements RocksSnapshots.Owner {
    @Override
    public void requireWritable() {
      RocksChainStore.this.requireWritable();
    }

    @Override
    public void requireLoaded() {
      RocksChainStore.this.requireLoaded();
    }

    @Override
    public void flushCoins() {
      coins.flush();
    }

    @Override
    public boolean isIndexed() {
      return options.indexes().transactions() || options.indexes().addresses();
    }

    @Override
    public void restored(FlushMark tip) {
      known.forget();
      coins.flushed(tip);
      pruning.begin();
    }
  }

  @Override
  public Optional<TransactionIndex> transactionIndex() {
    return options.indexes().transactions()
        ? Optional.of(lookUps.transactions())
        : Optional.empty();
  }

  @Override
  public Optional<AddressIndex> addressIndex() {
    return options.indexes().addresses() ? Optional.of(lookUps.addresses()) : Optional.empty();
  }

  @Override
  public IndexProgress buildIndexes(int mostBlocks) {
    requireLoaded();
    IndexProgress progress = indexes.progress();
    for (int done = 0; done < mostBlocks && !progress.isComplete(); ) {
      int step = Math.min(Indexes.BLOCKS_A_BATCH, mostBlocks - done);
      // Lets commits in between two steps.
      progress =
          change(
              () -> {
                indexes.build(step);
                return indexes.progress();
              });
      done += step;
    }
    return progress;
  }

  @Override
  public BodyRetention retention() {
    return pruning.retention();
  }

  @Override
  public Optional<BlockUndo> undo(Hash256 hash) {
    requireLoaded();
    int sequence = tables.sequence(hash);
    return sequence < 0 || coins.retention().hides(sequence)
        ? Optional.empty()
        : tables.undo(sequence);
  }

  @Override
  public @Nullable Coin coin(OutPoint outPoint) {
    requireLoaded();
    return coins.coin(outPoint);
  }

  @Override
  public long coinCount() {
    requireLoaded();
    return gate.state().coins();
  }

  private ChainIdentity requireLoaded() {
    sign.requireOpen();
    ChainIdentity loaded = identity;
    if (loaded == null) {
      throw new StoreException(StoreFault.OTHER, "store is not loaded");
    }
    return loaded;
  }

  @Override
  public StoreHealth health() {
    return sign.health();
  }

  @Override
  public Runnable subscribe(Consumer<StoreHealth> listener) {
    return sign.subscribe(listener);
  }

  @Override
  public StoreHealth resume() {
    writer.lock();
    try {
      if (gate.resume() && identity != null) {
        known.forget();
        // A step of pruning that was told to have failed may have reached the disk.
        pruning.begin();
        tables.headers(gate.state().headers(), pruning::put);
        indexes.load(requireLoaded().genesis(), pruning.prunedHeight());
        coins.resumed();
      }
      return sign.health();
    } finally {
      writer.unlock();
    }
  }

  @Override
  public FsyncPolicy fsyncPolicy() {
    return gate.policy();
  }

  @Override
  public void use(FsyncPolicy policy) {
    writer.lock();
    try {
      sign.requireWritable();
      gate.use(policy);
    } finally {
      writer.unlock();
    }
  }

  @Override
  public void flush() {
    writer.lock();
    try {
      requireLoaded();
      sign.requireWritable();
      coins.flush();
      gate.sync();
      gate.flushTables();
    } finally {
      writer.unlock();
    }
  }

  @Override
  public StoreVerification verify() {
    sign.requireOpen();
    if (tables.identity().isEmpty()) {
      return new StoreVerification(0, 0, 0, List.of(), 0); // A store that nobody has begun.
    }
    // Before it is loaded what the disk says holds: whoever only looks need not know the network.
    StateRow state = identity == null ? tables.state() : gate.state();
    return new Verification(gate.database(), state).run();
  }

  @Override
  public boolean repair(Block body) {
    boolean isRepaired = change(() -> bodies.repair(body, known.find(body.hash()), gate));
    if (isRepaired) {
      LOG.info("repaired {}", body);
    }
    return isRepaired;
  }

  @Override
  public Set<Hash256> damagedBlocks() {
    return bodies.damaged();
  }

  @Override
  public NodeMemory memory() {
    return memory;
  }

  /** Writes what is in memory, if the store still takes it. What is not written is replayed. */
  @Override
  public void close() {
    writer.lock();
    try {
      if (sign.health() instanceof StoreHealth.Closed) {
        return;
      }
      try {
        if (identity != null && sign.health() instanceof StoreHealth.Writable) {
          flush();
        }
      } catch (StoreException e) {
        LOG.warn("store is closed with coins that were not written", e);
      } finally {
        gate.close();
      }
    } finally {
      writer.unlock();
    }
  }
}
