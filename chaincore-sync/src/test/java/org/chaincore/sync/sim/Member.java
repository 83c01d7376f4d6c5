package org.chaincore.sync.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.mining.BlockTemplate;
import org.chaincore.core.mining.TemplateResult;
import org.chaincore.core.script.PayToTaproot;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.protocol.Extension;
import org.chaincore.sync.protocol.ProtocolSetup;
import org.jspecify.annotations.Nullable;

/**
 * An honest node of a simulated network, with a store that outlives its crashes and a host that
 * mines, pays, and remembers what the node promised.
 */
final class Member {
  private static final PayToTaproot PAYOUT = new PayToTaproot(Bytes.of(new byte[32]));

  /**
   * How a member is set up.
   *
   * @param number its address and its seed
   * @param extensions what it can do beyond plain messages
   * @param maxReorgDepth what it decides by itself
   */
  record Setup(int number, Set<Extension> extensions, int maxReorgDepth) {
    static Setup of(int number) {
      return new Setup(
          number, Set.of(Extension.values()), PolicyLimits.DEFAULT.maxReorgDepthBlocks());
    }

    Setup with(Set<Extension> some) {
      return new Setup(number, some, maxReorgDepth);
    }

    Setup withMaxReorgDepth(int blocks) {
      return new Setup(number, extensions, blocks);
    }
  }

  private final Setup setup;
  private final InMemoryChainStore store = InMemoryChainStore.create();
  private final SimulatedNode node;
  private final Set<NetworkAddress> neighbours = new LinkedHashSet<>();

  /** Accepted here, and to be accounted for; forgotten when the node crashes, as its mempool is. */
  private final Set<Hash256> acknowledged = new LinkedHashSet<>();

  /** What the node said of transactions that left its mempool last. */
  private final Map<Hash256, ChainEvent.RemovalReason> removed = new LinkedHashMap<>();

  private final List<ChainEvent.ReorgRefused> refusals = new ArrayList<>();
  private long cursor;
  private long lives;
  private long deepestReorg;

  private Member(Simulation simulation, Setup setup) {
    this.setup = setup;
    this.node =
        SimulatedNode.join(
            simulation, Conversation.addressOf(setup.number), () -> open(simulation));
  }

  static Member join(Simulation simulation, Setup setup) {
    return new Member(simulation, setup);
  }

  private ProtocolSetup open(Simulation simulation) {
    lives++;
    ChainFixture chain = ChainFixture.on(store, setup.maxReorgDepth);
    ProtocolSetup made = TestNode.on(chain, setup.number).withExtensions(setup.extensions).setup();
    long seed = simulation.newRandom().nextLong() + lives;
    return new ProtocolSetup(made.engine(), made.self(), made.settings(), seed);
  }

  SimulatedNode node() {
    return node;
  }

  NetworkAddress address() {
    return node.address();
  }

  ChainEngine engine() {
    return node.engine();
  }

  boolean isRunning() {
    return node.isReachable();
  }

  int height() {
    return engine().view().height();
  }

  Hash256 tip() {
    return engine().view().tip().hash();
  }

  /** From now on the node wants a connection with these. */
  void wants(NetworkAddress... others) {
    neighbours.addAll(List.of(others));
  }

  /** Dials those neighbours with whom there is no connection. */
  void redial() {
    if (isRunning()) {
      for (NetworkAddress neighbour : neighbours) {
        if (!node.isConnectedTo(neighbour)) {
          node.connect(neighbour);
        }
      }
    }
  }

  void start() {
    node.start();
    cursor = 0;
  }

  /** The node dies, and with it its mempool: nothing that was only there is promised any more. */
  void crash() {
    if (isRunning()) {
      followEvents();
      acknowledged.clear();
      removed.clear();
      node.crash();
    }
  }

  /** Gives blocks to the node from its own disk, so to say. */
  void load(List<Block> blocks) {
    node.act(engine -> blocks.forEach(block -> engine.accept(block, 0, node.clockSeconds())));
  }

  /** Mines the next block; null if the node finds it too early for one. */
  @Nullable Block mine(long extraNonce) {
    Bytes extra = Bytes.of(("m" + setup.number + " " + extraNonce).getBytes(US_ASCII));
    TemplateResult result = engine().template(PAYOUT, extra, node.clockSeconds());
    if (!(result instanceof TemplateResult.Ready ready)) {
      return null;
    }
    BlockTemplate template = ready.template();
    BlockHeader mined = TestHeaders.mined(template.header());
    Block block = template.block(mined.nonce());
    node.act(engine -> engine.accept(block, 0, node.clockSeconds()));
    return block;
  }

  /** Hands a transaction to the node; whether it was accepted. */
  boolean submit(Transaction transaction) {
    boolean[] isAccepted = new boolean[1];
    node.act(
        engine ->
            isAccepted[0] =
                engine.accept(transaction, 0, node.clockSeconds())
                    instanceof MempoolOutcome.Accepted);
    if (isAccepted[0]) {
      acknowledged.add(transaction.txid());
    }
    return isAccepted[0];
  }

  /** Reads what the node told since this was called last. */
  void followEvents() {
    EventReader events = engine().events();
    if (!(events.read(cursor, Integer.MAX_VALUE) instanceof EventReader.Page.Events page)) {
      throw new AssertionError(address() + " told more than can be read in time");
    }
    cursor = page.cursor();
    for (ChainEvent event : page.events()) {
      follow(event);
    }
    node.takeEvents();
  }

  private void follow(ChainEvent event) {
    if (event instanceof ChainEvent.TransactionAccepted accepted) {
      removed.remove(accepted.transaction().txid());
    } else if (event instanceof ChainEvent.TransactionRemoved gone) {
      removed.put(gone.txid(), gone.reason());
    } else if (event instanceof ChainEvent.TipChanged change) {
      deepestReorg = Math.max(deepestReorg, change.disconnected().size());
    } else if (event instanceof ChainEvent.ReorgRefused refused) {
      refusals.add(refused);
    }
  }

  Set<Hash256> acknowledged() {
    return acknowledged;
  }

  /** Why a transaction left the mempool without being mined; null if it did not. */
  ChainEvent.@Nullable RemovalReason lostFor(Hash256 txid) {
    ChainEvent.RemovalReason reason = removed.get(txid);
    return reason == ChainEvent.RemovalReason.MINED ? null : reason;
  }

  List<ChainEvent.ReorgRefused> refusals() {
    return refusals;
  }

  long deepestReorg() {
    return deepestReorg;
  }

  @Override
  public String toString() {
    return "node " + setup.number;
  }
}
