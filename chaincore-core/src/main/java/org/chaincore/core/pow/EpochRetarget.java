package org.chaincore.core.pow;

import java.math.BigInteger;
import java.util.Locale;
import java.util.OptionalInt;
import org.chaincore.core.value.Target;

/**
 * Retargeting in short epochs of {@code interval} blocks, the default rule of ChainCore's own
 * network.
 *
 * <p><b>Idea.</b> At every height h that is a multiple of the interval, from twice the interval on,
 * the span is t[h−1] − t[h−1−interval]: as many gaps as the interval has blocks, all of them mined
 * at the old target. The next target is old × span / ((interval − 1) × block time).
 *
 * <p><b>One less than the number of gaps.</b> The rule inverts a sample mean, and the inverse of
 * the mean of n exponential gaps is too great by n/(n−1) on average. Ten gaps divided by ten block
 * times run 11 % slow for ever; divided by nine they are right.
 *
 * <p><b>Start.</b> Below twice the interval the genesis bits hold, so that the genesis time enters
 * no span: a network may be started years after its genesis was written.
 *
 * <p><b>Attacks.</b> Whoever mines the last block of an epoch picks one end of the span. The span
 * counts as at least one second and at most as what moves the target by {@code maxChangeLevels}
 * levels of 16, the result stays within the same factor of the old target and within the network's
 * range, and the other end of a stretched span returns in the next epoch, as consecutive spans
 * share their end points. A future limit of a few block times keeps the gain small.
 *
 * <p>Immutable and thread-safe.
 *
 * @param intervalBlocks blocks of an epoch, 2 to 100,000
 * @param blockTimeSeconds what a block should take, 1 to 1,000,000
 * @param maxChangeLevels levels of 16 that one retarget may move, 1 to 16
 * @param range the targets that the network allows
 */
public record EpochRetarget(
    int intervalBlocks, int blockTimeSeconds, int maxChangeLevels, TargetRange range)
    implements BoundedRule {
  public EpochRetarget {
    Parameters.check("interval in blocks", intervalBlocks, 2, 100_000);
    Parameters.check("block time in seconds", blockTimeSeconds, 1, 1_000_000);
    Parameters.check("maximal change in levels", maxChangeLevels, 1, 16);
  }

  @Override
  public OptionalInt requiredBits(Ancestry parents, long time) {
    int tip = parents.tipHeight();
    int height = tip + 1;
    if (height < 2 * intervalBlocks || height % intervalBlocks != 0) {
      return OptionalInt.of(parents.bits(tip));
    }
    int spanStart = tip - intervalBlocks;
    if (spanStart < parents.firstHeight()) {
      return OptionalInt.empty();
    }
    long span = parents.time(tip) - parents.time(spanStart);
    return OptionalInt.of(next(Target.ofBits(parents.bits(tip)), span).bits());
  }

  /** The target after {@code old}, at which an epoch's gaps took {@code spanSeconds}. */
  Target next(Target old, long spanSeconds) {
    int maxShift = TargetRange.bitsOfLevels(maxChangeLevels);
    BigInteger expected =
        BigInteger.valueOf(intervalBlocks - 1).multiply(BigInteger.valueOf(blockTimeSeconds));
    BigInteger span =
        BigInteger.valueOf(spanSeconds).max(BigInteger.ONE).min(expected.shiftLeft(maxShift));
    BigInteger value = old.toBigInteger();
    // The lower bound can only be met where the expected span is above 16^levels seconds.
    BigInteger next = value.multiply(span).divide(expected).max(value.shiftRight(maxShift));
    return range.clamp(next);
  }

  @Override
  public String canonical() {
    return String.format(
        Locale.ROOT,
        "epoch interval=%d block_time_s=%d max_change_levels=%d %s",
        intervalBlocks,
        blockTimeSeconds,
        maxChangeLevels,
        range.canonical());
  }
}
