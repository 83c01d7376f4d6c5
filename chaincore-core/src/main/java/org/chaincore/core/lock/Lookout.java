package org.chaincore.core.lock;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one waiter of a {@link Turnstile} that stays awake for a moment, because a writer is inside
 * who will mostly be done soon. It needs nobody to wake it, so the writer leaves without a system
 * call. That matters where threads outnumber processors: who wakes a thread may lose its processor
 * to it, and then waits for a time slice of every other thread there (4 ms each on common kernels).
 *
 * <p>The price is bounded: one waiter a lock, once a wait, for a twentieth of a turn at most.
 *
 * <p>The turnstile's monitor guards all but {@link #watch}.
 */
final class Lookout {
  /** Longer than it takes to wake a writer and to write a little. */
  private static final long LONGEST_NANOS = 50_000;

  /** How often it looks at most, should the clock stand still. */
  private static final int MAX_LOOKS = 4096;

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private final long nanos;
  private final LongSupplier clock;
  private @Nullable Waiter awake;

  Lookout(long nanos, LongSupplier clock) {
    this.nanos = nanos;
    this.clock = clock;
  }

  /** As long as suits a turn; not at all on one processor, which the writer needs. */
  static Lookout forTurn(long turnNanos, LongSupplier clock) {
    return new Lookout(PROCESSORS > 1 ? Math.min(turnNanos / 20, LONGEST_NANOS) : 0, clock);
  }

  /** Who need not be woken; null if all sleep. */
  @Nullable Waiter awake() {
    return awake;
  }

  /** Whether this waiter, who has to wait, is to {@link #watch} now. */
  boolean takesOn(Waiter waiter, boolean writerInside) {
    if (awake == waiter) {
      awake = null;
    } else if (awake == null && writerInside && nanos > 0 && !waiter.watched) {
      awake = waiter;
      waiter.watched = true;
    }
    return awake == waiter;
  }

  /** The wait of this one is over. */
  void dismiss(Waiter waiter) {
    if (awake == waiter) {
      awake = null;
    }
  }

  /** Looks until the waiter is let in or the moment is over. Called without the monitor. */
  void watch(Waiter waiter) {
    long sinceNanos = clock.getAsLong();
    for (int i = 0; i < MAX_LOOKS && !waiter.granted; i++) {
      if (clock.getAsLong() - sinceNanos >= nanos) {
        return;
      }
      Thread.onSpinWait();
    }
  }
}
