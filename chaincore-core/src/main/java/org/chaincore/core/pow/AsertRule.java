package org.chaincore.core.pow;

import java.math.BigInteger;
import java.util.Locale;
import java.util.OptionalInt;
import org.chaincore.core.value.Target;

/**
 * Absolutely scheduled exponentially rising targets, aserti3-2d: the rule for new networks.
 *
 * <p><b>Idea.</b> An anchor block fixes a schedule of one block every block time. A chain that is
 * one half-life behind its schedule has twice the anchor's target, one that is a half-life ahead
 * half of it, and so on exponentially. The target depends on the anchor, the parent's time and the
 * height alone: no window, no path, nothing to oscillate, and a lie about a time is gone with the
 * next honest block.
 *
 * <p><b>Arithmetic.</b> 2^x for the fractional part of x is the cubic polynomial of the
 * specification in 16-bit fixed point (error below 0.013 %). The exponent is divided truncating
 * toward zero, as the reference implementations in C++ and Java do.
 *
 * <p><b>Anchor.</b> Block 2, whose parent is block 1; both carry the genesis bits, so the genesis
 * time does not count and a network may be started years after its genesis was written.
 *
 * <p>Source: "ASERT Difficulty Adjustment Algorithm (aserti3-2d)", Mark Lundeberg and others, 2020.
 *
 * <p>Immutable and thread-safe.
 *
 * @param halfLifeSeconds 1 to 2³⁰; 60 block times serve small networks well
 * @param blockTimeSeconds what a block should take, 1 to 1,000,000
 * @param range the targets that the network allows
 */
public record AsertRule(int halfLifeSeconds, int blockTimeSeconds, TargetRange range)
    implements BoundedRule {
  private static final int ANCHOR_HEIGHT = 2;
  private static final int ANCHOR_PARENT_HEIGHT = ANCHOR_HEIGHT - 1;
  private static final int FRACTION_BITS = 16;

  /**
   * More doublings than any target has bits: the result of a drift beyond so many half-lives is the
   * range's end, and to count no further keeps the numbers small whatever the times are.
   */
  private static final int MAX_DOUBLINGS = 512;

  public AsertRule {
    Parameters.check("half-life in seconds", halfLifeSeconds, 1, 1 << 30);
    Parameters.check("block time in seconds", blockTimeSeconds, 1, 1_000_000);
  }

  @Override
  public OptionalInt requiredBits(Ancestry parents, long time) {
    int tip = parents.tipHeight();
    if (tip < ANCHOR_HEIGHT) {
      return OptionalInt.of(parents.bits(tip));
    }
    if (parents.firstHeight() > ANCHOR_PARENT_HEIGHT) {
      return OptionalInt.empty();
    }
    Target anchor = Target.ofBits(parents.bits(ANCHOR_HEIGHT));
    long timeDelta = parents.time(tip) - parents.time(ANCHOR_PARENT_HEIGHT);
    return OptionalInt.of(next(anchor, timeDelta, tip - ANCHOR_HEIGHT).bits());
  }

  /**
   * The target of the block after one that is so far from the anchor.
   *
   * @param anchor the anchor block's target
   * @param timeDelta seconds from the time of the anchor's parent to the time of this block's
   *     parent
   * @param heightDelta blocks from the anchor to this block's parent
   */
  Target next(Target anchor, long timeDelta, long heightDelta) {
    long exponent = exponent(timeDelta - blockTimeSeconds * (heightDelta + 1));
    long doublings = exponent >> FRACTION_BITS;
    long fraction = exponent - (doublings << FRACTION_BITS);
    BigInteger scaled = anchor.toBigInteger().multiply(BigInteger.valueOf(factor(fraction)));
    return range.clamp(scaled.shiftLeft((int) doublings - FRACTION_BITS));
  }

  /** The drift in half-lives, 16 bits of it behind the point. */
  private long exponent(long driftSeconds) {
    long most = (long) halfLifeSeconds * MAX_DOUBLINGS;
    long drift = Math.max(-most, Math.min(most, driftSeconds));
    return (drift << FRACTION_BITS) / halfLifeSeconds;
  }

  /** 2^(fraction / 2¹⁶) times 2¹⁶. */
  private static long factor(long fraction) {
    // The sum takes up to 64 bits, unsigned.
    long polynomial =
        195_766_423_245_049L * fraction
            + 971_821_376L * fraction * fraction
            + 5_127L * fraction * fraction * fraction
            + (1L << 47);
    return (polynomial >>> 48) + (1L << FRACTION_BITS);
  }

  @Override
  public String canonical() {
    return String.format(
        Locale.ROOT,
        "asert half_life_s=%d block_time_s=%d %s",
        halfLifeSeconds,
        blockTimeSeconds,
        range.canonical());
  }
}
