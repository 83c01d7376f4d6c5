package org.chaincore.sync.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class CountHistoryTest {
  private static final int K = 256;

  /** A set as it is after all of so many nodes were heard: ranks are uniform, whoever they are. */
  private static ObservationSet set(int nodes, SplittableRandom random) {
    long[] ranks = random.longs(nodes).map(rank -> rank ^ Long.MIN_VALUE).sorted().toArray();
    ObservationSet set = new ObservationSet(Nodes.SALT, K);
    SignedObservation anyone = Nodes.signed(1, 0);
    for (int i = 0; i < Math.min(nodes, K); i++) {
      set.offer(new SampledNode(anyone, ranks[i] ^ Long.MIN_VALUE, null));
    }
    return set;
  }

  @Test
  void ended_tenThousandNodesOverTwelveEpochs_isWithinFivePercentNearlyAlways() {
    int runs = 150;
    double[] errors = new double[runs];
    int forgetful = 0;
    for (int seed = 0; seed < runs; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      CountHistory history = new CountHistory(12);
      for (int epoch = 0; epoch < 12; epoch++) {
        history.add(set(10_000, random));
      }
      CountHistory.Count count = history.ended();
      forgetful += count.epochs() < 12 ? 1 : 0;
      errors[seed] = count.nodes() / 10_000 - 1;
    }
    double rms = Math.sqrt(Arrays.stream(errors).map(e -> e * e).average().orElseThrow());
    long within = Arrays.stream(errors).filter(e -> Math.abs(e) <= 0.05).count();

    assertThat(Arrays.stream(errors).average().orElseThrow()).isCloseTo(0, within(0.006));
    assertThat(rms).isCloseTo(1 / Math.sqrt((K - 2.0) * 12), within(0.004));
    assertThat(forgetful).as("epochs forgotten by bad luck").isLessThanOrEqualTo(runs / 20);
    assertThat(within).isGreaterThanOrEqualTo(runs * 97L / 100);
  }

  @Test
  void with_roomLeft_isTheExactNumber() {
    CountHistory history = new CountHistory(8);
    ObservationSet all = set(100, new SplittableRandom(1));

    assertThat(history.with(all, false)).isEqualTo(new CountHistory.Count(100, 0, 1));
    assertThat(history.ended().epochs()).isZero();
  }

  @Test
  void ended_networkThatDoubled_forgetsTheEpochsBefore() {
    SplittableRandom random = new SplittableRandom(2);
    CountHistory history = new CountHistory(8);
    for (int epoch = 0; epoch < 5; epoch++) {
      history.add(set(5_000, random));
    }
    history.add(set(10_000, random));

    assertThat(history.ended().epochs()).isEqualTo(1);
    assertThat(history.ended().nodes()).isCloseTo(10_000, within(2_000.0));
  }

  @Test
  void with_setThatWasAdded_countsItOnce() {
    SplittableRandom random = new SplittableRandom(3);
    CountHistory history = new CountHistory(8);
    history.add(set(5_000, random));
    ObservationSet last = set(5_000, random);
    history.add(last);

    assertThat(history.with(last, true)).isEqualTo(history.ended());
    assertThat(history.with(last, false).epochs()).isEqualTo(3);
  }

  @Test
  void add_networkThatShrankBelowTheSample_forgetsEstimates() {
    SplittableRandom random = new SplittableRandom(4);
    CountHistory history = new CountHistory(8);
    history.add(set(5_000, random));
    history.add(set(50, random));

    assertThat(history.ended().epochs()).isZero();
  }
}
