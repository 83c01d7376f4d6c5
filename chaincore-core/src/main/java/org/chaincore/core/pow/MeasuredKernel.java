package org.chaincore.core.pow;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A search that goes the faster of two ways and tries the slower one now and then. What it finds
 * does not depend on which it takes.
 *
 * <p>Not thread-safe; the choice that it tells is.
 */
final class MeasuredKernel implements NonceKernel {
  /** In one stretch: the way that is in use has most of it, whatever trials take. */
  private static final int MAX_TRIALS = 8;

  private final KernelChoice choice;
  private final LongSupplier nanoTime;
  private final DigestKernel digest;
  private final Supplier<LaneKernel> newLanes;

  /** Made when it is first asked: most searches are over before, and it is large. */
  private @Nullable LaneKernel lanes;

  MeasuredKernel(
      KernelChoice choice,
      LongSupplier nanoTime,
      DigestKernel digest,
      Supplier<LaneKernel> newLanes) {
    this.choice = choice;
    this.nanoTime = nanoTime;
    this.digest = digest;
    this.newLanes = newLanes;
  }

  @Override
  public long lowest(long from, long to) {
    long next = from;
    boolean byLanes = choice.prefersLanes();
    for (int i = 0; i < MAX_TRIALS && isTrialDue(next, to); i++) {
      long end = next + KernelChoice.TRIAL_NONCES;
      long started = nanoTime.getAsLong();
      long good = by(!byLanes, next, end);
      if (good != NONE) {
        return good;
      }
      choice.tried(!byLanes, KernelChoice.TRIAL_NONCES, nanoTime.getAsLong() - started);
      next = end;
    }
    // What is less than a row of lanes costs as much as a row.
    boolean isShort = to - next < KernelChoice.TRIAL_NONCES;
    long started = nanoTime.getAsLong();
    long good = by(byLanes && !isShort, next, to);
    if (good == NONE && !isShort) {
      choice.used(byLanes, to - next, nanoTime.getAsLong() - started);
    }
    return good;
  }

  private boolean isTrialDue(long next, long to) {
    return to - next >= 2 * KernelChoice.TRIAL_NONCES && choice.isTrialDue();
  }

  private long by(boolean byLanes, long from, long to) {
    if (!byLanes) {
      return digest.lowest(from, to);
    }
    LaneKernel asked = lanes;
    if (asked == null) {
      asked = newLanes.get();
      lanes = asked;
    }
    long good = asked.lowest(from, to);
    if (good == NONE && !asked.lastAgrees()) {
      choice.lanesAreWrong();
      return digest.lowest(from, to);
    }
    return good;
  }
}
