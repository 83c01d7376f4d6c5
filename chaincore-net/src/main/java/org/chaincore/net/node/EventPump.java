package org.chaincore.net.node;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one listener through the log: reads on when there is something new and the listener wants
 * it, in one thread at a time.
 *
 * <p>Thread-safe.
 */
final class EventPump {
  private static final Logger LOG = LoggerFactory.getLogger(EventPump.class);

  /** After so many events a thread is given back: others wait for it too. */
  private static final int EVENTS_A_TURN = 256;

  private final EventReader log;
  private final Executor executor;
  private final NodeEvents.Listener listener;
  private final Consumer<EventPump> whenClosed;
  private final EventReader.Subscription bell;
  private final AtomicLong demand = new AtomicLong();
  private final AtomicLong rings = new AtomicLong();
  private final AtomicBoolean isClosed = new AtomicBoolean();

  // Confined to the turn, of which there is one at a time.
  private long cursor;

  EventPump(
      EventReader log,
      Executor executor,
      long from,
      NodeEvents.Listener listener,
      Consumer<EventPump> whenClosed) {
    this.log = log;
    this.executor = executor;
    this.cursor = from;
    this.listener = listener;
    this.whenClosed = whenClosed;
    this.bell = log.subscribe(this::ring);
  }

  /** The listener wants so many more. */
  void demand(long more) {
    demand.updateAndGet(now -> now + more < 0 ? Long.MAX_VALUE : now + more);
    ring();
  }

  /** There may be something to do. Whoever rings first takes the turn along. */
  private void ring() {
    if (rings.getAndIncrement() == 0) {
      submit();
    }
  }

  private void submit() {
    try {
      executor.execute(this::turn);
    } catch (RejectedExecutionException closing) {
      close();
    }
  }

  private void turn() {
    long heard = rings.get();
    boolean isMore = pump();
    if (isMore || !rings.compareAndSet(heard, 0)) {
      submit();
    }
  }

  /** Tells a page; whether there is more to tell. */
  private boolean pump() {
    long wanted = demand.get();
    if (isClosed.get() || wanted == 0 || cursor >= log.cursor()) {
      return false;
    }
    EventReader.Page page = log.read(cursor, (int) Math.min(wanted, EVENTS_A_TURN));
    if (page instanceof EventReader.Page.Lagged lagged) {
      long missed = lagged.oldest() - cursor;
      cursor = lagged.oldest();
      guarded(() -> listener.lagged(missed));
    } else if (page instanceof EventReader.Page.Events read) {
      for (ChainEvent event : read.events()) {
        if (isClosed.get()) {
          return false;
        }
        NodeEvent next = new NodeEvent(cursor++, event);
        demand.updateAndGet(now -> now == Long.MAX_VALUE ? now : now - 1);
        guarded(() -> listener.happened(next));
      }
    }
    return !isClosed.get() && demand.get() > 0 && cursor < log.cursor();
  }

  private static void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException broken) {
      LOG.warn("a listener threw", broken);
    }
  }

  void close() {
    if (!isClosed.getAndSet(true)) {
      bell.close();
      whenClosed.accept(this);
    }
  }
}
