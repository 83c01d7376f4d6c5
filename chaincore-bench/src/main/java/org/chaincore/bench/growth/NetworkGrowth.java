package org.chaincore.bench.growth;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.chaincore.bench.growth.Growth.Series;
import org.chaincore.bench.workload.PaymentBlocks;
import org.chaincore.bench.workload.RelayNode;
import org.chaincore.bench.workload.SimulatedNetwork;
import org.chaincore.core.block.Transaction;
import org.chaincore.sync.sim.SimulatedNode;
import org.chaincore.sync.sketch.Sketch;

/** What grows with peers, with nodes, and with what mempools differ by. */
final class NetworkGrowth {
  private static final int RELAYED = 50;
  private static final int NODE_PAYMENTS = 50;
  private static final int CAPACITY = 128;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final PaymentBlocks payments = PaymentBlocks.of(1, NODE_PAYMENTS);
  private final Map<Integer, SimulatedNetwork> rings = new HashMap<>();
  private final Map<Integer, SimulatedNetwork> hubs = new HashMap<>();

  void addTo(Map<String, Series> all) {
    all.put("reconciliation_encode", Series.of(500, 6, "an id of so many", this::encode));
    all.put(
        "reconciliation_decode", Series.of(12, 6, "a difference of so many found", this::decode));
    all.put("relay_peers", Series.of(4, 6, "a peer of so many, a payment relayed", this::relay));
    all.put("peers_at_rest", Series.once(8, 5, "a peer of so many, a minute", this::hub));
    all.put("nodes_at_rest", Series.once(16, 5, "a node of so many, a minute", this::ring));
    all.put(
        "nodes_payment",
        Series.once(16, 5, "a node of so many that a payment reaches", this::flood));
  }

  private long encode(int count) {
    int[] ids = new SplittableRandom(1).ints(count, 1, Integer.MAX_VALUE).toArray();
    long begun = Growth.cpuNanos();
    Sketch sketch = Sketch.ofCapacity(CAPACITY);
    sketch.toggleAll(ids);
    return Growth.cpuNanos() - begun;
  }

  private long decode(int differences) {
    Sketch sketch = Sketch.ofCapacity(differences);
    for (int id : new SplittableRandom(1).ints(differences, 1, Integer.MAX_VALUE).toArray()) {
      sketch.toggle(id);
    }
    long begun = Growth.cpuNanos();
    if (sketch.decode(differences, 1).isEmpty()) {
      throw new IllegalStateException("no differences were found");
    }
    return Growth.cpuNanos() - begun;
  }

  private long relay(int peers) {
    RelayNode node = RelayNode.of(payments, peers);
    long begun = Growth.cpuNanos();
    for (int i = 0; i < RELAYED; i++) {
      RelayNode.Taken unused = node.relayPayment(i);
    }
    return (Growth.cpuNanos() - begun) / RELAYED;
  }

  private long hub(int peers) {
    return minutes(hubs.computeIfAbsent(peers, n -> begun(SimulatedNetwork.hub(payments, n))), 10);
  }

  private long ring(int nodes) {
    return minutes(ringOf(nodes), 10);
  }

  private SimulatedNetwork ringOf(int nodes) {
    return rings.computeIfAbsent(nodes, n -> begun(SimulatedNetwork.ring(payments, n)));
  }

  private static SimulatedNetwork begun(SimulatedNetwork network) {
    network.run(Duration.ofMinutes(5));
    return network;
  }

  private static long minutes(SimulatedNetwork network, int minutes) {
    long begun = Growth.cpuNanos();
    network.run(MINUTE.multipliedBy(minutes));
    return (Growth.cpuNanos() - begun) / minutes;
  }

  /** All payments enter at one node and reach every other. */
  private long flood(int count) {
    SimulatedNetwork network = begun(SimulatedNetwork.emptyRing(payments, count));
    SimulatedNode first = network.nodes().get(0);
    long now = payments.nowSeconds();
    long begun = Growth.cpuNanos();
    for (Transaction payment : payments.firstPayments()) {
      first.act(engine -> engine.accept(payment, 0, now));
      network.run(MINUTE.dividedBy(NODE_PAYMENTS));
    }
    network.run(MINUTE);
    long nanos = Growth.cpuNanos() - begun;
    for (SimulatedNode node : network.nodes()) {
      if (node.engine().mempool().size() != payments.firstPayments().size()) {
        throw new IllegalStateException("a payment did not reach " + node.address());
      }
    }
    return nanos / NODE_PAYMENTS;
  }
}
