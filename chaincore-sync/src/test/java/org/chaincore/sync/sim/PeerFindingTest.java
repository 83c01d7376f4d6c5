package org.chaincore.sync.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.peer.GroupingRule;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.peer.PeerMemory;
import org.chaincore.sync.peer.SeenAddress;
import org.chaincore.sync.peer.Services;
import org.chaincore.sync.protocol.Input;
import org.chaincore.sync.protocol.ProtocolSetup;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.settings.SyncTask;
import org.junit.jupiter.api.Test;

/** Nodes that find each other, and keep away from whom they should. */
final class PeerFindingTest {
  private static final long START_SECONDS = ChainFixture.begin().now();
  private static final long ALL = Services.NETWORK | Services.WITNESS;

  private final List<SimulatedNode> nodes = new ArrayList<>();

  private static Simulation simulation(long seed) {
    return Simulation.of(seed, START_SECONDS * 1_000, LinkConditions.GOOD);
  }

  private static NetworkAddress at(int group, int host) {
    return NetworkAddress.parse("20." + group + ".0." + host + ":8333");
  }

  private static PeerMemory knowing(long seed, List<NetworkAddress> known) {
    PeerMemory memory = PeerMemory.of(seed, GroupingRule.BY_PREFIX);
    for (NetworkAddress address : known) {
      SeenAddress seen = new SeenAddress(address, ALL, START_SECONDS);
      memory.book().add(List.of(seen), address, START_SECONDS);
    }
    return memory;
  }

  private static ProtocolSetup setup(NetworkAddress self, long seed, PeerMemory memory) {
    TestNode node = TestNode.on(ChainFixture.begin(), seed).with(memory);
    return node.with(node.setup().self().at(self)).setup();
  }

  private SimulatedNode node(Simulation simulation, NetworkAddress self, NetworkAddress... known) {
    long seed = nodes.size() + 1L;
    PeerMemory memory = knowing(seed, List.of(known));
    SimulatedNode node = SimulatedNode.join(simulation, self, () -> setup(self, seed, memory));
    nodes.add(node);
    node.start();
    return node;
  }

  /** Lets time go on, with discovery every minute as the schedule wants it. */
  private void run(Simulation simulation, int minutes) {
    for (int minute = 0; minute < minutes; minute++) {
      nodes.forEach(node -> node.handle(new Input.TaskRequested(SyncTask.DISCOVERY, 0)));
      simulation.run(Duration.ofMinutes(1));
    }
  }

  private List<Integer> outbound() {
    return nodes.stream().map(node -> node.protocol().peerStats().outbound()).toList();
  }

  @Test
  void twentyNodes_thatKnowOneAddressEach_findAllThePeersThatTheyWant() {
    for (long seed = 1; seed <= 3; seed++) {
      nodes.clear();
      Simulation simulation = simulation(seed);
      for (int i = 1; i <= 20; i++) {
        node(simulation, at(i, 1), at(1, 1));
      }
      run(simulation, 10);

      assertThat(outbound()).allMatch(peers -> peers == 8);
      assertThat(nodes)
          .allMatch(
              node -> node.protocol().peerStats().status().toString().equals("well-connected"))
          .allMatch(node -> node.connections() <= 21);
    }
  }

  /** The addresses that a node is connected to, if it can not be dialled itself. */
  private static List<NetworkAddress> connectedTo(SimulatedNode node) {
    Map<PeerId, NetworkAddress> connected = new LinkedHashMap<>();
    for (SyncEvent event : node.takeEvents()) {
      if (event instanceof SyncEvent.PeerReady ready) {
        connected.put(ready.peer(), ready.address());
      } else if (event instanceof SyncEvent.PeerGone gone) {
        connected.remove(gone.peer());
      }
    }
    return List.copyOf(connected.values());
  }

  @Test
  void eclipse_byOneNetwork_getsOneOutboundConnection() {
    Simulation simulation = simulation(1);
    List<NetworkAddress> evil = new ArrayList<>();
    for (int i = 1; i <= 25; i++) {
      evil.add(at(200, i));
    }
    for (NetworkAddress address : evil) {
      node(simulation, address, evil.toArray(NetworkAddress[]::new));
    }
    for (int i = 1; i <= 5; i++) {
      node(simulation, at(i, 1), at(1 + i % 5, 1));
    }
    PeerMemory memory = knowing(77, evil);
    memory
        .book()
        .add(List.of(new SeenAddress(at(1, 1), ALL, START_SECONDS)), at(1, 1), START_SECONDS);
    NetworkAddress self = at(100, 1);
    SimulatedNode victim =
        SimulatedNode.join(
            simulation, self, () -> TestNode.on(ChainFixture.begin(), 77).with(memory).setup());
    nodes.add(victim);
    victim.start();
    run(simulation, 10);

    List<NetworkAddress> peers = connectedTo(victim);
    assertThat(peers.stream().filter(evil::contains)).hasSizeLessThanOrEqualTo(1);
    assertThat(peers).contains(at(1, 1), at(2, 1), at(3, 1), at(4, 1), at(5, 1));
  }

  @Test
  void ban_overARestart_holdsUntilItEnds() {
    Simulation simulation = simulation(1);
    NetworkAddress self = at(1, 1);
    ByteWriter disk = ByteWriter.create();
    PeerMemory.of(1, GroupingRule.BY_PREFIX).write(disk);
    List<byte[]> files = new ArrayList<>(List.of(disk.toArray()));
    SimulatedNode judge =
        SimulatedNode.join(
            simulation,
            self,
            () -> {
              ByteReader file = ByteReader.of(files.get(files.size() - 1));
              long now = simulation.nowMillis() / 1_000;
              return setup(self, 50, PeerMemory.read(file, GroupingRule.BY_PREFIX, now));
            });
    judge.start();
    SimulatedNode outlaw = node(simulation, at(2, 1));
    outlaw.connect(self);
    simulation.run(Duration.ofSeconds(5));
    assertThat(outlaw.connections()).isPositive();

    long until = judge.clockSeconds() + 3_600;
    judge.handle(new Input.BanRequested(outlaw.address(), until));
    simulation.run(Duration.ofSeconds(5));
    assertThat(outlaw.connections()).isZero();

    judge.takeEvents();
    judge.handle(new Input.PeersToKeepRequested());
    SyncEvent.PeersToKeep kept = (SyncEvent.PeersToKeep) judge.takeEvents().get(0);
    files.add(kept.memory().toArray());
    judge.crash();
    judge.start();
    for (int minute = 0; minute < 59; minute++) {
      simulation.run(Duration.ofMinutes(1));
      assertThat(outlaw.connections()).isZero();
    }
    simulation.run(Duration.ofMinutes(12));
    assertThat(outlaw.connections()).isPositive();
  }

  @Test
  void peer_ofTheHost_isFoundAgainAfterItsRestart() {
    Simulation simulation = simulation(1);
    SimulatedNode a = node(simulation, at(1, 1));
    SimulatedNode b = node(simulation, at(2, 1));
    a.connect(b.address());
    simulation.run(Duration.ofMinutes(2));
    b.crash();
    simulation.run(Duration.ofSeconds(3));
    assertThat(a.connections()).isZero();
    b.start();
    simulation.run(Duration.ofSeconds(30));
    assertThat(a.connections()).isPositive();
  }

  @Test
  void nodes_withTheSameSeed_findEachOtherInTheSameWay() {
    List<Object> hashes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      nodes.clear();
      Simulation simulation = simulation(9);
      for (int n = 1; n <= 8; n++) {
        node(simulation, at(n, 1), at(1, 1));
      }
      run(simulation, 5);
      hashes.add(simulation.traceHash());
    }
    assertThat(hashes.get(0)).isEqualTo(hashes.get(1));
  }
}
