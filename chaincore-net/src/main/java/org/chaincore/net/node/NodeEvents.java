package org.chaincore.net.node;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * Tells a host what happens to its node, in order and each once, from a cursor on. A node has two
 * of these: one for its chain and mempool, one for its peers.
 *
 * <p><b>Delivery.</b> Every listener has a place of its own among the events and is called by one
 * thread at a time, outside all locks of the node. One that is slow, blocks or throws holds up
 * nobody else; what it throws is logged, and it goes on with the next event. A number of events is
 * kept: a listener that falls further behind is told so, by {@link Listener#lagged}, or by the end
 * of its subscription where it is a {@link Flow.Subscriber}. Where a host's executor refuses work a
 * listener is told late, when the next event comes.
 *
 * <p><b>The end.</b> When the node is closed listeners are told what has happened until then, as
 * far as the time for closing reaches; a {@link Flow.Subscriber} is told as much of it as it asked
 * for, and then that this was all ({@link Flow.Subscriber#onComplete}).
 *
 * <p>Thread-safe.
 *
 * @param <E> what the events tell
 */
public final class NodeEvents<E> implements Flow.Publisher<NodeEvent<E>> {
  /** A host that subscribes and forgets is told so before it has filled the memory. */
  public static final int MAX_LISTENERS = 256;

  /**
   * Hears of events.
   *
   * @param <E> what they tell
   */
  @FunctionalInterface
  public interface Listener<E> {
    /** Something happened. */
    void happened(NodeEvent<E> event);

    /**
     * Events were missed, as they are no longer kept: the listener looks at the node as it is.
     *
     * @param missed how many; 0 if its cursor was of another node
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

  private final EventSource<E> source;
  private final Executor executor;
  private final Set<EventPump<E>> pumps = new LinkedHashSet<>();
  private boolean isClosed;

  NodeEvents(EventSource<E> source, Executor executor) {
    this.source = source;
    this.executor = executor;
  }

  /** The number that the next event will have. */
  public long cursor() {
    return source.cursor();
  }

  /**
   * Has a listener told of all that happens from now on.
   *
   * @return ends it; a call that has begun may still be under way
   * @throws IllegalStateException if there are too many listeners, or the node is closed
   */
  public Subscription listen(Consumer<NodeEvent<E>> listener) {
    return listen(cursor(), listener::accept);
  }

  /**
   * Has a listener told of all that happened from a cursor on.
   *
   * @param from a number of this opening of the node, 0 for the oldest that is kept
   * @return ends it
   * @throws IllegalStateException if there are too many listeners, or the node is closed
   * @throws IllegalArgumentException if the cursor is below 0
   */
  public Subscription listen(long from, Listener<E> listener) {
    EventPump<E> pump =
        open(
            from,
            new EventPump.Outlet<>() {
              @Override
              public void happened(NodeEvent<E> event) {
                listener.happened(event);
              }

              @Override
              public void lagged(long missed) {
                listener.lagged(missed);
              }

              @Override
              public void failed(RuntimeException reason) {}

              @Override
              public void ended() {}
            });
    pump.demand(Long.MAX_VALUE);
    return pump::close;
  }

  /** Subscribes to all that happens from now on, as fast as the subscriber asks for it. */
  @Override
  public void subscribe(Flow.Subscriber<? super NodeEvent<E>> subscriber) {
    subscribe(cursor(), subscriber);
  }

  /**
   * Subscribes to all that happened from a cursor on, as fast as the subscriber asks for it.
   *
   * @param from a number of this opening of the node, 0 for the oldest that is kept
   * @throws IllegalArgumentException if the cursor is below 0
   */
  public void subscribe(long from, Flow.Subscriber<? super NodeEvent<E>> subscriber) {
    SubscriberFeed.begin(subscriber, outlet -> open(from, outlet));
  }

  private EventPump<E> open(long from, EventPump.Outlet<E> outlet) {
    if (from < 0) {
      throw new IllegalArgumentException("a cursor below 0: " + from);
    }
    EventPump<E> pump = new EventPump<>(source, executor, from, outlet, this::forget);
    try {
      add(pump);
    } catch (IllegalStateException refused) {
      pump.close(); // Whoever is not taken in must not go on hearing of events.
      throw refused;
    }
    return pump;
  }

  private void add(EventPump<E> pump) {
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

  private void forget(EventPump<E> pump) {
    synchronized (pumps) {
      pumps.remove(pump);
    }
  }

  /**
   * Tells listeners the rest, and nothing from then on.
   *
   * @return whether all of them had returned in time
   */
  boolean close(Duration within) throws InterruptedException {
    Set<EventPump<E>> open;
    synchronized (pumps) {
      isClosed = true;
      open = Set.copyOf(pumps);
    }
    open.forEach(EventPump::finish);
    long deadline = System.nanoTime() + within.toNanos();
    boolean haveEnded = true;
    for (EventPump<E> pump : open) {
      long left = Math.max(0, deadline - System.nanoTime());
      haveEnded &= pump.awaitEnd(Duration.ofNanos(left));
    }
    return haveEnded;
  }
}
