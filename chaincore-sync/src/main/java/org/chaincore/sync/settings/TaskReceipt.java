package org.chaincore.sync.settings;

/**
 * What became of a task that was triggered by hand. Immutable.
 *
 * @param id what {@link TaskSchedule#trigger} gave
 * @param task which
 * @param state how far it is
 * @param triggeredMillis when it was triggered
 * @param endedMillis when it ended, {@link TaskCounters#NEVER} if it has not
 */
public record TaskReceipt(
    long id, SyncTask task, State state, long triggeredMillis, long endedMillis) {
  /** How far a triggered task is. */
  public enum State {
    /** It has not begun. */
    WAITING,
    /** It is under way. */
    RUNNING,
    /** It ended well. */
    SUCCEEDED,
    /** It did not, or the next run overtook it. */
    FAILED
  }

  static TaskReceipt waiting(long id, SyncTask task, long nowMillis) {
    return new TaskReceipt(id, task, State.WAITING, nowMillis, TaskCounters.NEVER);
  }

  TaskReceipt running() {
    return new TaskReceipt(id, task, State.RUNNING, triggeredMillis, endedMillis);
  }

  TaskReceipt ended(State how, long nowMillis) {
    return new TaskReceipt(id, task, how, triggeredMillis, nowMillis);
  }

  boolean isEnded() {
    return state == State.SUCCEEDED || state == State.FAILED;
  }
}
