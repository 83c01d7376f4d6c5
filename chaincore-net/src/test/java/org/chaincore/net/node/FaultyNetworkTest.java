package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.chaincore.core.config.Networks;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.net.fixture.Faults;
import org.chaincore.net.fixture.FaultyProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that hear of each other over bad connections only. */
@Timeout(600)
final class FaultyNetworkTest {
  private static final KeyPair MINER = KeyPair.ofSeed(new byte[32]);
  private static final long SEED = Long.getLong("chaincore.seed", 1);
  private static final int NODES = 5;
  private static final int BLOCKS = 300;
  private static final int MORE_BLOCKS = 3;

  /** A machine that others use too may take ten times as long as one of its own. */
  private static final long SECONDS = 180;

  private final List<ChainNode> nodes = new ArrayList<>();
  private final List<FaultyProxy> proxies = new ArrayList<>();

  @AfterEach
  void closeAll() {
    nodes.forEach(ChainNode::close);
    proxies.forEach(FaultyProxy::close);
  }

  /** A chain that is there before anybody connects. */
  private static InMemoryChainStore mined() throws Exception {
    InMemoryChainStore store = InMemoryChainStore.create();
    try (ChainNode miner =
        ChainNode.builder()
            .network(Networks.regtest())
            .store(store)
            .mineTo(MINER.payToWitnessPubkeyHash())
            .start()) {
      miner.whenHeight(BLOCKS).get(SECONDS, TimeUnit.SECONDS);
    }
    return store;
  }

  /** Nodes in a ring with a chord each, of which the first has the chain, and two mine. */
  private void startAll(long seed) throws Exception {
    for (int i = 0; i < NODES; i++) {
      proxies.add(FaultyProxy.start(Faults.BAD, seed + i));
    }
    for (int i = 0; i < NODES; i++) {
      NodeBuilder builder =
          ChainNode.builder()
              .network(Networks.regtest())
              .listen("127.0.0.1:0")
              .connectTo(proxies.get((i + 1) % NODES).address())
              .connectTo(proxies.get((i + 2) % NODES).address());
      if (i == 0) {
        builder.store(mined());
      }
      if (i <= 1) {
        builder.mineTo(MINER.payToWitnessPubkeyHash()).blockInterval(2 + i);
      }
      ChainNode node = builder.start();
      nodes.add(node);
      proxies.get(i).passTo(node.p2pAddress().orElseThrow().port());
    }
  }

  private boolean areAt(int height) {
    return nodes.stream().allMatch(node -> node.tip().height() >= height);
  }

  private boolean haveOneTip() {
    return nodes.stream().map(node -> node.tip().hash()).distinct().count() == 1;
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    Object nobody = new Object();
    synchronized (nobody) {
      while (!condition.getAsBoolean()) {
        assertThat(System.nanoTime()).as(what).isLessThan(deadline);
        nobody.wait(50);
      }
    }
  }

  @Test
  void nodes_overBadConnections_comeToOneTip() throws Exception {
    startAll(SEED);
    await("all have the chain", () -> areAt(BLOCKS));
    await("it grows", () -> areAt(BLOCKS + MORE_BLOCKS));
    proxies.forEach(FaultyProxy::heal);
    await("one tip", this::haveOneTip);

    int faults = 0;
    for (FaultyProxy proxy : proxies) {
      FaultyProxy.Figures figures = proxy.figures();
      faults += figures.cut() + figures.dropped() + figures.doubled() + figures.split();
    }
    assertThat(faults).as("faults of seed " + SEED).isGreaterThan(NODES);
  }
}
