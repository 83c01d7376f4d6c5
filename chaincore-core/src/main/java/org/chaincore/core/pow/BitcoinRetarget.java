package org.chaincore.core.pow;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.chaincore.core.value.Target;

/**
 * Bitcoin's rule: every {@code timespan / spacing} blocks (2016) the target is multiplied by the
 * time the last of them took over the time they should have taken, at most by four and at least by
 * a quarter.
 *
 * <p>The time is measured from the first to the last block of a window, which are 2015 gaps, not
 * 2016: Bitcoin's off-by-one, kept, for it is consensus. So the genesis time enters the first
 * window here, as on no other rule.
 *
 * <p>On test networks a block more than two spacings younger than its parent may carry the limit
 * ({@code allowMinDifficultyBlocks}, the 20-minute rule); the next ordinary block goes back to the
 * last target that was no such exception. A retarget starts from its parent's bits even if they are
 * one, which is why testnet3's difficulty keeps falling to 1.
 *
 * <p>Source: {@code GetNextWorkRequired} of Bitcoin Core's pow.cpp. It multiplies in 256 bits and
 * this one without bound, which differs only for targets above 2²³³ that no such network has.
 *
 * <p>Immutable and thread-safe.
 *
 * @param timespanSeconds what a window should take
 * @param spacingSeconds what a block should take
 * @param limit the greatest target
 * @param allowMinDifficultyBlocks whether a late block may carry the limit
 */
public record BitcoinRetarget(
    long timespanSeconds, long spacingSeconds, Target limit, boolean allowMinDifficultyBlocks)
    implements DifficultyRule {
  private static final int MAX_FACTOR = 4;

  public BitcoinRetarget {
    if (spacingSeconds < 1
        || spacingSeconds > timespanSeconds / 2
        || timespanSeconds > Integer.MAX_VALUE
        || timespanSeconds % spacingSeconds != 0) {
      throw new IllegalArgumentException(
          "a window of "
              + timespanSeconds
              + " s is not a whole number, 2 or more, of spacings of "
              + spacingSeconds
              + " s");
    }
  }

  /** Two weeks of ten-minute blocks, as on all of Bitcoin's networks, under this limit. */
  public static BitcoinRetarget ofLimit(Target limit, boolean allowMinDifficultyBlocks) {
    return new BitcoinRetarget(14 * 24 * 3600, 600, limit, allowMinDifficultyBlocks);
  }

  /** Blocks between two retargets. */
  public int intervalBlocks() {
    return (int) (timespanSeconds / spacingSeconds);
  }

  @Override
  public OptionalInt requiredBits(Ancestry parents, long time) {
    int height = parents.tipHeight() + 1;
    if (height % intervalBlocks() == 0) {
      return retarget(parents, height - intervalBlocks());
    }
    if (!allowMinDifficultyBlocks) {
      return OptionalInt.of(parents.bits(parents.tipHeight()));
    }
    return time > parents.time(parents.tipHeight()) + 2 * spacingSeconds
        ? OptionalInt.of(limit.bits())
        : lastOrdinaryBits(parents);
  }

  private OptionalInt retarget(Ancestry parents, int windowStart) {
    if (windowStart < parents.firstHeight()) {
      return OptionalInt.empty();
    }
    int tip = parents.tipHeight();
    long took = parents.time(tip) - parents.time(windowStart);
    return OptionalInt.of(next(parents.bits(tip), took).bits());
  }

  /** The target after one of {@code oldBits} whose window took so long. */
  Target next(int oldBits, long tookSeconds) {
    long clamped =
        Math.max(timespanSeconds / MAX_FACTOR, Math.min(timespanSeconds * MAX_FACTOR, tookSeconds));
    BigInteger next =
        Target.ofBits(oldBits)
            .toBigInteger()
            .multiply(BigInteger.valueOf(clamped))
            .divide(BigInteger.valueOf(timespanSeconds));
    return next.compareTo(limit.toBigInteger()) >= 0
        ? limit
        : Target.ofValue(next.max(BigInteger.ONE));
  }

  private OptionalInt lastOrdinaryBits(Ancestry parents) {
    int height = parents.tipHeight();
    while (parents.bits(height) == limit.bits() && height % intervalBlocks() != 0) {
      height--;
      if (height < parents.firstHeight()) {
        return OptionalInt.empty();
      }
    }
    return OptionalInt.of(parents.bits(height));
  }

  @Override
  public Optional<Target> easiestTarget() {
    return Optional.of(limit);
  }

  @Override
  public OptionalInt targetBlockSeconds() {
    return OptionalInt.of((int) spacingSeconds);
  }

  @Override
  public String canonical() {
    return String.format(
        Locale.ROOT,
        "bitcoin timespan_s=%d spacing_s=%d limit=%08x min_difficulty=%b",
        timespanSeconds,
        spacingSeconds,
        limit.bits(),
        allowMinDifficultyBlocks);
  }
}
