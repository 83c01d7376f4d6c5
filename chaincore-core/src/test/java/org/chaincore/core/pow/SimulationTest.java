package org.chaincore.core.pow;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.chaincore.core.value.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules against simulated miners: exponential gaps between blocks at a given hash rate, header
 * times in whole seconds, everything from one seed.
 */
class SimulationTest {
  private static final int BLOCK_TIME = 10;
  private static final TargetRange LEVELS = TargetRange.ofLevels(1, 12);

  /** The expected gap, in block times, at which a network counts as recovered. */
  private static final double RECOVERED = 1.25;

  /**
   * A rule and what is known of it.
   *
   * @param recoveryMinutes how long it takes after hash rate drops to a tenth
   */
  record Subject(DifficultyRule rule, double recoveryMinutes) {
    @Override
    public String toString() {
      return rule.canonical();
    }
  }

  static List<Subject> subjects() {
    return List.of(
        new Subject(new EpochRetarget(10, BLOCK_TIME, 4, LEVELS), 18),
        new Subject(new LwmaRule(60, BLOCK_TIME, LEVELS), 28),
        new Subject(new AsertRule(60 * BLOCK_TIME, BLOCK_TIME, LEVELS), 50));
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void rule_constantHashRate_makesABlockEveryTenSeconds(Subject subject) {
    StringBuilder table = new StringBuilder("hashes/s  mean gap  worst gap\n");
    for (double hashRate : new double[] {3_000, 100_000, 7_000_000}) {
      Network network = new Network(subject.rule(), hashRate, (long) hashRate);
      network.mine(500);
      double start = network.now;
      network.worstGap = 0;
      int blocks = 40_000;
      network.mine(blocks);
      double mean = (network.now - start) / blocks;
      table.append(
          String.format(Locale.ROOT, "%8.0f  %8.2f  %9.1f%n", hashRate, mean, network.worstGap));
      assertThat(mean).as(subject + "\n" + table).isBetween(9.7, 10.3);
      assertThat(network.worstGap).as(subject + "\n" + table).isLessThan(300);
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void rule_hashRateDropsToATenth_recoversAsMeasured(Subject subject) {
    int runs = 300;
    List<Double> minutes = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      Network network = new Network(subject.rule(), 1_000_000, run);
      // The worst moment for a rule of epochs: the next block begins one.
      network.mine(299);
      double drop = network.now;
      network.hashRate /= 10;
      int blocks = 0;
      while (network.expectedGap() > RECOVERED * BLOCK_TIME) {
        network.mine(1);
        blocks++;
        assertThat(blocks).as(subject + ": blocks without recovery").isLessThan(5_000);
      }
      minutes.add((network.now - drop) / 60);
    }
    minutes.sort(null);
    double mean = minutes.stream().mapToDouble(m -> m).average().orElseThrow();
    String table =
        String.format(
            Locale.ROOT,
            "%s: minutes to recover: mean %.1f, median %.1f, nine of ten %.1f, worst %.1f",
            subject,
            mean,
            minutes.get(runs / 2),
            minutes.get(runs * 9 / 10),
            minutes.get(runs - 1));
    assertThat(mean)
        .as(table)
        .isBetween(0.75 * subject.recoveryMinutes(), 1.25 * subject.recoveryMinutes());
  }

  /** One chain and the miners on it. */
  private static final class Network {
    private final DifficultyRule rule;
    private final SplittableRandom random;
    private final HeaderRun chain;
    private double hashRate;
    private double now = 1_000_000;
    private double worstGap;

    /** A network whose genesis, of an age nobody cares for, suits half its hash rate. */
    Network(DifficultyRule rule, double hashRate, long seed) {
      this.rule = rule;
      this.hashRate = hashRate;
      this.random = new SplittableRandom(seed);
      double work = hashRate * BLOCK_TIME / 2;
      Target genesis = Target.ofValue(new BigDecimal(Math.pow(2, 256) / work).toBigInteger());
      this.chain = HeaderRun.ofGenesis(1, genesis.bits());
    }

    double expectedGap() {
      int bits = rule.requiredBits(chain, (long) now).orElseThrow();
      return Target.ofBits(bits).work().toDouble() / hashRate;
    }

    void mine(int blocks) {
      for (int i = 0; i < blocks; i++) {
        int bits = rule.requiredBits(chain, (long) now).orElseThrow();
        double mean = Target.ofBits(bits).work().toDouble() / hashRate;
        double gap = -StrictMath.log(1 - random.nextDouble()) * mean;
        now += gap;
        worstGap = Math.max(worstGap, gap);
        chain.add((long) now, bits);
      }
    }
  }
}
