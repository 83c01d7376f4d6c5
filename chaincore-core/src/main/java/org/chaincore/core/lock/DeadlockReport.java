package org.chaincore.core.lock;

import java.util.List;

/**
 * Threads that wait for each other in a circle: each waits for a lock that the next one holds, and
 * the last for one that the first holds. Immutable.
 *
 * @param parties in the order of the circle; the first is the one whose acquire closed it
 */
public record DeadlockReport(List<Party> parties) {
  /** Refuses an empty circle. */
  public DeadlockReport {
    parties = List.copyOf(parties);
    if (parties.isEmpty()) {
      throw new IllegalArgumentException("a deadlock has at least one party");
    }
  }

  /**
   * One thread of the circle.
   *
   * @param thread its name
   * @param waitsFor the lock it asks for
   * @param write whether it asks for writing
   * @param waitedNanos for how long
   * @param holds the locks that it holds, each with its mode
   * @param stack where it stands
   */
  public record Party(
      String thread,
      String waitsFor,
      boolean write,
      long waitedNanos,
      List<String> holds,
      List<StackTraceElement> stack) {
    /** Copies the lists. */
    public Party {
      holds = List.copyOf(holds);
      stack = List.copyOf(stack);
    }
  }

  /** Several lines: who waits for what and holds what, with stacks. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder("deadlock of ").append(parties.size()).append(" threads");
    for (Party party : parties) {
      text.append("\n  ")
          .append(party.thread)
          .append(" waits ")
          .append(party.waitedNanos / 1_000_000)
          .append(" ms for ")
          .append(party.write ? "write of " : "read of ")
          .append(party.waitsFor)
          .append(", holds ")
          .append(String.join(", ", party.holds));
      for (StackTraceElement frame : party.stack) {
        text.append("\n      at ").append(frame);
      }
    }
    return text.toString();
  }
}
