package org.chaincore.sync.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.sync.statistics.NetworkStatistics.Population;
import org.chaincore.sync.statistics.NetworkStatistics.Sources;
import org.junit.jupiter.api.Test;

final class NetworkStatisticsTest {
  private static NetworkStatistics of(List<SignedObservation> sample) {
    int heard = Math.max(0, sample.size() - 1);
    Sources sources = new Sources(Math.min(1, sample.size()), 0, heard);
    return NetworkStatistics.of(new Population(sample.size(), 0, 1, true, sources), sample);
  }

  private static SignedObservation atTip(int number, int height, long tip) {
    ChainFigures chain = new ChainFigures(height, tip, GossipSimulation.BITS, 10_000, 0);
    return Nodes.signed(number, new Observation(Nodes.EPOCH, number, chain, Nodes.NODE));
  }

  @Test
  void spread_ofFiveValues_leavesNoneOut() {
    assertThat(Spread.of(new double[] {5, 1, 4, 2, 13})).isEqualTo(new Spread(1, 4, 5, 13));
    assertThat(Spread.of(new double[] {1, 2})).isEqualTo(new Spread(1, 1.5, 1.5, 2));
    assertThat(Spread.of(new double[0])).isEqualTo(Spread.NONE);
  }

  @Test
  void spread_sixthPartLies_staysWithinWhatHonestNodesSay() {
    SeededRun.of(200, 300)
        .check(
            (random, size) -> {
              double[] values = new double[size];
              int liars = size / 6;
              for (int i = 0; i < size; i++) {
                double lie = random.nextBoolean() ? 1e300 : -1e300;
                values[i] = i < liars ? lie : 100 + random.nextInt(10);
              }
              Spread spread = Spread.of(values);

              assertThat(List.of(spread.min(), spread.median(), spread.mean(), spread.max()))
                  .allSatisfy(figure -> assertThat(figure).isBetween(100.0, 109.0));
            });
  }

  @Test
  void of_tipsOfOneHeight_countsForksThatEnoughNodesName() {
    List<SignedObservation> sample = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      sample.add(atTip(i, 100, i < 50 ? 1 : i < 60 ? 2 : i));
    }
    sample.add(atTip(64, 99, 3));

    assertThat(of(sample).forks().standing()).isEqualTo(1);
    assertThat(of(List.of(atTip(1, 9, 1), atTip(2, 9, 2), atTip(3, 8, 3))).forks().standing())
        .isOne();
    assertThat(of(sample).asOfSeconds()).isEqualTo(Epoch.startSeconds(Nodes.EPOCH) + 64);
  }

  private static SignedObservation withForks(int number, int forks) {
    ChainFigures chain = new ChainFigures(9, 1, GossipSimulation.BITS, 10_000, forks);
    return Nodes.signed(number, new Observation(Nodes.EPOCH, number, chain, Nodes.NODE));
  }

  @Test
  void of_forksThatNodesKnow_areSpreadWithoutThoseWhoExaggerate() {
    List<SignedObservation> sample = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      sample.add(withForks(i, i % 10 == 0 ? ChainFigures.MOST_FORKS : 2 + i % 3));
    }
    assertThat(of(sample).forks().standing()).isZero();
    assertThat(of(sample).forks().known().min()).isEqualTo(2);
    assertThat(of(sample).forks().known().median()).isEqualTo(3);
    assertThat(of(sample).forks().known().mean()).isBetween(2.5, 3.5);
    assertThat(of(sample).forks().known().max()).isEqualTo(4);
    assertThat(of(List.of()).forks().known()).isEqualTo(Spread.NONE);
  }

  @Test
  void of_hashRates_provesByTheChainAndBoundsClaims() {
    ChainFigures chain = new ChainFigures(9, 1, GossipSimulation.BITS, 10_000, 0);
    ChainFigures young = new ChainFigures(0, 1, GossipSimulation.BITS, 0, 0);
    NodeFigures boaster = new NodeFigures(1, Float.MAX_VALUE, 0, 0, "");
    NodeFigures idle = new NodeFigures(1, 0, 0, 0, "");
    NetworkStatistics statistics =
        of(
            List.of(
                Nodes.signed(1, new Observation(Nodes.EPOCH, 0, chain, boaster)),
                Nodes.signed(2, new Observation(Nodes.EPOCH, 0, chain, idle)),
                Nodes.signed(3, new Observation(Nodes.EPOCH, 0, young, idle))));
    double work = 4_295_032_833.0;

    assertThat(statistics.mining().difficulty()).isEqualTo(work);
    assertThat(statistics.mining().blockSeconds()).isEqualTo(10);
    assertThat(statistics.mining().hashesPerSecond()).isCloseTo(work / 10, within(1.0));
    assertThat(statistics.mining().claimedHashesPerSecond()).isCloseTo(work / 10, within(1.0));
    assertThat(statistics.mining().miningNodes()).isEqualTo(1);
    assertThat(statistics.nodes().sources().sample()).isEqualTo(3);
  }

  @Test
  void of_noBlockTimeAtAll_provesNoHashRate() {
    ChainFigures young = new ChainFigures(0, 1, GossipSimulation.BITS, 0, 0);
    NetworkStatistics statistics =
        of(List.of(Nodes.signed(1, new Observation(Nodes.EPOCH, 0, young, Nodes.NODE))));

    assertThat(statistics.mining().hashesPerSecond()).isZero();
    assertThat(of(List.of()).mining().difficulty()).isZero();
    assertThat(of(List.of()).asOfSeconds()).isZero();
  }
}
