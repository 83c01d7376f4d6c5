package org.chaincore.examples;

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

  /** From 65,536 to 16,777,216 hashes: a blink, and some seconds. */
  private static final TargetRange RANGE = TargetRange.ofLevels(4, 6);

  static final EpochRetarget RULE = new EpochRetarget(RETARGET_BLOCKS, BLOCK_SECONDS, 1, RANGE);

  private static final Amount REWARD = Amount.ofCoins(50);
  private static final TimeRules TIME = new TimeRules(BLOCK_SECONDS, 11, 6);

  /** What the first blocks must meet: about 262,000 hashes, level 4.5. */
  private static final Target START = Target.ofBits(0x1e3f_ffff);

  private DemoNetwork() {}

  /** The network whose genesis was made at this moment, Unix seconds. */
  static ChainParams startedAt(long seconds) {
    return ChainParams.builder("quickstart", MAGIC)
        .genesis("ChainCore quickstart, " + seconds, seconds - BLOCK_SECONDS, START.bits())
        .work(RANGE.easiest(), RULE)
        .time(TIME)
        .emission(REWARD, HALVING_BLOCKS, MATURITY_BLOCKS)
        .build();
  }

  /** Whether the difficulty may move with the block at this height. */
  static boolean isRetarget(int height) {
    return height >= 2 * RETARGET_BLOCKS && height % RETARGET_BLOCKS == 0;
  }
}
