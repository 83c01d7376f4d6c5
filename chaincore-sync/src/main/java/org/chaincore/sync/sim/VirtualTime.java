package org.chaincore.sync.sim;

import java.util.PriorityQueue;

/**
 * What is to happen, in a total order: by time, and at the same time in the order in which it was
 * planned. Nothing else decides what comes first, so a run can be repeated.
 *
 * <p>Not thread-safe; confined to its simulation.
 */
final class VirtualTime {
  /** More than this is planned only by a network that sends without end. */
  static final int MAX_PLANNED = 5_000_000;

  private record Planned(long atMillis, long sequence, Runnable event)
      implements Comparable<Planned> {
    @Override
    public int compareTo(Planned other) {
      int byTime = Long.compare(atMillis, other.atMillis);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  private final PriorityQueue<Planned> planned = new PriorityQueue<>();
  private long nowMillis;
  private long nextSequence;

  VirtualTime(long startMillis) {
    this.nowMillis = startMillis;
  }

  long nowMillis() {
    return nowMillis;
  }

  /** How many events are still to happen. */
  int planned() {
    return planned.size();
  }

  /** How many events have been planned since the beginning. */
  long plannedEver() {
    return nextSequence;
  }

  /** Plans something; at once if the time is over. */
  void at(long atMillis, Runnable event) {
    if (planned.size() >= MAX_PLANNED) {
      throw new IllegalStateException("more than " + MAX_PLANNED + " events are planned");
    }
    planned.add(new Planned(Math.max(atMillis, nowMillis), nextSequence++, event));
  }

  void in(long millis, Runnable event) {
    at(nowMillis + millis, event);
  }

  /** Lets happen what is planned up to a time, and sets the clock to it. */
  void runUntil(long untilMillis) {
    while (!planned.isEmpty() && planned.peek().atMillis <= untilMillis) {
      Planned next = planned.remove();
      nowMillis = next.atMillis;
      next.event.run();
    }
    nowMillis = Math.max(nowMillis, untilMillis);
  }
}
