package org.chaincore.core.pow;

import java.util.function.LongSupplier;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.value.Target;
import org.jspecify.annotations.Nullable;

/**
 * What searches of nonces hash with: the JDK's digest, or the lanes of {@code LaneKernel},
 * whichever was measured to be faster here. Which one that is depends on the processor and changes
 * while a process runs, since lanes are slow until the compiler has made vector code of them.
 *
 * <p>A host makes one and hands it to all its searches, so that what one has learned the next one
 * knows. Lanes have to be tried to become fast: at first half of the time goes into trying the
 * slower way, so that it does not take long, and less and less from then on.
 *
 * <p>Lanes are looked at while they are used: a good nonce is always hashed again by the digest,
 * and so is one of every few thousand others. If one ever comes out wrong, lanes are not used
 * again.
 *
 * <p>Thread-safe.
 */
public final class KernelChoice {
  /** What a trial hashes: enough to be timed, little enough to be slow at it. */
  static final int TRIAL_NONCES = LaneSteps.LANES;

  /** Targets met more often than once in so many nonces are left to the digest. */
  private static final int WORTH_LANES = 8 * LaneSteps.LANES;

  /** At first one part in so many of the time is for trials. */
  private static final long FIRST_SHARE = 2;

  /**
   * After so many trials the share is halved, after three times as many it is a quarter, and so on.
   */
  private static final long TRIALS_TO_HALVE = 512;

  /**
   * A measurement that is better than what is known counts one part in so many. Nothing makes a
   * clock show too little.
   */
  private static final int BETTER = 2;

  /** One that is worse: whoever else is at work on the processor can make it look so. */
  private static final int WORSE = 32;

  private final @Nullable LongSupplier nanoTime;

  /** Written by one thread at a time, for all. */
  private volatile Pace pace = Pace.UNKNOWN;

  private KernelChoice(@Nullable LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Always the JDK's digest: right for short searches, and for repeatable time. */
  public static KernelChoice digest() {
    return new KernelChoice(null);
  }

  /**
   * The faster one.
   *
   * @param nanoTime a clock that only goes forward, such as {@code System::nanoTime}; it decides
   *     which way is taken and never what is found
   */
  public static KernelChoice measured(LongSupplier nanoTime) {
    return new KernelChoice(nanoTime);
  }

  /** Whether lanes are the faster way, as far as it is known by now. */
  public boolean prefersLanes() {
    return pace.prefersLanes();
  }

  NonceKernel kernel(BlockHeader header, Target target) {
    DigestKernel digest = DigestKernel.of(header, target);
    if (nanoTime == null || isEasy(target)) {
      return digest;
    }
    return new MeasuredKernel(this, nanoTime, digest, () -> new LaneKernel(header, target));
  }

  private static boolean isEasy(Target target) {
    int bits = target.toBigInteger().bitLength();
    return 1L << Math.min(62, 8 * 32 - bits) < WORTH_LANES;
  }

  /** Whether it is time to try the slower way. */
  boolean isTrialDue() {
    Pace now = pace;
    long share = FIRST_SHARE * (1 + now.trials / TRIALS_TO_HALVE);
    return !now.areLanesWrong && now.trialNanos * share <= now.nanos;
  }

  /** Notes what a stretch took on the way that is in use. */
  synchronized void used(boolean lanes, long nonces, long nanos) {
    pace = pace.with(lanes, nonces, nanos).spending(nanos, 0);
  }

  /** Notes what a trial took on the other way. */
  synchronized void tried(boolean lanes, long nonces, long nanos) {
    pace = pace.with(lanes, nonces, nanos).spending(nanos, nanos);
  }

  synchronized void lanesAreWrong() {
    pace = pace.withoutLanes();
  }

  /**
   * What is known.
   *
   * @param laneNanos what a nonce takes by lanes, infinite while unknown
   * @param digestNanos what a nonce takes by the digest, infinite while unknown
   * @param trials how often the slower way was tried
   * @param trialNanos the time that went into trials
   * @param nanos all time spent
   */
  private record Pace(
      double laneNanos,
      double digestNanos,
      long trials,
      long trialNanos,
      long nanos,
      boolean areLanesWrong) {
    static final Pace UNKNOWN =
        new Pace(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 0, 0, 0, false);

    boolean prefersLanes() {
      return !areLanesWrong && laneNanos < digestNanos;
    }

    Pace with(boolean lanes, long nonces, long spent) {
      double each = (double) spent / nonces;
      return lanes
          ? new Pace(blend(laneNanos, each), digestNanos, trials, trialNanos, nanos, areLanesWrong)
          : new Pace(laneNanos, blend(digestNanos, each), trials, trialNanos, nanos, areLanesWrong);
    }

    private static double blend(double known, double fresh) {
      return Double.isInfinite(known)
          ? fresh
          : known + (fresh - known) / (fresh < known ? BETTER : WORSE);
    }

    Pace spending(long more, long ofTrial) {
      long tries = trials + (ofTrial > 0 ? 1 : 0);
      return new Pace(
          laneNanos, digestNanos, tries, trialNanos + ofTrial, nanos + more, areLanesWrong);
    }

    Pace withoutLanes() {
      return new Pace(laneNanos, digestNanos, trials, trialNanos, nanos, true);
    }
  }
}
