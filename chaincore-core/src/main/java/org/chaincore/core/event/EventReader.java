package org.chaincore.core.event;

import java.util.List;

/**
 * The events of a chain in the order in which they happened, numbered from 0. Whoever reads has a
 * cursor, the number of the next event it wants, and reads on from there whenever it likes. A
 * number of the last events is kept; a reader that fell behind is told from where it can go on,
 * instead of silently meeting a gap.
 *
 * <p><b>Cursors are of one engine.</b> Events are not stored: each opening of an engine begins anew
 * at 0, and a cursor of the opening before means nothing to it. A host that opens an engine looks
 * at the chain as it is and begins with {@link #cursor()}; it does not store cursors. Of those that
 * are stored all the same only a cursor that lies ahead can be told apart: it counts as lagged.
 *
 * <p>Thread-safe. Reading never waits for a change that is being made.
 */
public interface EventReader {
  /** What a reader gets. */
  sealed interface Page {
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
     * The events at the cursor are gone, or are of another engine. The reader looks at the chain as
     * it is and reads on from here.
     *
     * @param oldest the oldest event that is kept
     */
    record Lagged(long oldest) implements Page {}
  }

  /** The number that the next event will have. */
  long cursor();

  /**
   * Events from a cursor on.
   *
   * @param cursor as a page gave it, 0 for the beginning
   * @param most how many at most, at least 1
   * @throws IllegalArgumentException if the cursor is negative or {@code most} is below 1
   */
  Page read(long cursor, int most);

  /**
   * Has something done whenever events have come: usually that a sleeping reader is woken, which
   * then reads from its cursor.
   *
   * @param wake called in the thread that made the change, when no lock of the engine is held; not
   *     told of anything, and to return at once. What it throws is logged and harms nobody
   * @return ends it
   */
  Subscription subscribe(Runnable wake);

  /** Ends what {@link #subscribe} began. */
  interface Subscription extends AutoCloseable {
    /** No call begins after this; one that has begun may still be under way. */
    @Override
    void close();
  }
}
