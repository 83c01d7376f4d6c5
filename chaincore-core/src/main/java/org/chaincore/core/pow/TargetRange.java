package org.chaincore.core.pow;

import java.math.BigInteger;
import java.util.Locale;
import org.chaincore.core.value.Target;

/**
 * The targets that a network allows. The hardest bounds what a wrong clock can do to a chain, the
 * easiest is the network's proof-of-work limit and bounds what a flood of headers costs.
 *
 * <p>Immutable and thread-safe.
 *
 * @param hardest the smallest target
 * @param easiest the greatest target
 */
public record TargetRange(Target hardest, Target easiest) {
  /** The highest level whose target compact bits can say with full precision. */
  public static final int MAX_LEVEL = 60;

  private static final int BITS_PER_LEVEL = 4;

  public TargetRange {
    if (hardest.compareTo(easiest) > 0) {
      throw new IllegalArgumentException(
          "hardest target " + hardest + " is easier than " + easiest);
    }
  }

  /**
   * The targets between two difficulty levels, both included.
   *
   * @throws IllegalArgumentException unless 1 ≤ lowest ≤ highest ≤ {@link #MAX_LEVEL}
   */
  public static TargetRange ofLevels(int lowest, int highest) {
    return new TargetRange(targetOfLevel(highest), targetOfLevel(lowest));
  }

  /**
   * The target of a difficulty level: a block at level n takes about 16ⁿ hashes (level 1 is
   * 200fffff, 2 is 2000ffff, 8 is 1d00ffff).
   *
   * @throws IllegalArgumentException if the level is not in 1..{@link #MAX_LEVEL}
   */
  public static Target targetOfLevel(int level) {
    if (level < 1 || level > MAX_LEVEL) {
      throw new IllegalArgumentException("level outside 1.." + MAX_LEVEL + ": " + level);
    }
    int bytes = 32 - (level - 1) / 2;
    int mantissa = level % 2 == 1 ? 0x0fffff : 0x00ffff;
    return Target.ofBits((bytes << 24) | mantissa);
  }

  /** The target nearest to {@code value}, which may have any size, within this range. */
  Target clamp(BigInteger value) {
    if (value.compareTo(easiest.toBigInteger()) >= 0) {
      return easiest;
    }
    if (value.compareTo(hardest.toBigInteger()) <= 0) {
      return hardest;
    }
    return Target.ofValue(value);
  }

  /** How many bits a target moves for so many levels. */
  static int bitsOfLevels(int levels) {
    return BITS_PER_LEVEL * levels;
  }

  String canonical() {
    return String.format(Locale.ROOT, "hardest=%08x easiest=%08x", hardest.bits(), easiest.bits());
  }
}
