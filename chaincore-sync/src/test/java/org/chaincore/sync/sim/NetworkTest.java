package org.chaincore.sync.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.junit.jupiter.api.Test;

/** Honest nodes that hear of each other's blocks and transactions. */
final class NetworkTest {
  private final List<ChainFixture> chains = new ArrayList<>();
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final Simulation simulation =
      Simulation.of(7, ChainFixture.begin().now() * 1_000, LinkConditions.GOOD);

  private SimulatedNode node() {
    ChainFixture chain = ChainFixture.begin();
    chains.add(chain);
    int number = chains.size();
    SimulatedNode node =
        SimulatedNode.join(
            simulation, Conversation.addressOf(number), () -> TestNode.on(chain, number).setup());
    nodes.add(node);
    node.start();
    return node;
  }

  private List<Integer> heights() {
    return nodes.stream().map(node -> node.engine().view().height()).toList();
  }

  @Test
  void connect_toALongerChain_downloadsIt() {
    SimulatedNode a = node();
    SimulatedNode b = node();
    chains.get(1).mine(50);
    simulation.run(Duration.ofMinutes(10));

    a.connect(b.address());
    simulation.run(Duration.ofSeconds(10));

    assertThat(heights()).containsExactly(50, 50);
  }

  @Test
  void mine_onALineOfNodes_reachesTheEnd() {
    SimulatedNode a = node();
    SimulatedNode b = node();
    SimulatedNode c = node();
    a.connect(b.address());
    b.connect(c.address());
    simulation.run(Duration.ofSeconds(10));

    for (int i = 0; i < 5; i++) {
      List<Block> mined = chains.get(0).branch(chains.get(0).tip(), 1);
      a.act(engine -> chains.get(0).deliver(mined));
      simulation.run(Duration.ofSeconds(2));
    }

    assertThat(heights()).containsExactly(5, 5, 5);
  }
}
