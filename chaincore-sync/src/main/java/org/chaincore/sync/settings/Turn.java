package org.chaincore.sync.settings;

import java.util.SplittableRandom;

/**
 * When one task is due. A task of the clock comes every interval, give or take a tenth of it, from
 * the beginning of the run before. One of the chain is due when the tip stands in another span of
 * as many blocks as the interval says. Not thread-safe.
 */
final class Turn {
  /** Not by itself. */
  static final long NEVER = Long.MAX_VALUE;

  /**
   * A triggered run begins no sooner than this after the run before: each run costs every peer
   * something, and whoever may trigger could else multiply that at will.
   */
  static final long MIN_GAP_MILLIS = 1_000;

  private static final int JITTER_PART = 10;
  private static final long SECOND = 1_000;

  private final boolean isDrivenByChain;
  private final SplittableRandom random;
  private boolean isEnabled;
  private int interval;

  /** From when the interval counts: the last run's beginning, or when the task was switched on. */
  private long fromMillis;

  private long byItselfMillis = NEVER;
  private long byHandMillis = NEVER;

  /** Both −1 until the tip is known. */
  private int height = -1;

  private int reportedSpan = -1;

  Turn(SyncTask task, SplittableRandom random) {
    this.isDrivenByChain = task.isDrivenByChain();
    this.random = random;
  }

  /** Takes the task's own settings; what is as before leaves the next turn where it is. */
  void apply(boolean newEnabled, int newInterval, long nowMillis) {
    boolean isSwitchedOn = newEnabled && !isEnabled;
    boolean isChanged = newInterval != interval;
    isEnabled = newEnabled;
    interval = newInterval;
    if (isDrivenByChain) {
      if (isSwitchedOn || isChanged) {
        reportedSpan = span();
      }
      if (!newEnabled) {
        byItselfMillis = NEVER;
      }
    } else if (!newEnabled) {
      byItselfMillis = NEVER;
    } else if (isSwitchedOn) {
      fromMillis = nowMillis;
      byItselfMillis = nowMillis + below(intervalMillis());
    } else if (isChanged) {
      long due = fromMillis + jittered();
      // Nodes that are told of a shorter interval at once are not to act at once.
      byItselfMillis = due > nowMillis ? due : nowMillis + below(intervalMillis());
    }
  }

  /** Tells where the tip is. */
  void tipIs(int newHeight, long nowMillis) {
    boolean isFirst = height < 0;
    height = newHeight;
    if (!isDrivenByChain) {
      return;
    }
    if (isFirst || !isEnabled) {
      reportedSpan = span();
    } else if (span() != reportedSpan && byItselfMillis == NEVER) {
      byItselfMillis = nowMillis;
    }
  }

  private int span() {
    return height < 0 ? -1 : height / interval;
  }

  void trigger(long nowMillis, boolean hasRun) {
    byHandMillis = hasRun ? Math.max(nowMillis, fromMillis + MIN_GAP_MILLIS) : nowMillis;
  }

  /** A run begins: the next turn counts from here, and one that was missed is not made up for. */
  void begin(long nowMillis) {
    fromMillis = nowMillis;
    byHandMillis = NEVER;
    reportedSpan = span();
    byItselfMillis = isEnabled && !isDrivenByChain ? nowMillis + jittered() : NEVER;
  }

  long dueMillis() {
    return Math.min(byItselfMillis, byHandMillis);
  }

  private long intervalMillis() {
    return interval * SECOND;
  }

  private long jittered() {
    long most = intervalMillis() / JITTER_PART;
    return intervalMillis() - most + below(2 * most + 1);
  }

  /** By a remainder, as how a generator bounds its numbers may differ from one Java to the next. */
  private long below(long bound) {
    return Long.remainderUnsigned(random.nextLong(), bound);
  }
}
