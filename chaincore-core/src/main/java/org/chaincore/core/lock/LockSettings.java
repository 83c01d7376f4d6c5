package org.chaincore.core.lock;

import java.time.Duration;

/**
 * How the locks of one registry behave. Start from {@link #defaults()} and change what you need.
 *
 * @param turn how long newcomers may overtake those who wait, counted from the last time that the
 *     waiters were served; then nobody new is let in until all who waited have had the lock. Longer
 *     turns give more throughput, shorter ones shorter waits; zero is strict service in order
 * @param writersInARow how many writers are served, while readers wait, before those readers are
 * @param onInversion what an acquire against the rank order does
 * @param onDeadlock what the acquire that closed a deadlock does
 * @param searchAfter how long a wait lasts before it looks for a deadlock, and between two looks
 * @param recordSites whether every acquire notes the code that made it, so that a report about a
 *     held lock can say where it was taken; costs a stack walk an acquire
 * @param holdSampling hold times are measured for contended acquires and for one in this many of
 *     the others; a power of two
 */
public record LockSettings(
    Duration turn,
    int writersInARow,
    Reaction onInversion,
    Reaction onDeadlock,
    Duration searchAfter,
    boolean recordSites,
    int holdSampling) {
  private static final Duration LONGEST = Duration.ofDays(365);

  /** Refuses values that have no meaning. */
  public LockSettings {
    if (turn.isNegative() || turn.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("turn " + turn + " is not within 0.." + LONGEST);
    }
    if (writersInARow < 1) {
      throw new IllegalArgumentException("writersInARow " + writersInARow + " is less than 1");
    }
    if (searchAfter.isNegative() || searchAfter.isZero() || searchAfter.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("searchAfter " + searchAfter + " is not a waiting time");
    }
    if (Integer.bitCount(holdSampling) != 1 || holdSampling < 0) {
      throw new IllegalArgumentException("holdSampling " + holdSampling + " is no power of two");
    }
  }

  /**
   * Turns of a millisecond, four writers in a row, inversions and deadlocks throw, deadlocks are
   * looked for after 200 ms, no sites, one hold in 1,024 measured.
   */
  public static LockSettings defaults() {
    return new LockSettings(
        Duration.ofMillis(1),
        4,
        Reaction.THROW,
        Reaction.THROW,
        Duration.ofMillis(200),
        false,
        1024);
  }

  public LockSettings turn(Duration value) {
    return new LockSettings(
        value, writersInARow, onInversion, onDeadlock, searchAfter, recordSites, holdSampling);
  }

  public LockSettings writersInARow(int value) {
    return new LockSettings(
        turn, value, onInversion, onDeadlock, searchAfter, recordSites, holdSampling);
  }

  public LockSettings onInversion(Reaction value) {
    return new LockSettings(
        turn, writersInARow, value, onDeadlock, searchAfter, recordSites, holdSampling);
  }

  public LockSettings onDeadlock(Reaction value) {
    return new LockSettings(
        turn, writersInARow, onInversion, value, searchAfter, recordSites, holdSampling);
  }

  public LockSettings searchAfter(Duration value) {
    return new LockSettings(
        turn, writersInARow, onInversion, onDeadlock, value, recordSites, holdSampling);
  }

  public LockSettings recordSites(boolean value) {
    return new LockSettings(
        turn, writersInARow, onInversion, onDeadlock, searchAfter, value, holdSampling);
  }

  public LockSettings holdSampling(int value) {
    return new LockSettings(
        turn, writersInARow, onInversion, onDeadlock, searchAfter, recordSites, value);
  }
}
