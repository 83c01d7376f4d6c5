package org.chaincore.net.node;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.chaincore.core.event.EventReader;

/**
 * Tells a host what happens to its chain and mempool, in order and each once, from a cursor on.
 *
 * <p><b>Delivery.</b> Every listener has a place of its own in the engine's log and is called by
 * one thread at a time, outside all locks of the node. One that is slow, blocks or throws holds up
 * nobody else; what it throws is logged, and it goes on with the next event. The log keeps a number
 * of events: a listener that falls further behind is told so, by {@link Listener#lagged}, or by the
 * end of its subscription where it is a {@link Flow.Subscriber}.
 *
 * <p>Thread-safe.
 */
public final class NodeEvents implements Flow.Publisher<NodeEvent>, AutoCloseable {
  /** A host that subscribes and forgets is told so before it has filled the memory. */
  public static final int MAX_LISTENERS = 256;

  /** Hears of events. */
  @FunctionalInterface
  public interface Listener {
    /** Something happened. */
    void happened(NodeEvent event);

    /**
     * Events were missed, as the log no longer had them: the listener looks at the chain as it is.
     *
     * @param missed how many
     */
    default void lagged(long missed) {}
  }

  /** Ends what {@link #listen} began. */
  @FunctionalInterface
  public interface Subscription extends AutoCloseable {
    /** No call begins after this; one that has begun may still be under way. */
    @Override
    void close();
  }

  private final EventReader log;
  private final Executor executor;
  private final Set<EventPump> pumps = new LinkedHashSet<>();
  private boolean isClosed;

  NodeEvents(EventReader log, Executor executor) {
    this.log = log;
    this.executor = executor;
  }

  /** The number that the next event will have. */
  public long cursor() {
    return log.cursor();
  }

  /**
   * Has a listener told of all that happens from now on.
   *
   * @return ends it; a call that has begun may still be under way
   * @throws IllegalStateException if there are too many listeners, or the node is closed
   */
  public Subscription listen(Consumer<NodeEvent> listener) {
    return listen(cursor(), listener::accept);
  }

  /**
   * Has a listener told of all that happened from a cursor on.
   *
   * @param from a number of this opening of the node, 0 for the oldest that is kept
   * @return ends it
   * @throws IllegalStateException if there are too many listeners, or the node is closed
   */
  public Subscription listen(long from, Listener listener) {
    EventPump pump = new EventPump(log, executor, from, listener, this::forget);
    admit(pump);
    pump.demand(Long.MAX_VALUE);
    return pump::close;
  }

  /** Subscribes to all that happens from now on, as fast as the subscriber asks for it. */
  @Override
  public void subscribe(Flow.Subscriber<? super NodeEvent> subscriber) {
    subscribe(cursor(), subscriber);
  }

  /**
   * Subscribes to all that happened from a cursor on, as fast as the subscriber asks for it.
   *
   * @param from a number of this opening of the node, 0 for the oldest that is kept
   */
  public void subscribe(long from, Flow.Subscriber<? super NodeEvent> subscriber) {
    SubscriberFeed.begin(subscriber, listener -> open(from, listener));
  }

  private EventPump open(long from, Listener listener) {
    EventPump pump = new EventPump(log, executor, from, listener, this::forget);
    admit(pump);
    return pump;
  }

  /** Whoever is not taken in must not go on hearing the log. */
  private void admit(EventPump pump) {
    try {
      add(pump);
    } catch (IllegalStateException refused) {
      pump.close();
      throw refused;
    }
  }

  private void add(EventPump pump) {
    synchronized (pumps) {
      if (isClosed) {
        throw new IllegalStateException("the node is closed");
      }
      if (pumps.size() >= MAX_LISTENERS) {
        throw new IllegalStateException("more than " + MAX_LISTENERS + " listeners");
      }
      pumps.add(pump);
    }
  }

  private void forget(EventPump pump) {
    synchronized (pumps) {
      pumps.remove(pump);
    }
  }

  /** Tells nobody anything any more. */
  @Override
  public void close() {
    Set<EventPump> open;
    synchronized (pumps) {
      isClosed = true;
      open = Set.copyOf(pumps);
    }
    open.forEach(EventPump::close);
  }
}
