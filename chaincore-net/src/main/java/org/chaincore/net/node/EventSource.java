package org.chaincore.net.node;

import java.util.List;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventReader;

/**
 * Events with numbers from 0 on, of which the last are kept. Thread-safe; nothing here waits.
 *
 * @param <E> what the events tell
 */
interface EventSource<E> {
  /**
   * What is there from a cursor on.
   *
   * @param from the number of the first; another than was asked for if that is not kept
   * @param events in order, perhaps none
   */
  record Page<E>(long from, List<E> events) {
    /** Holds a copy. */
    public Page {
      events = List.copyOf(events);
    }
  }

  /** The number that the next event will have. */
  long cursor();

  /** Events from a cursor on, at most so many. */
  Page<E> read(long cursor, int most);

  /** Has something done whenever events have come, until it is closed. */
  Bell subscribe(Runnable wake);

  /** Ends what {@link #subscribe} began. */
  @FunctionalInterface
  interface Bell {
    /** No call begins after this. */
    void close();
  }

  /** The events of a chain. */
  static EventSource<ChainEvent> of(EventReader log) {
    return new EventSource<>() {
      @Override
      public long cursor() {
        return log.cursor();
      }

      @Override
      public Page<ChainEvent> read(long cursor, int most) {
        EventReader.Page page = log.read(cursor, most);
        return page instanceof EventReader.Page.Lagged lagged
            ? new Page<>(lagged.oldest(), List.of())
            : new Page<>(cursor, ((EventReader.Page.Events) page).events());
      }

      @Override
      public Bell subscribe(Runnable wake) {
        return log.subscribe(wake)::close;
      }
    };
  }
}
