package org.chaincore.sync.settings;

/**
 * How often a task was done, and how it went. Immutable.
 *
 * @param attempts how many runs began; those that ended and the one that may be under way
 * @param successes how many ended well
 * @param failures how many did not, or were overtaken by the next
 * @param lastMillis when the last one began, {@link #NEVER} if none did
 * @param lastSuccessMillis when the last good one ended, {@link #NEVER} if none did
 */
public record TaskCounters(
    long attempts, long successes, long failures, long lastMillis, long lastSuccessMillis) {
  /** In place of a time. */
  public static final long NEVER = -1;

  static final TaskCounters ZERO = new TaskCounters(0, 0, 0, NEVER, NEVER);

  /** Whether a run is under way. */
  public boolean isRunning() {
    return attempts > successes + failures;
  }

  TaskCounters begun(long nowMillis) {
    return new TaskCounters(attempts + 1, successes, failures, nowMillis, lastSuccessMillis);
  }

  TaskCounters succeeded(long nowMillis) {
    return new TaskCounters(attempts, successes + 1, failures, lastMillis, nowMillis);
  }

  TaskCounters failed() {
    return new TaskCounters(attempts, successes, failures + 1, lastMillis, lastSuccessMillis);
  }
}
