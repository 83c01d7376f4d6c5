package org.chaincore.bench.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.protocol.ProtocolSetup;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.PeerLimits;
import org.chaincore.sync.sim.LinkConditions;
import org.chaincore.sync.sim.SimulatedNode;
import org.chaincore.sync.sim.Simulation;

/**
 * Whole nodes in virtual time, in one thread, whose tasks all run at their usual intervals. Not
 * thread-safe.
 */
public final class SimulatedNetwork {
  /** How many nodes behind it each node of a ring connects to; as many connect to it. */
  private static final int REACH = 4;

  private static final int MOST_PEERS = 300;

  private final Simulation simulation;
  private final List<SimulatedNode> nodes = new ArrayList<>();

  private SimulatedNetwork(PaymentBlocks payments) {
    this.simulation = Simulation.of(1, payments.nowSeconds() * 1_000, LinkConditions.GOOD);
  }

  /**
   * Nodes that have eight connections each, and in their mempools the payments of the first block.
   */
  public static SimulatedNetwork ring(PaymentBlocks payments, int count) {
    return ring(payments, count, () -> payments.waiting(SignatureVerifier.best()));
  }

  /** The same, where no mempool holds anything. */
  public static SimulatedNetwork emptyRing(PaymentBlocks payments, int count) {
    return ring(payments, count, () -> payments.begun(SignatureVerifier.best()));
  }

  private static SimulatedNetwork ring(
      PaymentBlocks payments, int count, Supplier<ChainEngine> engines) {
    SimulatedNetwork network = new SimulatedNetwork(payments);
    for (int i = 0; i < count; i++) {
      network.join(engines.get());
    }
    for (int i = 0; i < count; i++) {
      for (int distance = 1; distance <= Math.min(REACH, (count - 1) / 2); distance++) {
        SimulatedNode other = network.nodes.get((i + distance) % count);
        network.nodes.get(i).connect(other.address());
      }
    }
    return network;
  }

  /** One node, the first, that all others are connected to; no mempool holds anything. */
  public static SimulatedNetwork hub(PaymentBlocks payments, int peers) {
    SimulatedNetwork network = new SimulatedNetwork(payments);
    for (int i = 0; i <= peers; i++) {
      network.join(payments.begun(SignatureVerifier.best()));
    }
    SimulatedNode hub = network.nodes.get(0);
    network.nodes.subList(1, peers + 1).forEach(node -> node.connect(hub.address()));
    return network;
  }

  /** All nodes, in the order in which they joined. */
  public List<SimulatedNode> nodes() {
    return List.copyOf(nodes);
  }

  /** Lets time go on. */
  public void run(Duration time) {
    simulation.run(time);
  }

  /** How many things have happened so far. */
  public long events() {
    return simulation.traceLines();
  }

  private void join(ChainEngine engine) {
    int number = nodes.size();
    NetworkAddress at = NetworkAddress.parse("10." + number / 250 + "." + number % 250 + ".1:8333");
    SimulatedNode node = SimulatedNode.join(simulation, at, () -> setup(engine, number));
    nodes.add(node);
    node.start();
  }

  private ProtocolSetup setup(ChainEngine engine, int number) {
    return BenchNodes.setup(
        engine, number, OperationalSettings.DEFAULT.withPeers(new PeerLimits(2, 8, MOST_PEERS)));
  }
}
