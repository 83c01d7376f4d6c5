package org.chaincore.bench.sync;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.chaincore.bench.workload.BenchNodes;
import org.chaincore.bench.workload.PaymentBlocks;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.sync.codec.FrameEncoder;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.protocol.Input;
import org.chaincore.sync.protocol.ProtocolSetup;
import org.chaincore.sync.protocol.SyncProtocol;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.PeerLimits;
import org.chaincore.sync.sim.LinkConditions;
import org.chaincore.sync.sim.SimulatedNode;
import org.chaincore.sync.sim.Simulation;

/**
 * What a node costs while nothing happens: networks in virtual time, in one thread, whose nodes all
 * have the same chain and the same 200 payments in the mempool. All tasks of the schedule run, at
 * their usual intervals.
 *
 * <ul>
 *   <li>{@code processor}: CPU time of a node of twenty, each with eight peers or more, in parts of
 *       one core, with the encoding of all that it sends
 *   <li>{@code traffic}: what such a node sends in an hour
 *   <li>{@code heap}: what the protocol of such a node keeps on the heap, engine and transport
 *       apart
 *   <li>{@code heap_per_peer}: what a node with 125 idle peers gives back when they leave, for each
 * </ul>
 *
 * <p>What is kept on the heap is told by what is in use after a collection, which only the serial
 * collector tells to the byte.
 *
 * <p>{@code java -XX:+UseSerialGC -cp chaincore-bench/target/benchmarks.jar
 * org.chaincore.bench.sync.AtRest}
 */
public final class AtRest {
  private static final int NODES = 20;
  private static final int PEERS = 125;
  private static final int PAYMENTS = 200;
  private static final Duration WARM_UP = Duration.ofMinutes(60);
  private static final Duration MEASURED = Duration.ofHours(4);

  private final PaymentBlocks payments = PaymentBlocks.of(1, PAYMENTS);
  private final AtomicLong sentBytes = new AtomicLong();

  private AtRest() {}

  /** Measures. */
  public static void main(String[] args) {
    boolean isSerial =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .anyMatch(collector -> collector.getName().equals("MarkSweepCompact"));
    if (!isSerial) {
      System.err.println("to be run with -XX:+UseSerialGC");
      System.exit(2);
    }
    AtRest bench = new AtRest();
    bench.network();
    bench.hub();
  }

  private void network() {
    Simulation simulation = simulation();
    List<SimulatedNode> nodes = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      nodes.add(join(simulation, i));
    }
    nodes.forEach(node -> nodes.forEach(other -> connectOnce(node, other, nodes)));
    simulation.run(WARM_UP);
    sentBytes.set(0);
    long begun = cpuNanos();
    simulation.run(MEASURED);
    double seconds = (cpuNanos() - begun) / 1e9;
    double part = seconds / MEASURED.toSeconds() / NODES;
    double hours = MEASURED.toSeconds() / 3_600.0;
    int peers = nodes.stream().mapToInt(SimulatedNode::connections).sum() / NODES;
    print("processor", part, 0.005, "of one core, a node with " + peers + " peers");
    print("traffic", sentBytes.get() / hours / NODES, 5e6, "bytes sent an hour, a node");
    print("heap", heapOfProtocol(nodes.get(0)), 5e6, "bytes, a node with " + peers + " peers");
  }

  /** Every node is connected to the four behind it, and so has eight peers. */
  private static void connectOnce(
      SimulatedNode node, SimulatedNode other, List<SimulatedNode> all) {
    int distance = Math.floorMod(all.indexOf(other) - all.indexOf(node), NODES);
    if (distance >= 1 && distance <= 4) {
      node.connect(other.address());
    }
  }

  private static double heapOfProtocol(SimulatedNode node) {
    ChainEngine engine = node.engine();
    long with = heapBytes();
    node.crash();
    long without = heapBytes();
    if (engine.view().height() == 0) {
      throw new IllegalStateException("the engine is to outlive the protocol");
    }
    return with - without;
  }

  private void hub() {
    Simulation simulation = simulation();
    SimulatedNode hub = join(simulation, 0);
    for (int i = 1; i <= PEERS; i++) {
      join(simulation, i).connect(hub.address());
    }
    simulation.run(WARM_UP);
    SyncProtocol protocol = hub.protocol();
    int peers = hub.connections();
    long nowMillis = hub.clockMillis();
    long with = heapBytes();
    for (long id = 1; id <= 2L * PEERS; id++) {
      protocol.handle(new Input.Disconnected(new PeerId(id)), nowMillis);
    }
    print("heap_per_peer", (double) (with - heapBytes()) / peers, 64 * 1024, peers + " idle peers");
    if (simulation.participants().size() != PEERS + 1) {
      throw new IllegalStateException("the network is to outlive the measurement");
    }
  }

  private Simulation simulation() {
    return Simulation.of(1, payments.nowSeconds() * 1_000, LinkConditions.GOOD);
  }

  private SimulatedNode join(Simulation simulation, int number) {
    FrameEncoder encoder = FrameEncoder.of(payments.params().identity().magic());
    NetworkAddress at = NetworkAddress.parse("10." + number + "." + number + ".1:8333");
    SimulatedNode node = SimulatedNode.join(simulation, at, () -> setup(number));
    node.tamper(
        message -> {
          sentBytes.addAndGet(encoder.encode(message).length);
          return message;
        });
    node.start();
    return node;
  }

  private ProtocolSetup setup(int number) {
    return BenchNodes.setup(
        payments.waiting(SignatureVerifier.best()),
        number,
        OperationalSettings.DEFAULT.withPeers(new PeerLimits(2, 8, PEERS + 8)));
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** What is reachable, once the collector has been everywhere. */
  private static long heapBytes() {
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void print(String metric, double value, double goal, String unit) {
    System.out.printf(
        Locale.ROOT,
        "{\"metric\":\"at_rest_%s\",\"chaincore\":%.5g,\"at_most\":%.5g,\"unit\":\"%s\"}%n",
        metric,
        value,
        goal,
        unit);
  }
}
