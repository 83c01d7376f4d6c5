package org.chaincore.net.node;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.EngineSetup;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.ChainStoreProvider;
import org.chaincore.core.store.DurableChainStore;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.value.SipKey;
import org.chaincore.net.config.NodeConfiguration;
import org.chaincore.net.http.AddressIndex;
import org.chaincore.net.http.ApiSources;
import org.chaincore.net.http.SettingsDesk;
import org.chaincore.net.journal.ChainJournal;
import org.chaincore.net.tcp.NetworkThreads;
import org.chaincore.net.tcp.TcpOptions;
import org.chaincore.net.tcp.TcpTransport;
import org.chaincore.net.tls.MutualTls;
import org.chaincore.sync.driver.DriverSetup;
import org.chaincore.sync.driver.SyncDriver;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.message.NodeDescription;
import org.chaincore.sync.peer.GroupingRule;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerMemory;
import org.chaincore.sync.peer.Services;
import org.chaincore.sync.protocol.LocalNode;
import org.chaincore.sync.protocol.ProtocolSetup;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.settings.SettingsState;
import org.chaincore.sync.settings.TrustedSigners;
import org.chaincore.sync.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a node, put together in the one order in which they can be: threads, store, key,
 * chain, peers, and what the host and its clients see of them. Each part that has to be closed is
 * told to the {@link Shutdown} as soon as it runs, so that a start that fails half-way leaves
 * nothing behind.
 *
 * <p>Immutable once it is made.
 */
final class NodeAssembly {
  private static final Logger LOG = LoggerFactory.getLogger(NodeAssembly.class);

  final NodeConfiguration configuration;
  final NodeKey key;
  final ChainStore store;
  final LockRegistry locks;
  final ChainEngine engine;
  final ChainJournal journal;
  final SyncDriver driver;
  final StoreUpkeep upkeep;
  final NodeEvents<ChainEvent> events;
  final NodeEvents<SyncEvent> syncEvents;

  /** Where peers can connect, if the node listens by TCP. */
  final Optional<NetworkAddress> p2pAddress;

  final @Nullable AddressIndex index;
  final @Nullable Miner miner;
  final @Nullable NodeApi api;
  private final NodeBuilder plan;
  private final Shutdown shutdown;

  /**
   * Puts a node together, and starts it.
   *
   * @param plan nobody changes it any more
   * @throws StoreException if the store cannot be used
   * @throws UncheckedIOException if the system does not let the node listen where it is to
   * @throws NodeStartException for all else that stands in the way
   */
  NodeAssembly(NodeBuilder plan, SecureRandom random, Shutdown shutdown) {
    this.plan = plan;
    this.shutdown = shutdown;
    NodeThreads threads = NodeThreads.of(plan.executor);
    shutdown.add("threads", threads);
    shutdown.waitsFor(threads::isWithinListener);
    Supplier<NetworkThreads> network = networkThreads(threads);
    this.configuration = plan.configuration();
    this.store = openStore(plan);
    if (plan.store == null) {
      shutdown.add("store", store);
    }
    this.key = plan.key != null ? plan.key : NodeIdentity.of(plan.dataDirectory, random);
    this.locks = LockRegistry.create();
    LateSignatures signatures = new LateSignatures(SignatureVerifier::best);
    this.engine =
        ChainEngine.open(
            new EngineSetup(plan.params(), plan.limits, store, signatures, locks)
                .withWorkers(threads.signatureWorkers())
                .withSalt(SipKey.of(random.nextLong(), random.nextLong())));
    this.journal = ChainJournal.of(engine, locks, this::nowSeconds);
    shutdown.add("journal", journal);
    this.events = new NodeEvents<>(EventSource.of(engine.events()), threads.listeners());
    shutdown.add("events", events::close);
    SyncLog syncLog = new SyncLog();
    this.syncEvents = new NodeEvents<>(syncLog, threads.listeners());
    shutdown.add("sync events", syncEvents::close);
    this.index = plan.httpAt == null ? null : AddressIndex.of(store, engine, locks);
    long seed = plan.seed != null ? plan.seed : random.nextLong();
    NodeKeeper keeper =
        store instanceof DurableChainStore durable
            ? new NodeKeeper(durable, threads.workers())
            : null;
    if (keeper != null) {
      keeper.restoreMempool(engine, nowSeconds());
    }
    this.upkeep = new StoreUpkeep(plan, store, engine);
    Transport transport = plan.transport != null ? plan.transport : tcp(network);
    TcpTransport tcp = transport instanceof TcpTransport own ? own : null;
    AtomicReference<SyncDriver> started = new AtomicReference<>();
    this.driver =
        SyncDriver.start(
            new DriverSetup(
                protocol(keeper, seed),
                transport,
                locks,
                new DriverSetup.Host(
                    plan.clockMillis,
                    event -> {
                      syncLog.heard(event);
                      heard(event, keeper, started);
                    },
                    threads.lent())));
    started.set(driver);
    shutdown.add("peers", within -> driver.close(within) && hasEnded(tcp, within));
    this.p2pAddress =
        tcp == null || plan.listenAt == null ? Optional.empty() : Optional.of(tcp.boundAddress());
    if (keeper != null) {
      keeper.begin(driver);
      shutdown.add("memory", within -> keeper.keepAll(driver, engine, within));
    }
    upkeep.begin(
        threads.workers(),
        new StoreUpkeep.Peers(() -> driver.status().chain().isCaughtUp(), driver::wantBlocks));
    shutdown.add("upkeep", upkeep);
    for (NetworkAddress address : plan.connectTo) {
      driver.connect(address);
    }
    this.miner =
        plan.payout == null
            ? null
            : startMiner(threads, new Miner.Plan(plan.payout, plan.blockIntervalSeconds, seed));
    this.api = plan.httpAt == null ? null : startApi(plan.httpAt, network);
    // Peers and pages ask for these a little later, and then find them made, or in the making.
    HeadStart.begin(threads.workers(), this::named);
    signatures.load(threads.workers());
  }

  private NodeId named() {
    NodeId id = key.id();
    LOG.info("the node of {} has the id {}", configuration.network().name(), id);
    return id;
  }

  private static ChainStore openStore(NodeBuilder plan) {
    if (plan.store != null) {
      return plan.store;
    }
    return plan.dataDirectory == null
        ? InMemoryChainStore.create()
        : ChainStoreProvider.find().open(plan.dataDirectory, plan.storeOptions);
  }

  /** Those that the host lends, or the node's own, which end with it. */
  private Supplier<NetworkThreads> networkThreads(NodeThreads threads) {
    NetworkThreads lent = plan.networkThreads;
    if (lent != null) {
      return () -> lent;
    }
    if (plan.transport != null && plan.httpAt == null) {
      return () -> {
        throw new IllegalStateException("a node without sockets has no threads for them");
      };
    }
    HeadStart<NetworkThreads> own = HeadStart.begin(threads.workers(), NetworkThreads::start);
    // The start takes the threads as soon as they are made, and shares this work when it gets
    // there.
    HeadStart<NetworkThreads> prepared =
        HeadStart.begin(threads.workers(), () -> own.get().prepare());
    shutdown.add("network", within -> hasEnded(prepared, within));
    return own;
  }

  private static boolean hasEnded(HeadStart<NetworkThreads> threads, Duration within) {
    NetworkThreads made;
    try {
      made = threads.get();
    } catch (IllegalStateException noneMade) {
      return true; // There are none, which whoever needed them was told.
    }
    return made.close(within);
  }

  private TcpTransport tcp(Supplier<NetworkThreads> threads) {
    MutualTls tls = plan.pinned == null ? plan.tls : MutualTls.ofNode(key, plan.pinned::contains);
    TcpOptions options = TcpOptions.connectingOnly().withListenAt(plan.listenAt).withTls(tls);
    return TcpTransport.of(options, threads);
  }

  private ProtocolSetup protocol(@Nullable NodeKeeper keeper, long seed) {
    long filters = plan.servesFilters ? Services.BLOOM : 0;
    NodeDescription description =
        new NodeDescription(
            NodeDescription.PROTOCOL_VERSION,
            Services.NETWORK | Services.WITNESS | filters,
            plan.userAgent);
    LocalNode self = new LocalNode(key, description, plan.extensions, plan.announcedAt);
    SettingsState settings =
        SettingsState.of(
            plan.params().fingerprint(),
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
    for (NetworkAddress address : named) {
      if (address.isPublic()) {
        return GroupingRule.BY_PREFIX;
      }
    }
    return named.isEmpty() ? GroupingRule.BY_PREFIX : GroupingRule.BY_ADDRESS;
  }

  private Miner startMiner(NodeThreads threads, Miner.Plan mining) {
    Miner started = new Miner(engine, threads.workers(), mining, plan.clockMillis, driver::mines);
    shutdown.add("miner", started::stop);
    started.start();
    return started;
  }

  private NodeApi startApi(InetSocketAddress at, Supplier<NetworkThreads> threads) {
    NodeApi started =
        NodeApi.start(
            new NodeApi.Place(at, plan.apiTokenFile, plan.dataDirectory),
            threads.get(),
            this::sources);
    shutdown.add("http", started);
    return started;
  }

  private ApiSources sources(AtomicInteger apiPort) {
    return new ApiSources(
        engine,
        driver,
        locks,
        new Portrait(apiPort),
        new ApiSources.Desks(SettingsDesk.of(driver), index, journal));
  }

  /** What the HTTP interface tells of this node. */
  private final class Portrait implements ApiSources.Self {
    private final AtomicInteger apiPort;

    Portrait(AtomicInteger apiPort) {
      this.apiPort = apiPort;
    }

    @Override
    public String nodeId() {
      return key.id().toString();
    }

    @Override
    public String software() {
      return plan.userAgent;
    }

    @Override
    public long nowMillis() {
      return plan.clockMillis.getAsLong();
    }

    @Override
    public int apiPort() {
      return apiPort.get();
    }

    @Override
    public long hashesPerSecond() {
      return miner == null ? 0 : miner.hashesPerSecond();
    }

    @Override
    public Optional<String> p2pAddress() {
      return p2pAddress.map(NetworkAddress::toString);
    }
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

  /** The node's clock. */
  long nowSeconds() {
    return Math.floorDiv(plan.clockMillis.getAsLong(), 1_000L);
  }
}
