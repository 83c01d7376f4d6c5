package org.chaincore.net.node;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.store.DurableChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreHealth;
import org.chaincore.core.store.TransactionIndex;
import org.chaincore.core.value.Hash256;
import org.chaincore.net.config.NodeConfiguration;
import org.chaincore.net.journal.Explanation;
import org.chaincore.sync.driver.SettingsAnswer;
import org.chaincore.sync.driver.SyncDriver;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.settings.SettingsDocument;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.settings.TrustedSigners;
import org.chaincore.sync.statistics.NetworkStatistics;
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

  private final NodeAssembly parts;
  private final Shutdown shutdown;

  private ChainNode(NodeAssembly parts, Shutdown shutdown) {
    this.parts = parts;
    this.shutdown = shutdown;
  }

  /** Says what a node is made of. */
  public static NodeBuilder builder() {
    return new NodeBuilder();
  }

  static ChainNode start(NodeBuilder plan, SecureRandom random) {
    Shutdown shutdown = new Shutdown();
    try {
      NodeAssembly parts = new NodeAssembly(plan, random, shutdown);
      ChainNode node = new ChainNode(parts, shutdown);
      LOG.info("a node of {} is up at height {}", node.params().name(), node.tip().height());
      return node;
    } catch (RuntimeException | Error failed) {
      List<String> left = shutdown.run(CLOSE_TIME);
      if (!left.isEmpty()) {
        LOG.warn("a node that could not be started left behind {}", left);
      }
      if (failed instanceof RuntimeException refused) {
        throw NodeStartException.reasonOf(refused);
      }
      throw failed;
    }
  }

  /** The public key that names the node. */
  public NodeId id() {
    return parts.key.id();
  }

  /** The network whose chain it keeps. */
  public ChainParams params() {
    return parts.configuration.network();
  }

  /** What the node was told when it started; it says what of it may have changed since. */
  public NodeConfiguration configuration() {
    return parts.configuration;
  }

  /** The chain, for all that this class has no shorter way to. */
  public ChainEngine engine() {
    return parts.engine;
  }

  /** The peers, for all that this class has no shorter way to. */
  public SyncDriver sync() {
    return parts.driver;
  }

  /** The node's locks and what was counted of them. */
  public LockRegistry locks() {
    return parts.locks;
  }

  /** What happens to the chain and the mempool. */
  public NodeEvents<ChainEvent> events() {
    return parts.events;
  }

  /**
   * What happens between the node and its peers: who came and went, what was refused and blamed on
   * whom, which tasks are done, which settings hold. The last thousand are kept.
   */
  public NodeEvents<SyncEvent> syncEvents() {
    return parts.syncEvents;
  }

  /** Where peers can connect, if the node listens by TCP. */
  public Optional<NetworkAddress> p2pAddress() {
    return parts.p2pAddress;
  }

  /** Where the HTTP interface is, if the node serves it. */
  public Optional<InetSocketAddress> httpAddress() {
    return Optional.ofNullable(parts.api).map(NodeApi::address);
  }

  /** The file with the token that who writes by HTTP needs, if the node serves it. */
  public Optional<Path> apiTokenFile() {
    return Optional.ofNullable(parts.api).map(NodeApi::tokenFile);
  }

  /** The last block of the chain. */
  public BlockRef tip() {
    HeaderNode tip = parts.engine.view().tip();
    return new BlockRef(tip.height(), tip.hash());
  }

  /** How the node is. What is told of its peers may be some moments old; nothing is waited for. */
  public NodeStatus status() {
    StoreHealth health =
        parts.store instanceof DurableChainStore durable
            ? durable.health()
            : new StoreHealth.Writable();
    long rate = parts.miner == null ? 0 : parts.miner.hashesPerSecond();
    int waiting = parts.engine.mempoolStats(parts.nowSeconds()).transactions();
    return new NodeStatus(
        tip(), waiting, health, rate, parts.upkeep.progress(), parts.driver.status());
  }

  /** What the nodes of the network say of themselves; nothing before the first round. */
  public Optional<NetworkStatistics> stats() {
    return parts.driver.status().networkStatistics();
  }

  /**
   * The host's own transaction: judged like any other, and passed on if it is good. That it is
   * refused is an outcome and no exception.
   *
   * @throws StoreException if the store cannot be read
   */
  public MempoolOutcome submit(Transaction transaction) {
    MempoolOutcome outcome = parts.engine.accept(transaction, 0, parts.nowSeconds());
    if (outcome instanceof MempoolOutcome.Rejected rejected) {
      parts.journal.refused(transaction, rejected.rejection(), "host");
    }
    return outcome;
  }

  /**
   * The host's own block: judged like any other, and passed on if it is good. That it is refused is
   * an outcome and no exception.
   *
   * @throws StoreException if the store cannot be read, or the block not be kept
   */
  public BlockOutcome submit(Block block) {
    BlockOutcome outcome = parts.engine.accept(block, 0, parts.nowSeconds());
    if (outcome instanceof BlockOutcome.Rejected rejected) {
      parts.journal.refused(block.hash(), rejected.rejection(), "host");
    }
    return outcome;
  }

  /**
   * Why a block or a transaction is where it is: which rule refused it, from whom it came, what is
   * missing. What happened before the node was started is not remembered. A transaction of the
   * chain is found if the store keeps an index of them, or the node serves the HTTP interface.
   *
   * @param hash of a block, or a txid; a wtxid if the transaction waits here, was among the last
   *     that came into the mempool, or was refused
   * @return empty if the node knows, or remembers, nothing of it
   */
  public Optional<Explanation> explain(Hash256 hash) {
    return parts.journal.explain(hash, this::blockOf);
  }

  private Optional<BlockRef> blockOf(Hash256 txid) {
    Optional<TransactionIndex> indexed = parts.store.transactionIndex();
    if (indexed.isPresent()) {
      return indexed.get().find(txid).map(place -> new BlockRef(place.height(), place.block()));
    }
    return parts.index == null ? Optional.empty() : parts.index.find(txid);
  }

  /**
   * Stays connected with an address from now on. If that cannot be, {@link #syncEvents} says so, by
   * {@link SyncEvent.ConnectionRefused}.
   *
   * @throws IllegalStateException if too much waits to be done by the node already
   */
  public void connect(NetworkAddress address) {
    parts.driver.connect(address);
  }

  /**
   * Compares chains with all peers now.
   *
   * @return what came of it; completed in the thread of the node's peers, where nothing may block,
   *     and cancelled when the node is closed before that
   * @throws IllegalStateException if too much waits to be done by the node already
   */
  public CompletableFuture<SyncEvent.TaskFinished> syncNow() {
    return parts.driver.request(SyncTask.CHAIN);
  }

  /**
   * Reconciles mempools now.
   *
   * @return what came of it; completed in the thread of the node's peers, where nothing may block,
   *     and cancelled when the node is closed before that
   * @throws IllegalStateException if too much waits to be done by the node already
   */
  public CompletableFuture<SyncEvent.TaskFinished> syncMempool() {
    return parts.driver.request(SyncTask.MEMPOOL);
  }

  /**
   * Exchanges statistics now.
   *
   * @return what came of it; completed in the thread of the node's peers, where nothing may block,
   *     and cancelled when the node is closed before that
   * @throws IllegalStateException if too much waits to be done by the node already
   */
  public CompletableFuture<SyncEvent.TaskFinished> syncNetworkStats() {
    return parts.driver.request(SyncTask.STATISTICS);
  }

  /** Obeys settings documents of these signers from now on, and of nobody else. */
  public void trustConfigSigners(Collection<NodeId> signers) {
    parts.driver.trust(TrustedSigners.of(signers));
  }

  /**
   * Publishes settings that somebody signed for the network.
   *
   * @return whether the node obeys them; completed as that of {@link #syncNow}
   * @throws IllegalStateException if too much waits to be done by the node already
   */
  public CompletableFuture<SettingsAnswer> publishConfig(SettingsDocument document) {
    return parts.driver.publish(document);
  }

  /**
   * Waits for the chain to reach a height.
   *
   * @return the tip that is at least so high; completed in a thread of the node, cancelled when the
   *     node is closed before that
   * @throws IllegalStateException if there are too many listeners
   */
  public CompletableFuture<BlockRef> whenHeight(int height) {
    CompletableFuture<BlockRef> reached = new CompletableFuture<>();
    Runnable giveUp = () -> reached.cancel(false);
    shutdown.whenRun(giveUp);
    if (reached.isDone()) {
      return reached;
    }
    NodeEvents.Subscription listening;
    try {
      listening =
          parts.events.listen(
              happened -> {
                if (tip().height() >= height) {
                  reached.complete(tip());
                }
              });
    } catch (IllegalStateException refused) {
      shutdown.forget(giveUp);
      if (reached.isCancelled()) {
        return reached; // It was closed meanwhile.
      }
      throw refused;
    }
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
   * Stops the node: no block is begun, peers are left, what it knows is kept, and listeners are
   * told the rest and the end. Calling it again waits for what had not stopped. The chain can still
   * be looked at.
   *
   * @param within how long to wait for each part
   * @return the parts that had not stopped then, named for people; they go on stopping
   */
  public List<String> close(Duration within) {
    return shutdown.run(within);
  }
}
