package org.chaincore.net.node;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.EngineSetup;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.ChainStoreProvider;
import org.chaincore.core.store.DurableChainStore;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreHealth;
import org.chaincore.core.store.TransactionIndex;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.SipKey;
import org.chaincore.net.config.NodeConfiguration;
import org.chaincore.net.http.AddressIndex;
import org.chaincore.net.http.ApiSources;
import org.chaincore.net.http.SettingsDesk;
import org.chaincore.net.journal.ChainJournal;
import org.chaincore.net.journal.Explanation;
import org.chaincore.net.tcp.TcpOptions;
import org.chaincore.net.tcp.TcpTransport;
import org.chaincore.net.tls.MutualTls;
import org.chaincore.sync.driver.DriverSetup;
import org.chaincore.sync.driver.SettingsAnswer;
import org.chaincore.sync.driver.SyncDriver;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.message.NodeDescription;
import org.chaincore.sync.peer.GroupingRule;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerMemory;
import org.chaincore.sync.peer.Reach;
import org.chaincore.sync.peer.Services;
import org.chaincore.sync.protocol.LocalNode;
import org.chaincore.sync.protocol.ProtocolSetup;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.settings.SettingsDocument;
import org.chaincore.sync.settings.SettingsState;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.settings.TrustedSigners;
import org.chaincore.sync.statistics.NetworkStatistics;
import org.chaincore.sync.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of a network, within the host's process: it validates and keeps the chain, stays in step
 * with its peers, and mines if it is told to.
 *
 * <pre>{@code
 * try (ChainNode node = ChainNode.builder().network(Networks.regtest()).start()) {
 *   System.out.println(node.status().why());
 * }
 * }</pre>
 *
 * <p>Nodes share nothing: a process may run as many as it likes, start one again after it was
 * closed, and lend all of them the same threads. A node without peers is a whole network.
 *
 * <p>Thread-safe.
 */
public final class ChainNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChainNode.class);
  private static final Duration CLOSE_TIME = Duration.ofSeconds(5);

  private final NodeKey key;
  private final ChainStore store;
  private final ChainEngine engine;
  private final LockRegistry locks;
  private final SyncDriver driver;
  private final @Nullable TcpTransport tcp;
  private final StoreUpkeep upkeep;
  private final ChainJournal journal;
  private final @Nullable AddressIndex index;
  private final NodeEvents events;
  private final @Nullable Miner miner;
  private final @Nullable NodeApi api;
  private final NodeConfiguration configuration;
  private final LongSupplier clockMillis;
  private final Shutdown shutdown;

  private ChainNode(NodeBuilder plan, SecureRandom random, Shutdown shutdown) {
    this.configuration = plan.configuration();
    this.clockMillis = plan.clockMillis;
    this.shutdown = shutdown;
    NodeThreads threads = NodeThreads.of(plan.executor);
    shutdown.add("threads", threads::close);
    this.store = openStore(plan);
    if (plan.store == null) {
      shutdown.add("store", within -> closed(store::close));
    }
    this.key = plan.key != null ? plan.key : NodeIdentity.of(plan.dataDirectory, random);
    this.locks = LockRegistry.create();
    this.engine =
        ChainEngine.open(
            new EngineSetup(plan.params, plan.limits, store, SignatureVerifier.best(), locks)
                .withWorkers(threads.signatureWorkers())
                .withSalt(SipKey.of(random.nextLong(), random.nextLong())));
    this.journal = ChainJournal.of(engine, locks, this::nowSeconds);
    shutdown.add("journal", within -> closed(journal::close));
    this.index = plan.httpAt == null ? null : AddressIndex.of(store, engine, locks);
    long seed = plan.seed != null ? plan.seed : random.nextLong();
    NodeKeeper keeper = store instanceof DurableChainStore durable ? new NodeKeeper(durable) : null;
    if (keeper != null) {
      keeper.restoreMempool(engine, nowSeconds());
    }
    this.upkeep = new StoreUpkeep(plan, store, engine);
    Transport transport = plan.transport != null ? plan.transport : tcp(plan, key);
    this.tcp = transport instanceof TcpTransport own ? own : null;
    AtomicReference<SyncDriver> started = new AtomicReference<>();
    this.driver =
        SyncDriver.start(
            new DriverSetup(
                protocol(plan, keeper, seed),
                transport,
                locks,
                new DriverSetup.Host(
                    plan.clockMillis, event -> heard(event, keeper, started), threads.lent())));
    started.set(driver);
    shutdown.add("peers", within -> driver.close(within) && hasEnded(tcp, within));
    if (keeper != null) {
      keeper.begin(threads.workers(), driver);
      shutdown.add("memory", within -> closed(() -> keeper.keepAll(driver, engine, within)));
    }
    upkeep.begin(
        threads.workers(),
        new StoreUpkeep.Peers(() -> driver.status().chain().isCaughtUp(), driver::wantBlocks));
    shutdown.add("upkeep", within -> closed(upkeep::close));
    this.events = new NodeEvents(engine.events(), threads.listeners());
    shutdown.add("events", within -> closed(events::close));
    plan.connectTo.forEach(driver::connect);
    this.miner =
        plan.payout == null
            ? null
            : startMiner(threads, new Miner.Plan(plan.payout, plan.blockIntervalSeconds, seed));
    this.api = plan.httpAt == null ? null : startApi(plan, plan.httpAt, miner);
  }

  /** Says what a node is made of. */
  public static NodeBuilder builder() {
    return new NodeBuilder();
  }

  static ChainNode start(NodeBuilder plan, SecureRandom random) {
    Shutdown shutdown = new Shutdown();
    try {
      ChainNode node = new ChainNode(plan, random, shutdown);
      LOG.info(
          "node {} of {} is up at height {}", node.id(), node.params().name(), node.tip().height());
      return node;
    } catch (RuntimeException failed) {
      List<String> left = shutdown.run(CLOSE_TIME);
      if (!left.isEmpty()) {
        LOG.warn("a node that could not be started left behind {}", left);
      }
      throw reasonOf(failed);
    }
  }

  private static RuntimeException reasonOf(RuntimeException failed) {
    if (failed instanceof StoreException store) {
      NodeStartException.Reason reason =
          switch (store.fault()) {
            case LOCKED -> NodeStartException.Reason.DIRECTORY_IN_USE;
            case WRONG_OWNER, READ_ONLY_DIRECTORY, NO_PROVIDER ->
                NodeStartException.Reason.DIRECTORY;
            case OTHER_NETWORK -> NodeStartException.Reason.OTHER_NETWORK;
            default -> NodeStartException.Reason.STORE;
          };
      return new NodeStartException(reason, String.valueOf(store.getMessage()), store);
    }
    if (failed instanceof UncheckedIOException io) {
      String what = String.valueOf(io.getMessage());
      return new NodeStartException(NodeStartException.Reason.ADDRESS, what, io);
    }
    return failed;
  }

  private static ChainStore openStore(NodeBuilder plan) {
    if (plan.store != null) {
      return plan.store;
    }
    return plan.dataDirectory == null
        ? InMemoryChainStore.create()
        : ChainStoreProvider.find().open(plan.dataDirectory, plan.storeOptions);
  }

  private static TcpTransport tcp(NodeBuilder plan, NodeKey key) {
    MutualTls tls = plan.pinned == null ? plan.tls : MutualTls.ofNode(key, plan.pinned::contains);
    TcpOptions options = TcpOptions.connectingOnly().withListenAt(plan.listenAt).withTls(tls);
    return plan.networkThreads == null
        ? TcpTransport.of(options)
        : TcpTransport.of(options, plan.networkThreads);
  }

  private ProtocolSetup protocol(NodeBuilder plan, @Nullable NodeKeeper keeper, long seed) {
    long filters = plan.servesFilters ? Services.BLOOM : 0;
    NodeDescription description =
        new NodeDescription(
            NodeDescription.PROTOCOL_VERSION,
            Services.NETWORK | Services.WITNESS | filters,
            plan.userAgent);
    LocalNode self = new LocalNode(key, description, plan.extensions, plan.announcedAt);
    SettingsState settings =
        SettingsState.of(
            plan.params.fingerprint(),
            plan.settings,
            TrustedSigners.of(plan.configSigners),
            Signatures.ed25519());
    GroupingRule rule = groupingRule(plan);
    if (keeper == null) {
      return new ProtocolSetup(engine, self, settings, PeerMemory.of(seed, rule), seed);
    }
    keeper.restore(settings, nowSeconds());
    return new ProtocolSetup(engine, self, settings, keeper.peers(seed, rule, nowSeconds()), seed);
  }

  /** On a network of one house neighbours are no sign of one owner. */
  private static GroupingRule groupingRule(NodeBuilder plan) {
    List<NetworkAddress> named = new ArrayList<>(plan.connectTo);
    if (plan.listenAt != null) {
      named.add(plan.listenAt);
    }
    boolean isPrivate =
        !named.isEmpty() && named.stream().allMatch(at -> Reach.of(at) != Reach.PUBLIC);
    return isPrivate ? GroupingRule.BY_ADDRESS : GroupingRule.BY_PREFIX;
  }

  private Miner startMiner(NodeThreads threads, Miner.Plan plan) {
    Miner started = new Miner(engine, threads.workers(), plan, clockMillis, driver::mines);
    shutdown.add("miner", within -> closed(started::stop));
    started.start();
    return started;
  }

  private NodeApi startApi(NodeBuilder plan, InetSocketAddress at, @Nullable Miner mining) {
    NodeApi started =
        NodeApi.start(
            new NodeApi.Place(at, plan.apiTokenFile, plan.dataDirectory),
            port ->
                new ApiSources(
                    engine,
                    driver,
                    locks,
                    new ApiSources.Self(
                        key.id().toString(),
                        plan.userAgent,
                        plan.clockMillis,
                        port::get,
                        () -> mining == null ? 0 : mining.hashesPerSecond(),
                        () -> p2pAddress().map(NetworkAddress::toString)),
                    new ApiSources.Desks(SettingsDesk.of(driver, plan.settings), index, journal)));
    shutdown.add("http", started::close);
    return started;
  }

  private void heard(
      SyncEvent event, @Nullable NodeKeeper keeper, AtomicReference<SyncDriver> driver) {
    journal.heard(event);
    SyncDriver running = driver.get();
    if (event instanceof SyncEvent.BlockFetched came) {
      upkeep.fetched(came.block());
    }
    if (event instanceof SyncEvent.SettingsChanged && keeper != null && running != null) {
      keeper.keepSettings(running);
    }
  }

  private static boolean closed(Runnable close) {
    close.run();
    return true;
  }

  private static boolean hasEnded(@Nullable TcpTransport tcp, Duration within)
      throws InterruptedException {
    if (tcp == null) {
      return true;
    }
    try {
      tcp.ended().get(within.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException late) {
      return false;
    }
  }

  private long nowSeconds() {
    return Math.floorDiv(clockMillis.getAsLong(), 1_000L);
  }

  /** The public key that names the node. */
  public NodeId id() {
    return key.id();
  }

  public ChainParams params() {
    return configuration.network();
  }

  /** What the node was told when it started; it says what of it may have changed since. */
  public NodeConfiguration configuration() {
    return configuration;
  }

  /** The chain, for all that this class has no shorter way to. */
  public ChainEngine engine() {
    return engine;
  }

  /** The peers, for all that this class has no shorter way to. */
  public SyncDriver sync() {
    return driver;
  }

  /** The node's locks and what was counted of them. */
  public LockRegistry locks() {
    return locks;
  }

  /** What happens to the chain and the mempool. */
  public NodeEvents events() {
    return events;
  }

  /** Where peers can connect, if the node listens by TCP. */
  public Optional<NetworkAddress> p2pAddress() {
    return tcp == null || configuration.peering().listen() == null
        ? Optional.empty()
        : Optional.of(tcp.boundAddress());
  }

  /** Where the HTTP interface is, if the node serves it. */
  public Optional<InetSocketAddress> httpAddress() {
    return Optional.ofNullable(api).map(NodeApi::address);
  }

  /** The file with the token that who writes by HTTP needs, if the node serves it. */
  public Optional<Path> apiTokenFile() {
    return Optional.ofNullable(api).map(NodeApi::tokenFile);
  }

  /** The last block of the chain. */
  public BlockRef tip() {
    HeaderNode tip = engine.view().tip();
    return new BlockRef(tip.height(), tip.hash());
  }

  /** How the node is. */
  public NodeStatus status() {
    StoreHealth health =
        store instanceof DurableChainStore durable ? durable.health() : new StoreHealth.Writable();
    long rate = miner == null ? 0 : miner.hashesPerSecond();
    int waiting = engine.mempoolStats(nowSeconds()).transactions();
    return new NodeStatus(tip(), waiting, health, rate, upkeep.progress(), driver.status());
  }

  /** What the nodes of the network say of themselves; nothing before the first round. */
  public Optional<NetworkStatistics> stats() {
    return driver.status().networkStatistics();
  }

  /** The host's own transaction: judged like any other, and passed on if it is good. */
  public MempoolOutcome submit(Transaction transaction) {
    MempoolOutcome outcome = engine.accept(transaction, 0, nowSeconds());
    if (outcome instanceof MempoolOutcome.Rejected rejected) {
      journal.refused(transaction.txid(), rejected.rejection(), "host");
    }
    return outcome;
  }

  /** The host's own block: judged like any other, and passed on if it is good. */
  public BlockOutcome submit(Block block) {
    BlockOutcome outcome = engine.accept(block, 0, nowSeconds());
    if (outcome instanceof BlockOutcome.Rejected rejected) {
      journal.refused(block.hash(), rejected.rejection(), "host");
    }
    return outcome;
  }

  /**
   * Why a block or a transaction is where it is: which rule refused it, from whom it came, what is
   * missing. What happened before the node was started is not remembered. A transaction of the
   * chain is found if the store keeps an index of them, or the node serves the HTTP interface.
   *
   * @param hash of a block, or a txid
   * @return empty if the node knows, or remembers, nothing of it
   */
  public Optional<Explanation> explain(Hash256 hash) {
    return journal.explain(hash, this::blockOf);
  }

  private Optional<BlockRef> blockOf(Hash256 txid) {
    Optional<TransactionIndex> indexed = store.transactionIndex();
    if (indexed.isPresent()) {
      return indexed.get().find(txid).map(place -> new BlockRef(place.height(), place.block()));
    }
    return index == null ? Optional.empty() : index.find(txid);
  }

  /** Stays connected with an address from now on. */
  public void connect(NetworkAddress address) {
    driver.connect(address);
  }

  /** Compares chains with all peers now. */
  public CompletableFuture<SyncEvent.TaskFinished> syncNow() {
    return driver.request(SyncTask.CHAIN);
  }

  /** Reconciles mempools now. */
  public CompletableFuture<SyncEvent.TaskFinished> syncMempool() {
    return driver.request(SyncTask.MEMPOOL);
  }

  /** Exchanges statistics now. */
  public CompletableFuture<SyncEvent.TaskFinished> syncNetworkStats() {
    return driver.request(SyncTask.STATISTICS);
  }

  /** Obeys settings documents of these signers from now on, and of nobody else. */
  public void trustConfigSigners(Collection<NodeId> signers) {
    driver.trust(TrustedSigners.of(signers));
  }

  /** Publishes settings that somebody signed for the network. */
  public CompletableFuture<SettingsAnswer> publishConfig(SettingsDocument document) {
    return driver.publish(document);
  }

  /**
   * Waits for the chain to reach a height.
   *
   * @return the tip that is at least so high; completed in a thread of the node, cancelled when the
   *     node is closed before that
   */
  public CompletableFuture<BlockRef> whenHeight(int height) {
    CompletableFuture<BlockRef> reached = new CompletableFuture<>();
    Runnable giveUp = () -> reached.cancel(false);
    shutdown.whenRun(giveUp);
    if (reached.isDone()) {
      return reached;
    }
    NodeEvents.Subscription listening =
        events.listen(
            happened -> {
              if (tip().height() >= height) {
                reached.complete(tip());
              }
            });
    if (tip().height() >= height) {
      reached.complete(tip());
    }
    var unused =
        reached.whenComplete(
            (tip, failed) -> {
              shutdown.forget(giveUp);
              listening.close();
            });
    return reached;
  }

  @Override
  public void close() {
    List<String> left = close(CLOSE_TIME);
    if (!left.isEmpty()) {
      LOG.warn("did not stop within {}: {}", CLOSE_TIME, left);
    }
  }

  /**
   * Stops the node: no block is begun, peers are left, and what it knows is kept. Calling it again
   * does nothing.
   *
   * @param within how long to wait for each part
   * @return the parts that had not stopped then; they go on stopping
   */
  public List<String> close(Duration within) {
    return shutdown.run(within);
  }
}
