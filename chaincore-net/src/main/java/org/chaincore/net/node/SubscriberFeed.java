package org.chaincore.net.node;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Flow.Subscriber} as a listener. Signals come one at a time: those of the pump by its
 * turns, and no other after the first one that ends the subscription.
 */
final class SubscriberFeed implements NodeEvents.Listener, Flow.Subscription {
  private final Flow.Subscriber<? super NodeEvent> subscriber;
  private final AtomicBoolean isOver = new AtomicBoolean();
  private volatile @Nullable EventPump pump;

  private SubscriberFeed(Flow.Subscriber<? super NodeEvent> subscriber) {
    this.subscriber = subscriber;
  }

  static void begin(
      Flow.Subscriber<? super NodeEvent> subscriber,
      Function<NodeEvents.Listener, EventPump> opener) {
    SubscriberFeed feed = new SubscriberFeed(subscriber);
    try {
      feed.pump = opener.apply(feed);
    } catch (IllegalStateException refused) {
      subscriber.onSubscribe(feed);
      feed.fail(refused);
      return;
    }
    subscriber.onSubscribe(feed);
  }

  @Override
  public void happened(NodeEvent event) {
    if (!isOver.get()) {
      subscriber.onNext(event);
    }
  }

  @Override
  public void lagged(long missed) {
    fail(new IllegalStateException(missed + " events were missed"));
  }

  @Override
  public void request(long more) {
    if (more < 1) {
      fail(new IllegalArgumentException("asked for " + more + " events"));
      return;
    }
    EventPump open = pump;
    if (open != null) {
      open.demand(more);
    }
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
    EventPump open = pump;
    if (open != null) {
      open.close();
    }
  }
}
