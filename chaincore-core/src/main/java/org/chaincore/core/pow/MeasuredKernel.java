package org.chaincore.core.pow;

import java.util.function.LongSupplier;

/**
 * A search that goes the faster of two ways and tries the slower one now and then. What it finds
 * does not depend on which it takes.
 *
 * <p>Not thread-safe; the choice that it tells is.
 */
final class MeasuredKernel implements NonceKernel {
  private final KernelChoice choice;
  private final LongSupplier nanoTime;
  private final DigestKernel digest;
  private final LaneKernel lanes;

  MeasuredKernel(
      KernelChoice choice, LongSupplier nanoTime, DigestKernel digest, LaneKernel lanes) {
    this.choice = choice;
    this.nanoTime = nanoTime;
    this.digest = digest;
    this.lanes = lanes;
  }

  @Override
  public long lowest(long from, long to) {
    long next = from;
    boolean byLanes = choice.prefersLanes();
    if (to - from >= 2 * KernelChoice.TRIAL_NONCES && choice.isTrialDue()) {
      next = from + KernelChoice.TRIAL_NONCES;
      long started = nanoTime.getAsLong();
      long good = by(!byLanes, from, next);
      if (good != NONE) {
        return good;
      }
      choice.tried(!byLanes, KernelChoice.TRIAL_NONCES, nanoTime.getAsLong() - started);
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

  private long by(boolean byLanes, long from, long to) {
    if (!byLanes) {
      return digest.lowest(from, to);
    }
    long good = lanes.lowest(from, to);
    if (good == NONE && !lanes.lastAgrees()) {
      choice.lanesAreWrong();
      return digest.lowest(from, to);
    }
    return good;
  }
}
