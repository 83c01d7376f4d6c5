package org.chaincore.sync.protocol;

/**
 * What came of a task of the schedule.
 *
 * @param peersAsked how many peers took part
 * @param offered how many things we had that peers lacked
 * @param wanted how many things peers had that we lacked
 * @param received how many of those came
 * @param duplicates how many came that we had
 * @param bytes what it cost in bytes sent and received, frames with their heads
 */
public record TaskFigures(
    int peersAsked, long offered, long wanted, long received, long duplicates, long bytes) {
  /** Nothing happened, for there was nobody to ask. */
  public static final TaskFigures NONE = new TaskFigures(0, 0, 0, 0, 0, 0);
}
