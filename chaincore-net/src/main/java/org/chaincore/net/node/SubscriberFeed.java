package org.chaincore.net.node;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Flow.Subscriber} as a listener. Signals come one at a time: those of the pump by its
 * turns, and no other after the first one that ends the subscription.
 */
final class SubscriberFeed<E> implements EventPump.Outlet<E>, Flow.Subscription {
  private final Flow.Subscriber<? super NodeEvent<E>> subscriber;
  private final AtomicBoolean isOver = new AtomicBoolean();
  private volatile @Nullable EventPump<E> pump;

  /** Guarded by this, as the next: a node may be closed while somebody subscribes. */
  private boolean isSubscribed;

  private boolean hasEnded;

  /** What was asked for while {@code onSubscribe} was under way: no signal comes beside it. */
  private long wantedFirst;

  /** The same, where it was less than one event. */
  private long refusedFirst = 1;

  private SubscriberFeed(Flow.Subscriber<? super NodeEvent<E>> subscriber) {
    this.subscriber = subscriber;
  }

  static <E> void begin(
      Flow.Subscriber<? super NodeEvent<E>> subscriber,
      Function<EventPump.Outlet<E>, EventPump<E>> opener) {
    SubscriberFeed<E> feed = new SubscriberFeed<>(subscriber);
    try {
      feed.pump = opener.apply(feed);
    } catch (IllegalStateException refused) {
      subscriber.onSubscribe(feed);
      feed.fail(refused);
      return;
    }
    subscriber.onSubscribe(feed);
    feed.subscribed();
  }

  private void subscribed() {
    boolean isLate;
    long wanted;
    long refused;
    synchronized (this) {
      isSubscribed = true;
      isLate = hasEnded;
      wanted = wantedFirst;
      refused = refusedFirst;
    }
    if (isLate) {
      complete();
    } else if (refused < 1) {
      request(refused);
    } else if (wanted > 0) {
      request(wanted);
    }
  }

  @Override
  public void happened(NodeEvent<E> event) {
    if (!isOver.get()) {
      subscriber.onNext(event);
    }
  }

  @Override
  public void lagged(long missed) {
    fail(new IllegalStateException(missed + " events were missed"));
  }

  @Override
  public void failed(RuntimeException reason) {
    fail(reason);
  }

  @Override
  public void ended() {
    synchronized (this) {
      hasEnded = true;
      if (!isSubscribed) {
        return; // It is told first that it has begun.
      }
    }
    complete();
  }

  private void complete() {
    if (!isOver.getAndSet(true)) {
      subscriber.onComplete();
    }
  }

  @Override
  public void request(long more) {
    EventPump<E> open = pump;
    if (open == null || isTooEarly(more)) {
      return;
    }
    if (more < 1) {
      open.fail(new IllegalArgumentException("asked for " + more + " events"));
    } else {
      open.demand(more);
    }
  }

  private synchronized boolean isTooEarly(long more) {
    if (isSubscribed) {
      return false;
    }
    if (more < 1) {
      refusedFirst = more;
    } else {
      wantedFirst = wantedFirst + more < 0 ? Long.MAX_VALUE : wantedFirst + more;
    }
    return true;
  }

  @Override
  public void cancel() {
    isOver.set(true);
    end();
  }

  private void fail(RuntimeException reason) {
    if (!isOver.getAndSet(true)) {
      end();
      subscriber.onError(reason);
    }
  }

  private void end() {
    EventPump<E> open = pump;
    if (open != null) {
      open.close();
    }
  }
}
