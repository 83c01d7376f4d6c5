package org.chaincore.sync.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.chaincore.sync.statistics.GossipSimulation.Setup;
import org.junit.jupiter.api.Test;

/** What many nodes come to; {@link GossipSimulation#main} does it for ten thousand. */
final class GossipSimulationTest {
  private static final int ROUNDS = GossipSimulation.roundsPerEpoch(GossipSettings.DEFAULT);

  @Test
  void runEpoch_fewNodes_allAreCountedAndPeersAreDirect() {
    GossipSimulation simulation = new GossipSimulation(Setup.of(30), 1);
    simulation.runEpoch(ROUNDS, () -> {});

    assertThat(simulation.statistics())
        .allSatisfy(
            statistics -> {
              assertThat(statistics.nodes().total()).isEqualTo(30);
              assertThat(statistics.nodes().relativeError()).isZero();
              assertThat(statistics.nodes().sources().direct()).isBetween(7, 25);
            });
  }

  @Test
  void runEpoch_moreNodesThanASample_allHoldTheSameSampleWithinTheBudget() {
    GossipSimulation simulation = new GossipSimulation(Setup.of(400), 1);
    simulation.runEpoch(ROUNDS, () -> {});

    assertThat(simulation.convergence()[1]).isEqualTo(1);
    assertThat(simulation.traffic().most()).isLessThanOrEqualTo(10_000);
    assertThat(simulation.statistics())
        .allSatisfy(
            statistics -> {
              assertThat(statistics.nodes().isSettled()).isTrue();
              assertThat((double) statistics.nodes().total())
                  .as("within three standard errors")
                  .isBetween(400 * (1 - 0.19), 400 * (1 + 0.19));
              assertThat(statistics.nodes().sources().sample()).isEqualTo(256);
            });
  }

  @Test
  void runEpoch_tenthOfTheNodesLie_mediansAreHonest() {
    GossipSimulation simulation = new GossipSimulation(Setup.of(200), 2);
    simulation.runEpoch(ROUNDS, () -> {});

    assertThat(simulation.statistics())
        .allSatisfy(
            statistics -> {
              int height = GossipSimulation.HONEST_HEIGHT;
              assertThat(statistics.chainLength().median()).isBetween(height - 2.0, height + 0.0);
              assertThat(statistics.chainLength().min()).isBetween(height - 2.0, height + 0.0);
              assertThat(statistics.chainLength().max()).isBetween(height - 2.0, height + 0.0);
              assertThat(statistics.peers().median()).isBetween(8.0, 17.0);
              assertThat(statistics.mining().blockSeconds()).isBetween(9.0, 11.0);
              assertThat(statistics.mining().difficulty()).isEqualTo(4_295_032_833.0);
              assertThat(statistics.forks().standing()).isZero();
              int forks = GossipSimulation.HONEST_FORKS;
              assertThat(statistics.forks().known().median()).isBetween(forks + 0.0, forks + 1.0);
              assertThat(statistics.forks().known().min()).isBetween(forks + 0.0, forks + 1.0);
              assertThat(statistics.forks().known().max()).isBetween(forks + 0.0, forks + 1.0);
            });
  }

  @Test
  void runEpoch_sameSeed_givesTheSameStatistics() {
    GossipSimulation one = new GossipSimulation(Setup.of(60), 3);
    GossipSimulation other = new GossipSimulation(Setup.of(60), 3);
    one.runEpoch(5, () -> {});
    other.runEpoch(5, () -> {});

    assertThat(one.statistics()).isEqualTo(other.statistics());
    assertThat(one.traffic().mean()).isEqualTo(other.traffic().mean());
  }

  @Test
  void runEpoch_nextEpochs_goOnWithoutAGap() {
    GossipSimulation simulation = new GossipSimulation(Setup.of(40), 4);
    simulation.runEpoch(ROUNDS, () -> {});
    simulation.runEpoch(1, () -> {});

    assertThat(simulation.statistics())
        .allSatisfy(statistics -> assertThat(statistics.nodes().total()).isEqualTo(40));
  }
}
