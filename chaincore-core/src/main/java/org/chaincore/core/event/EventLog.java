package org.chaincore.core.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The events of a chain in the order in which they happened, numbered from 0. A reader has a
 * cursor, the number of the next event it wants, and reads on from there whenever it likes; the log
 * keeps the last {@code capacity} events and tells a reader that fell behind from where it can go
 * on, instead of silently leaving a gap.
 *
 * <p>The writer stages events while it holds its lock, which fixes their order, and publishes them
 * when it has let go, so that whoever is woken by one can take the lock at once.
 *
 * <p>Thread-safe.
 */
public final class EventLog {
  private final Queue<ChainEvent> staged = new ConcurrentLinkedQueue<>();
  private final ChainEvent[] ring;
  private long next;

  private EventLog(int capacity) {
    this.ring = new ChainEvent[capacity];
  }

  /**
   * An empty log.
   *
   * @param capacity how many events it keeps, at least 1
   */
  public static EventLog ofCapacity(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("an event log keeps at least one event, not " + capacity);
    }
    return new EventLog(capacity);
  }

  /** What a reader gets. */
  public sealed interface Page {
    /**
     * Events from the cursor on, perhaps none.
     *
     * @param events in order
     * @param cursor where to read on
     */
    record Events(List<ChainEvent> events, long cursor) implements Page {
      public Events {
        events = List.copyOf(events);
      }
    }

    /**
     * The events at the cursor are gone. The reader looks at the chain as it is and reads on from
     * here.
     *
     * @param oldest the oldest event that is kept
     */
    record Lagged(long oldest) implements Page {}
  }

  /**
   * Puts an event in line; nobody sees it yet. Staged under the writer's lock, never concurrently.
   */
  public void stage(ChainEvent event) {
    staged.add(event);
  }

  /** Shows readers what was staged, in the order of staging, whichever thread staged it. */
  public synchronized void publish() {
    for (ChainEvent event = staged.poll(); event != null; event = staged.poll()) {
      ring[slot(next)] = event;
      next++;
    }
  }

  /** The number that the next event will have. */
  public synchronized long cursor() {
    return next;
  }

  /**
   * Events from a cursor on.
   *
   * @param cursor as a page gave it, 0 for the beginning
   * @param most how many at most
   * @throws IllegalArgumentException if the cursor lies ahead of the log
   */
  public synchronized Page read(long cursor, int most) {
    if (cursor < 0 || cursor > next) {
      throw new IllegalArgumentException("cursor outside 0.." + next + ": " + cursor);
    }
    long oldest = Math.max(0, next - ring.length);
    if (cursor < oldest) {
      return new Page.Lagged(oldest);
    }
    int count = (int) Math.min(most, next - cursor);
    List<ChainEvent> events = new ArrayList<>(count);
    for (long number = cursor; number < cursor + count; number++) {
      events.add(ring[slot(number)]);
    }
    return new Page.Events(events, cursor + count);
  }

  private int slot(long number) {
    return (int) (number % ring.length);
  }
}
