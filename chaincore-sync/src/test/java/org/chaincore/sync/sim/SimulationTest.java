package org.chaincore.sync.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.protocol.SyncEvent;
import org.junit.jupiter.api.Test;

final class SimulationTest {
  private static SimulatedNode node(Simulation simulation, int number) {
    ChainFixture chain = ChainFixture.begin();
    SimulatedNode node =
        SimulatedNode.join(
            simulation, Conversation.addressOf(number), () -> TestNode.on(chain, number).setup());
    node.start();
    return node;
  }

  private static Simulation simulation(long seed, LinkConditions conditions) {
    return Simulation.of(seed, ChainFixture.begin().now() * 1_000, conditions);
  }

  private static long ready(SimulatedNode node) {
    return node.takeEvents().stream().filter(SyncEvent.PeerReady.class::isInstance).count();
  }

  @Test
  void connect_twoNodes_greetEachOther() {
    Simulation simulation = simulation(1, LinkConditions.GOOD);
    SimulatedNode a = node(simulation, 1);
    SimulatedNode b = node(simulation, 2);

    simulation.connect(a, b.address());
    simulation.run(Duration.ofSeconds(2));

    assertThat(List.of(ready(a), ready(b))).containsExactly(1L, 1L);
  }

  @Test
  void connect_whereNobodyIs_failsAndLeavesNothing() {
    Simulation simulation = simulation(1, LinkConditions.GOOD);
    SimulatedNode a = node(simulation, 1);

    simulation.connect(a, Conversation.addressOf(9));
    simulation.run(Duration.ofSeconds(2));

    assertThat(a.connections()).isZero();
  }

  @Test
  void cut_oneWay_endsConnectionsByTimeoutsOnly() {
    Simulation simulation = simulation(1, LinkConditions.GOOD);
    SimulatedNode a = node(simulation, 1);
    SimulatedNode b = node(simulation, 2);
    simulation.cut((from, to) -> from.equals(a.address()));

    simulation.connect(a, b.address());
    simulation.run(Duration.ofSeconds(2));

    assertThat(ready(a) + ready(b)).isZero();
    simulation.heal();
    simulation.connect(a, b.address());
    simulation.run(Duration.ofSeconds(2));
    assertThat(ready(a) + ready(b)).isEqualTo(2);
  }

  @Test
  void crash_ofOneEnd_endsTheOtherAndAStartBringsItBack() {
    Simulation simulation = simulation(1, LinkConditions.GOOD);
    SimulatedNode a = node(simulation, 1);
    SimulatedNode b = node(simulation, 2);
    simulation.connect(a, b.address());
    simulation.run(Duration.ofSeconds(2));

    b.crash();
    simulation.run(Duration.ofSeconds(2));
    assertThat(a.connections()).isZero();

    b.start();
    simulation.connect(a, b.address());
    simulation.run(Duration.ofSeconds(2));
    assertThat(b.connections()).isOne();
  }

  @Test
  void traceHash_sameSeed_isTheSameAndAnotherSeedsIsNot() {
    assertThat(traceOfSomeTraffic(5)).isEqualTo(traceOfSomeTraffic(5));
    assertThat(traceOfSomeTraffic(5)).isNotEqualTo(traceOfSomeTraffic(6));
  }

  private static Bytes traceOfSomeTraffic(long seed) {
    Simulation simulation = simulation(seed, LinkConditions.BAD);
    List<SimulatedNode> nodes = List.of(node(simulation, 1), node(simulation, 2));
    simulation.connect(nodes.get(0), nodes.get(1).address());
    simulation.run(Duration.ofMinutes(10));
    return simulation.traceHash();
  }
}
