package org.chaincore.examples;

import java.math.BigInteger;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.TimeRules;
import org.chaincore.core.pow.EpochRetarget;
import org.chaincore.core.pow.TargetRange;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Target;

/**
 * The consensus parameters of the demo: a network of its own, made for one run, whose work is real
 * but small. Stateless.
 */
final class DemoNetwork {
  /** Another number than any network of the library has. */
  private static final int MAGIC = 0x5153_0a01;

  static final int BLOCK_SECONDS = 1;

  /** Blocks between two retargets. */
  static final int RETARGET_BLOCKS = 5;

  /** A coinbase may be spent two blocks later: the demo is short. */
  static final int MATURITY_BLOCKS = 2;

  /** The reward is halved here, so that a run sees it happen. */
  static final int HALVING_BLOCKS = 20;

  private static final int MAX_LEVELS_A_RETARGET = 1;

  /** The easiest target, the one to begin with and the hardest, in seconds of this machine. */
  private static final double EASIEST_SECONDS = 0.01;

  private static final double FIRST_SECONDS = 0.05;
  private static final double HARDEST_SECONDS = 1.5;

  private static final Amount REWARD = Amount.ofCoins(50);
  private static final TimeRules TIME = new TimeRules(BLOCK_SECONDS, 11, 6);

  private DemoNetwork() {}

  /**
   * A network that is good for one run on one machine: what a block may take at most is bounded, so
   * that a run ends in time even when the machine has more to do later on.
   *
   * @param seconds when its genesis was made, Unix seconds
   * @param hashesPerSecond what the machine can do
   */
  static ChainParams startedAt(long seconds, double hashesPerSecond) {
    TargetRange range =
        new TargetRange(
            target(hashesPerSecond * HARDEST_SECONDS), target(hashesPerSecond * EASIEST_SECONDS));
    EpochRetarget rule =
        new EpochRetarget(RETARGET_BLOCKS, BLOCK_SECONDS, MAX_LEVELS_A_RETARGET, range);
    int bits = target(hashesPerSecond * FIRST_SECONDS).bits();
    return ChainParams.builder("quickstart", MAGIC)
        .genesis("ChainCore quickstart, " + seconds, seconds - BLOCK_SECONDS, bits)
        .work(range.easiest(), rule)
        .time(TIME)
        .emission(REWARD, HALVING_BLOCKS, MATURITY_BLOCKS)
        .build();
  }

  /** The target that takes so many hashes on average. */
  private static Target target(double hashes) {
    BigInteger all = BigInteger.ONE.shiftLeft(256);
    return Target.ofValue(all.divide(BigInteger.valueOf((long) Math.max(16, hashes))));
  }

  /** The targets that the difficulty rule of such a network allows. */
  static TargetRange range(ChainParams params) {
    return ((EpochRetarget) params.work().difficulty()).range();
  }

  /** Whether the difficulty may move with the block at this height. */
  static boolean isRetarget(int height) {
    return height >= 2 * RETARGET_BLOCKS && height % RETARGET_BLOCKS == 0;
  }
}
