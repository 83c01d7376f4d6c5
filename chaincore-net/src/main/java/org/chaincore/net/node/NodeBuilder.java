package org.chaincore.net.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.script.Address;
import org.chaincore.core.script.InvalidAddressException;
import org.chaincore.core.script.SpendableTemplate;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.value.Bytes;
import org.chaincore.net.config.ConfigurationException;
import org.chaincore.net.config.NodeConfiguration;
import org.chaincore.net.tcp.NetworkThreads;
import org.chaincore.net.tls.MutualTls;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.protocol.Extension;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.TrustedSigners;
import org.chaincore.sync.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Says what a {@link ChainNode} is made of. Everything has a default: a node that is told nothing
 * keeps the {@code chaincore} network's chain on the heap, connects to nobody and does not mine.
 *
 * <p>Not thread-safe. It may be used again: what it has built does not change with it.
 */
public final class NodeBuilder {
  /** As many addresses as a host may name. */
  public static final int MAX_CONNECT = NodeConfiguration.Peering.MAX_CONNECT;

  private @Nullable ChainParams params;
  PolicyLimits limits = PolicyLimits.DEFAULT;
  @Nullable Path dataDirectory;
  StoreOptions storeOptions = StoreOptions.DEFAULT;
  @Nullable ChainStore store;
  @Nullable ChainStore snapshotCheckStore;
  @Nullable NodeKey key;
  @Nullable NetworkAddress listenAt;
  @Nullable NetworkAddress announcedAt;
  final List<NetworkAddress> connectTo = new ArrayList<>();
  @Nullable Transport transport;
  @Nullable MutualTls tls;
  @Nullable Set<NodeId> pinned;
  @Nullable NetworkThreads networkThreads;
  @Nullable InetSocketAddress httpAt;
  @Nullable Path apiTokenFile;
  @Nullable SpendableTemplate payout;
  long blockIntervalSeconds;
  @Nullable ScheduledExecutorService executor;
  LongSupplier clockMillis = System::currentTimeMillis;
  @Nullable Long seed;
  OperationalSettings settings = OperationalSettings.DEFAULT;
  final Set<NodeId> configSigners = new LinkedHashSet<>();
  Set<Extension> extensions = EnumSet.allOf(Extension.class);
  boolean servesFilters;
  String userAgent = NodeConfiguration.Greeting.DEFAULT.userAgent();

  NodeBuilder() {}

  /**
   * The network whose chain the node keeps; its own addresses are read by it, so it comes first.
   */
  public NodeBuilder network(ChainParams newParams) {
    params = newParams;
    return this;
  }

  /** What the node is willing to keep, beyond what the network demands. */
  public NodeBuilder limits(PolicyLimits newLimits) {
    limits = newLimits;
    return this;
  }

  /**
   * Keeps the chain, the node's name and what it knows of peers in a directory. Needs the artifact
   * {@code org.chaincore:chaincore-store}, or another provider of stores.
   */
  public NodeBuilder dataDirectory(Path directory) {
    dataDirectory = directory;
    return this;
  }

  /** How the store in the data directory works. */
  public NodeBuilder storeOptions(StoreOptions options) {
    storeOptions = options;
    return this;
  }

  /** Keeps the chain in a store of the host's own, which the node does not close. */
  public NodeBuilder store(ChainStore ownStore) {
    store = ownStore;
    return this;
  }

  /**
   * Validates the chain below a snapshot, if the store began from one, on this second store, which
   * the node does not close. A node with a data directory does so in a directory in there without
   * being told; any other one does not.
   *
   * @param second new, or as an earlier check left it; it gives snapshots
   */
  public NodeBuilder snapshotCheckStore(ChainStore second) {
    snapshotCheckStore = second;
    return this;
  }

  /**
   * Names the node by a key of the host's own. Without this it makes one at its first start, and
   * keeps it in the data directory if it has one.
   */
  public NodeBuilder key(NodeKey ownKey) {
    key = ownKey;
    return this;
  }

  /**
   * Listens for peers.
   *
   * @param address host and port; port 0 takes a free one, see {@link ChainNode#p2pAddress}
   */
  public NodeBuilder listen(String address) {
    listenAt = NetworkAddress.parse(address);
    return this;
  }

  /** Tells peers that the node can be dialled there. Without this they are told nothing. */
  public NodeBuilder announceAs(String address) {
    announcedAt = NetworkAddress.parse(address);
    return this;
  }

  /**
   * Stays connected with these, whatever the address book says.
   *
   * @param addresses host and port each
   */
  public NodeBuilder connectTo(String... addresses) {
    for (String address : addresses) {
      connectTo(NetworkAddress.parse(address));
    }
    return this;
  }

  /** Stays connected with this one, whatever the address book says. */
  public NodeBuilder connectTo(NetworkAddress address) {
    if (connectTo.size() >= MAX_CONNECT) {
      throw new IllegalArgumentException("more than " + MAX_CONNECT + " addresses to connect to");
    }
    connectTo.add(address);
    return this;
  }

  /**
   * Carries bytes by other means than TCP; the node starts and closes it. What was said of TCP, TLS
   * and where to listen is nothing to it.
   */
  public NodeBuilder transport(Transport ownTransport) {
    transport = ownTransport;
    return this;
  }

  /** Speaks TLS, and only with whom its certificates let in; instead of {@link #onlyNodes}. */
  public NodeBuilder tls(MutualTls mutual) {
    tls = mutual;
    pinned = null;
    return this;
  }

  /**
   * Speaks TLS with certificates of the nodes' own keys, and only with these nodes: anybody else is
   * cut before a byte of the protocol. Instead of {@link #tls}.
   */
  public NodeBuilder onlyNodes(Set<NodeId> nodes) {
    pinned = Set.copyOf(nodes);
    tls = null;
    return this;
  }

  /**
   * Serves the HTTP interface. Anybody who reaches the address may read; who writes needs the
   * token, see {@link ChainNode#apiTokenFile}.
   *
   * @param address IP address and port; port 0 takes a free one, see {@link ChainNode#httpAddress}
   */
  public NodeBuilder http(String address) {
    httpAt = socket(NetworkAddress.parse(address));
    return this;
  }

  private static InetSocketAddress socket(NetworkAddress at) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(at.host().toArray()), at.port());
    } catch (UnknownHostException wrong) {
      throw new IllegalArgumentException("no IP address to serve at: " + at, wrong);
    }
  }

  /**
   * Keeps the token of the HTTP interface in this file; without it, in the data directory, or in a
   * temporary file that is deleted when the node is closed.
   */
  public NodeBuilder apiTokenFile(Path file) {
    apiTokenFile = file;
    return this;
  }

  /** Uses network threads, for peers and HTTP, that several nodes share and the host closes. */
  public NodeBuilder networkThreads(NetworkThreads shared) {
    networkThreads = shared;
    return this;
  }

  /**
   * Mines, and has the rewards paid to an address of the network.
   *
   * @throws IllegalArgumentException if it is none
   */
  public NodeBuilder mineTo(String address) {
    try {
      return mineTo(Address.parse(address, params().addresses()).template());
    } catch (InvalidAddressException wrong) {
      throw new IllegalArgumentException(
          address + " is no address of " + params().name() + ": " + wrong.getMessage(), wrong);
    }
  }

  /** Mines, and has the rewards paid so. */
  public NodeBuilder mineTo(SpendableTemplate to) {
    payout = to;
    return this;
  }

  /**
   * Lets a block come at the earliest so long after its parent. For networks of fixed difficulty,
   * where blocks would else come as fast as they can be hashed.
   */
  public NodeBuilder blockInterval(long seconds) {
    if (seconds < 0) {
      throw new IllegalArgumentException("a block interval of " + seconds + " s");
    }
    blockIntervalSeconds = seconds;
    return this;
  }

  /**
   * Works in threads of the host's, which the node does not close. It uses one at a time for its
   * peers, one for mining, and one for each listener that is being told something. As it starts,
   * and for the signatures of a block, it uses others that are free, and waits for none. Whoever
   * closes the node in one of these threads needs another that is free: the peers and the listeners
   * end in theirs, and are waited for.
   */
  public NodeBuilder executor(ScheduledExecutorService hostExecutor) {
    executor = hostExecutor;
    return this;
  }

  /**
   * The node's clock.
   *
   * @param unixMillis read from any thread; it may be set while the node runs
   */
  public NodeBuilder clock(LongSupplier unixMillis) {
    clockMillis = unixMillis;
    return this;
  }

  /**
   * Where the node's chance comes from, so that tests can repeat it. A node in use wants a seed
   * that nobody can guess, which is what it takes when it is told none.
   */
  public NodeBuilder seed(long newSeed) {
    seed = newSeed;
    return this;
  }

  /** Intervals, limits and switches to begin with. */
  public NodeBuilder settings(OperationalSettings own) {
    settings = own;
    return this;
  }

  /** Obeys settings documents that are signed by this key. By default the node obeys nobody's. */
  public NodeBuilder trustConfigSigner(NodeId signer) {
    configSigners.add(signer);
    return this;
  }

  /** What the node can do beyond plain Bitcoin messages; by default all there is. */
  public NodeBuilder extensions(Set<Extension> some) {
    extensions = EnumSet.noneOf(Extension.class);
    extensions.addAll(some);
    return this;
  }

  /**
   * Serves wallets that want to hear of their own coins only (BIP37), and says so to peers
   * (BIP111). Off by default: each block that such a wallet asks for is read and searched for it.
   */
  public NodeBuilder serveFilters() {
    servesFilters = true;
    return this;
  }

  /** What the node calls itself, as {@code /name:version/}. */
  public NodeBuilder userAgent(String agent) {
    userAgent = agent;
    return this;
  }

  /**
   * Takes over all that a file says, in the place of what was said before. What comes after it,
   * such as the command line of a program, can change it again.
   *
   * @param file JSON, as {@link NodeConfiguration#read} reads it
   * @throws ConfigurationException if anything in it is wrong; nothing has changed then
   */
  public NodeBuilder configuration(Path file) {
    return configuration(NodeConfiguration.read(file));
  }

  /** Takes over a configuration, in the place of what was said before. */
  public NodeBuilder configuration(NodeConfiguration all) {
    params = all.network();
    limits = all.storage().limits();
    dataDirectory = all.storage().directory();
    storeOptions = all.storage().options();
    listenAt = all.peering().listen();
    announcedAt = all.peering().announced();
    connectTo.clear();
    connectTo.addAll(all.peering().connect());
    NodeConfiguration.Encryption encryption = all.peering().encryption();
    pinned =
        encryption instanceof NodeConfiguration.Encryption.OnlyNodes only ? only.nodes() : null;
    tls = encryption instanceof NodeConfiguration.Encryption.Certificates own ? own.tls() : null;
    extensions = all.peering().greeting().extensions();
    userAgent = all.peering().greeting().userAgent();
    servesFilters = all.peering().greeting().servesFilters();
    httpAt = all.api() == null ? null : socket(all.api().listen());
    apiTokenFile = all.api() == null ? null : all.api().tokenFile();
    payout = all.mining() == null ? null : all.mining().payout();
    blockIntervalSeconds = all.mining() == null ? 0 : all.mining().blockIntervalSeconds();
    settings = all.operation().settings();
    configSigners.clear();
    configSigners.addAll(all.operation().signers().all());
    return this;
  }

  /**
   * All that was said, but for objects of the host's (stores, transport, threads, clock, key and
   * seed).
   *
   * @throws IllegalArgumentException if part of it is not allowed, as {@link NodeConfiguration} has
   *     it
   */
  public NodeConfiguration configuration() {
    NodeConfiguration.Encryption encryption =
        pinned != null
            ? new NodeConfiguration.Encryption.OnlyNodes(pinned)
            : tls != null
                ? new NodeConfiguration.Encryption.Certificates(tls)
                : new NodeConfiguration.Encryption.Plain();
    return new NodeConfiguration(
        params(),
        new NodeConfiguration.Storage(dataDirectory, storeOptions, limits),
        new NodeConfiguration.Peering(
            listenAt,
            announcedAt,
            connectTo,
            encryption,
            new NodeConfiguration.Greeting(userAgent, extensions, servesFilters)),
        httpAt == null
            ? null
            : new NodeConfiguration.Api(
                NetworkAddress.ofIp(Bytes.of(httpAt.getAddress().getAddress()), httpAt.getPort()),
                apiTokenFile),
        payout == null ? null : new NodeConfiguration.Mining(payout, blockIntervalSeconds),
        new NodeConfiguration.Operation(settings, TrustedSigners.of(configSigners)));
  }

  /**
   * Starts the node.
   *
   * @throws NodeStartException if it cannot be started; nothing of it is left running then
   */
  public ChainNode start() {
    return ChainNode.start(copy(), new SecureRandom());
  }

  /** The network, which is the {@code chaincore} network if none was named. */
  ChainParams params() {
    ChainParams named = params;
    if (named == null) {
      named = Networks.chaincore();
      params = named;
    }
    return named;
  }

  /** What is said now: nodes look at it for as long as they run. */
  private NodeBuilder copy() {
    NodeBuilder copy = new NodeBuilder().configuration(configuration());
    copy.store = store;
    copy.snapshotCheckStore = snapshotCheckStore;
    copy.key = key;
    copy.transport = transport;
    copy.networkThreads = networkThreads;
    copy.executor = executor;
    copy.clockMillis = clockMillis;
    copy.seed = seed;
    return copy;
  }
}
