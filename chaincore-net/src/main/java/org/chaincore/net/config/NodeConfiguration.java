package org.chaincore.net.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.script.SpendableTemplate;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.net.tls.MutualTls;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.message.NodeDescription;
import org.chaincore.sync.peer.AddressNetwork;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.protocol.Extension;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.TrustedSigners;
import org.jspecify.annotations.Nullable;

/**
 * All that a node is told before it starts, apart from objects of the host's: its own store,
 * transport, threads and clock, which no file can hold, and the seed, which belongs into no file.
 * It comes from one JSON file ({@link #read}), from the node's builder, or from {@link #of} and the
 * {@code with} methods, and is judged before anything of it is used.
 *
 * <p><b>What may change while a node runs.</b>
 *
 * <ul>
 *   <li>Never: {@link #network}. It is what the nodes agree on, for the life of the network.
 *   <li>At any time: {@link Operation#settings}, by {@code ChainNode.publishConfig}, by a document
 *       that a trusted signer sent through the network, by {@code POST /config/refresh}, or by the
 *       node's driver; {@link Operation#signers} by {@code ChainNode.trustConfigSigners}; {@link
 *       Peering#connect} grows by {@code ChainNode.connect}; the limits of the mempool by {@code
 *       ChainEngine.apply}; when the store waits for the disk by {@code DurableChainStore}. What is
 *       logged is for the host's logging library, which may change it at any time too.
 *   <li>At the next start, which may be in the same process: everything else.
 * </ul>
 *
 * <p>A change of settings is taken whole or not at all, as the configuration is. Immutable and
 * thread-safe.
 *
 * @param network the network's consensus and identity
 * @param storage where and how the chain is kept
 * @param peering the node among its peers
 * @param api its HTTP interface; null for none
 * @param mining what it mines; null if it does not
 * @param operation what may be set while it runs
 */
public record NodeConfiguration(
    ChainParams network,
    Storage storage,
    Peering peering,
    @Nullable Api api,
    @Nullable Mining mining,
    Operation operation) {

  /**
   * Where and how the chain is kept. Immutable.
   *
   * @param directory the node's own; null keeps everything on the heap
   * @param options how the store in the directory works
   * @param limits what the node is willing to keep
   */
  public record Storage(@Nullable Path directory, StoreOptions options, PolicyLimits limits) {
    public static final Storage ON_THE_HEAP =
        new Storage(null, StoreOptions.DEFAULT, PolicyLimits.DEFAULT);
  }

  /**
   * The node among its peers. Immutable.
   *
   * @param listen where it listens, port 0 takes a free one; null if nobody can connect
   * @param announced where peers are told that it can be dialled; null if they are told nothing
   * @param connect with whom it stays connected, at most {@link #MAX_CONNECT}
   * @param encryption who is let in, and how
   * @param greeting what it says of itself
   */
  public record Peering(
      @Nullable NetworkAddress listen,
      @Nullable NetworkAddress announced,
      List<NetworkAddress> connect,
      Encryption encryption,
      Greeting greeting) {
    /** As many addresses as a host may name: each is dialled again and again. */
    public static final int MAX_CONNECT = 125;

    /** Listens nowhere and connects with nobody. */
    public static final Peering ALONE =
        new Peering(null, null, List.of(), new Encryption.Plain(), Greeting.DEFAULT);

    public Peering {
      if (connect.size() > MAX_CONNECT) {
        throw new IllegalArgumentException(
            "more than " + MAX_CONNECT + " addresses to connect to: " + connect.size());
      }
      connect = List.copyOf(connect);
      requireIp("peers.listen", listen);
    }
  }

  /**
   * What a node says of itself to its peers. Immutable.
   *
   * @param userAgent its software, as {@code /name:version/}; printable ASCII
   * @param extensions what it can do beyond plain Bitcoin messages
   * @param servesFilters whether it serves wallets that want to hear of their own coins only
   *     (BIP37), and says so to peers (BIP111)
   */
  public record Greeting(String userAgent, Set<Extension> extensions, boolean servesFilters) {
    public static final Greeting DEFAULT =
        new Greeting("/ChainCore:0.1.0/", EnumSet.allOf(Extension.class), false);

    public Greeting {
      // Judged where it is used, and so here: whoever starts a node has read this record.
      var unused = new NodeDescription(NodeDescription.PROTOCOL_VERSION, 0, userAgent);
      Set<Extension> inOrder = EnumSet.noneOf(Extension.class);
      inOrder.addAll(extensions);
      extensions = Collections.unmodifiableSet(inOrder);
    }
  }

  /** Who is let in, and how. Immutable. */
  public sealed interface Encryption {
    /** TCP as it is: anybody may connect, and whoever is on the way may read and change it. */
    record Plain() implements Encryption {}

    /**
     * TLS with certificates of the nodes' own keys.
     *
     * @param nodes who is let in, and nobody else
     */
    record OnlyNodes(Set<NodeId> nodes) implements Encryption {
      /** A list is looked through at every handshake; a larger network has an authority. */
      public static final int MAX_NODES = 10_000;

      public OnlyNodes {
        if (nodes.size() > MAX_NODES) {
          throw new IllegalArgumentException(
              "more than " + MAX_NODES + " nodes to let in: " + nodes.size());
        }
        nodes = Collections.unmodifiableSet(new TreeSet<>(nodes));
      }
    }

    /**
     * TLS with certificates of an authority, or however the host judges.
     *
     * @param tls lets in whom its certificates let in
     */
    record Certificates(MutualTls tls) implements Encryption {}
  }

  /**
   * The HTTP interface. Immutable.
   *
   * @param listen an IP address and a port, where 0 takes a free one
   * @param tokenFile where the token is kept that who writes needs; null: in the data directory, or
   *     else in a temporary file
   */
  public record Api(NetworkAddress listen, @Nullable Path tokenFile) {
    public Api {
      requireIp("http.listen", listen);
    }
  }

  /**
   * What the node mines. Immutable.
   *
   * @param payout what the rewards are paid to
   * @param blockIntervalSeconds a block comes at the earliest so long after its parent, 0 to {@link
   *     #MAX_INTERVAL_SECONDS}; for networks of fixed difficulty
   */
  public record Mining(SpendableTemplate payout, long blockIntervalSeconds) {
    public static final long MAX_INTERVAL_SECONDS = 86_400;

    public Mining {
      if (blockIntervalSeconds < 0 || blockIntervalSeconds > MAX_INTERVAL_SECONDS) {
        throw new IllegalArgumentException(
            "a block interval outside 0.."
                + MAX_INTERVAL_SECONDS
                + " seconds: "
                + blockIntervalSeconds);
      }
    }
  }

  /**
   * What may be set while a node runs. Immutable.
   *
   * @param settings intervals, limits and switches to begin with
   * @param signers whose documents of settings the node obeys
   */
  public record Operation(OperationalSettings settings, TrustedSigners signers) {
    public static final Operation DEFAULT =
        new Operation(OperationalSettings.DEFAULT, TrustedSigners.NONE);
  }

  /** A node of a network that is told nothing else: on the heap, alone, without an interface. */
  public static NodeConfiguration of(ChainParams network) {
    return new NodeConfiguration(
        network, Storage.ON_THE_HEAP, Peering.ALONE, null, null, Operation.DEFAULT);
  }

  /**
   * Reads a file. What each field means, and what it is where it is left out, stands in {@code
   * docs/own-network.md}. Relative paths in it begin at its directory.
   *
   * @param file a JSON object of at most {@value ConfigurationFile#MAX_BYTES} bytes
   * @throws ConfigurationException if it cannot be read, says something twice or something unknown,
   *     or a value is not allowed
   */
  public static NodeConfiguration read(Path file) {
    return ConfigurationFile.read(file);
  }

  public NodeConfiguration withStorage(Storage other) {
    return new NodeConfiguration(network, other, peering, api, mining, operation);
  }

  public NodeConfiguration withPeering(Peering other) {
    return new NodeConfiguration(network, storage, other, api, mining, operation);
  }

  public NodeConfiguration withApi(@Nullable Api other) {
    return new NodeConfiguration(network, storage, peering, other, mining, operation);
  }

  public NodeConfiguration withMining(@Nullable Mining other) {
    return new NodeConfiguration(network, storage, peering, api, other, operation);
  }

  public NodeConfiguration withOperation(Operation other) {
    return new NodeConfiguration(network, storage, peering, api, mining, other);
  }

  static void requireIp(String field, @Nullable NetworkAddress listen) {
    boolean isIp =
        listen == null
            || listen.host().length() == AddressNetwork.IPV4.hostBytes()
            || listen.network() == AddressNetwork.IPV6
            || listen.network() == AddressNetwork.CJDNS;
    if (!isIp) {
      throw new IllegalArgumentException(field + " is no IP address to listen at: " + listen);
    }
  }
}
