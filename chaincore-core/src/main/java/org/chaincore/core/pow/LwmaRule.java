package org.chaincore.core.pow;

import java.math.BigInteger;
import java.util.Locale;
import java.util.OptionalInt;
import org.chaincore.core.value.Target;

/**
 * The linearly weighted moving average of the last solve times, LWMA-1: every block retargets, and
 * a recent block counts more than an old one.
 *
 * <p><b>Idea.</b> The next target is the mean target of the window times the weighted mean of its
 * solve times over the block time, where the oldest gap has weight 1 and the newest weight N.
 *
 * <p><b>Attacks.</b> A time that runs backwards is taken as one second after the greatest time so
 * far in the window, so that a sequence of lies cannot be summed to a negative span; a gap counts
 * as at most six block times, so that one late block does not make many easy ones. Timestamps far
 * in the future still help their miner: the rule wants a short future limit.
 *
 * <p><b>Start.</b> Until the window is full of gaps between blocks above genesis the genesis bits
 * hold, so that the genesis time never counts.
 *
 * <p>Source: zawy12, "LWMA difficulty algorithm" (difficulty-algorithms, issue 3), LWMA-1. The sum
 * is kept exact here and divided once, where the original divides each target first to stay within
 * 256 bits.
 *
 * <p>Immutable and thread-safe.
 *
 * @param windowBlocks gaps in the window, 2 to 10,000
 * @param blockTimeSeconds what a block should take, 1 to 1,000,000
 * @param range the targets that the network allows
 */
public record LwmaRule(int windowBlocks, int blockTimeSeconds, TargetRange range)
    implements BoundedRule {
  /** The window that suits block times from seconds to minutes. */
  public static final int DEFAULT_WINDOW_BLOCKS = 60;

  private static final int MAX_GAP_IN_BLOCK_TIMES = 6;

  public LwmaRule {
    Parameters.check("window in blocks", windowBlocks, 2, 10_000);
    Parameters.check("block time in seconds", blockTimeSeconds, 1, 1_000_000);
  }

  @Override
  public OptionalInt requiredBits(Ancestry parents, long time) {
    int tip = parents.tipHeight();
    int windowStart = tip - windowBlocks;
    if (windowStart < 1) {
      return OptionalInt.of(parents.bits(tip));
    }
    if (windowStart < parents.firstHeight()) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(next(parents, windowStart).bits());
  }

  private Target next(Ancestry parents, int windowStart) {
    long weightedGaps = 0;
    BigInteger targets = BigInteger.ZERO;
    long latest = parents.time(windowStart);
    Target target = range.easiest();
    for (int weight = 1; weight <= windowBlocks; weight++) {
      int height = windowStart + weight;
      long time = Math.max(parents.time(height), latest + 1);
      long gap = Math.min(time - latest, (long) MAX_GAP_IN_BLOCK_TIMES * blockTimeSeconds);
      latest = time;
      weightedGaps += gap * weight;
      int bits = parents.bits(height);
      target = target.bits() == bits ? target : Target.ofBits(bits);
      targets = targets.add(target.toBigInteger());
    }
    long weights = (long) windowBlocks * (windowBlocks + 1) / 2;
    BigInteger divisor =
        BigInteger.valueOf(weights * blockTimeSeconds).multiply(BigInteger.valueOf(windowBlocks));
    return range.clamp(targets.multiply(BigInteger.valueOf(weightedGaps)).divide(divisor));
  }

  @Override
  public String canonical() {
    return String.format(
        Locale.ROOT,
        "lwma window=%d block_time_s=%d %s",
        windowBlocks,
        blockTimeSeconds,
        range.canonical());
  }
}
