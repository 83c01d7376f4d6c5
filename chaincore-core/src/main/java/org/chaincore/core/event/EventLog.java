package org.chaincore.core.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer's side of the events: what it hands to readers is {@link EventReader}. The log keeps
 * the last {@code capacity} events.
 *
 * <p>An event passes three stations. While the writer holds its lock it <i>stages</i> events, which
 * fixes their order. As the last thing under the lock it <i>seals</i> what it staged as one batch.
 * When it has let go it <i>publishes</i> up to its own batch: the batches before are of writers
 * that let go earlier, those after may be of one that still holds the lock, and are left to it. So
 * nobody sees an event before the change is whole and the lock is free.
 *
 * <p>Staging and sealing are confined to the holder of the writer's lock; all else is thread-safe.
 */
public final class EventLog implements EventReader {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  /** A block and a transaction have one event, most of them. */
  private static final int USUALLY_STAGED = 2;

  /** Guarded by the writer's lock, as is {@link #batches}. */
  private List<ChainEvent> staged = new ArrayList<>(USUALLY_STAGED);

  private long batches;
  private final Queue<Batch> sealed = new ConcurrentLinkedQueue<>();
  private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
  private final ChainEvent[] ring;
  private long next;

  /** What one change had to tell; numbered from 1. */
  private record Batch(long number, List<ChainEvent> events) {}

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

  /** Puts an event in line; nobody sees it yet. */
  public void stage(ChainEvent event) {
    staged.add(event);
  }

  /**
   * Closes the batch of what was staged, if anything was.
   *
   * @return the last batch there is, to be published when the writer's lock is let go
   */
  public long seal() {
    if (!staged.isEmpty()) {
      batches++;
      sealed.add(new Batch(batches, staged));
      staged = new ArrayList<>(USUALLY_STAGED);
    }
    return batches;
  }

  /**
   * Shows readers the sealed batches up to this one, in order, whichever thread sealed them.
   *
   * @param last as {@link #seal()} gave it
   */
  public void publish(long last) {
    if (append(last)) {
      subscribers.forEach(Subscriber::wake);
    }
  }

  private synchronized boolean append(long last) {
    long before = next;
    for (Batch batch = sealed.peek();
        batch != null && batch.number <= last;
        batch = sealed.peek()) {
      sealed.remove();
      for (ChainEvent event : batch.events) {
        ring[slot(next)] = event;
        next++;
      }
    }
    return next > before;
  }

  @Override
  public Subscription subscribe(Runnable wake) {
    Subscriber subscriber = new Subscriber(wake);
    subscribers.add(subscriber);
    return subscriber;
  }

  @Override
  public synchronized long cursor() {
    return next;
  }

  @Override
  public synchronized Page read(long cursor, int most) {
    if (cursor < 0) {
      throw new IllegalArgumentException("negative cursor: " + cursor);
    }
    if (most < 1) {
      throw new IllegalArgumentException("a page has room for at least one event, not " + most);
    }
    long oldest = Math.max(0, next - ring.length);
    if (cursor < oldest || cursor > next) {
      return new Page.Lagged(oldest);
    }
    int count = (int) Math.min(most, next - cursor);
    ChainEvent[] events = new ChainEvent[count];
    for (int i = 0; i < count; i++) {
      events[i] = ring[slot(cursor + i)];
    }
    return new Page.Events(List.of(events), cursor + count);
  }

  private int slot(long number) {
    return (int) (number % ring.length);
  }

  /** Equal only to itself: who subscribes twice ends one subscription at a time. */
  private final class Subscriber implements Subscription {
    private final Runnable wake;

    private Subscriber(Runnable wake) {
      this.wake = wake;
    }

    private void wake() {
      try {
        wake.run();
      } catch (RuntimeException broken) {
        LOG.warn("a subscriber to events threw", broken);
      }
    }

    @Override
    public void close() {
      subscribers.remove(this);
    }
  }
}
