package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.fixture.ChainFixture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Subscribers that ask for too much, too little, or for nothing more. */
final class SubscriberFeedTest {
  private static final int KEPT = 8;

  private final ChainFixture chain = ChainFixture.keepingEvents(KEPT);
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final NodeEvents<ChainEvent> events =
      new NodeEvents<>(EventSource.of(chain.engine().events()), tasks::add);

  private void run() {
    for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
      next.run();
    }
  }

  /** Notes what it is told. */
  private static class Notes implements Flow.Subscriber<NodeEvent<ChainEvent>> {
    final List<Long> cursors = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();
    Flow.@Nullable Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription begun) {
      subscription = begun;
    }

    Flow.Subscription subscription() {
      Flow.Subscription there = subscription;
      if (there == null) {
        throw new AssertionError("not subscribed");
      }
      return there;
    }

    @Override
    public void onNext(NodeEvent<ChainEvent> event) {
      cursors.add(event.cursor());
    }

    @Override
    public void onError(Throwable failure) {
      errors.add(failure);
    }

    @Override
    public void onComplete() {}
  }

  private Notes subscribe(long from) {
    Notes notes = new Notes();
    events.subscribe(from, notes);
    return notes;
  }

  @Test
  void subscriber_thatAsksForNothing_isEndedWithAnError() {
    Notes notes = subscribe(0);

    notes.subscription().request(0);
    notes.subscription().request(-1);
    chain.mine(1);
    run();

    assertThat(notes.errors).hasSize(1).first().isInstanceOf(IllegalArgumentException.class);
    assertThat(notes.cursors).isEmpty();
  }

  @Test
  void subscriber_thatAsksForMoreThanThereCanBe_isToldAll() {
    Notes notes = subscribe(0);
    notes.subscription().request(Long.MAX_VALUE);
    notes.subscription().request(Long.MAX_VALUE);
    chain.mine(3);
    run();
    chain.mine(2);
    run();

    assertThat(notes.cursors).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(notes.errors).isEmpty();
  }

  /** Asks while it is told of the beginning, and notes the events that come beside that. */
  private void subscribeAsking(Notes notes, long... wanted) {
    NodeEvents<ChainEvent> inline =
        new NodeEvents<>(EventSource.of(chain.engine().events()), Runnable::run);
    inline.subscribe(
        0,
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription begun) {
            notes.onSubscribe(begun);
            for (long more : wanted) {
              begun.request(more);
            }
            assertThat(notes.cursors).isEmpty();
            assertThat(notes.errors).isEmpty();
          }

          @Override
          public void onNext(NodeEvent<ChainEvent> event) {
            notes.onNext(event);
          }

          @Override
          public void onError(Throwable failure) {
            notes.onError(failure);
          }

          @Override
          public void onComplete() {
            notes.onComplete();
          }
        });
  }

  @Test
  void subscriber_thatAsksAsItBegins_isToldAfterThat() {
    chain.mine(5);
    Notes notes = new Notes();

    subscribeAsking(notes, 1, 2);

    assertThat(notes.cursors).containsExactly(0L, 1L, 2L);
  }

  @Test
  void subscriber_thatAsksForMoreThanThereCanBeAsItBegins_isToldAll() {
    chain.mine(5);
    Notes notes = new Notes();

    subscribeAsking(notes, Long.MAX_VALUE, 2);

    assertThat(notes.cursors).hasSize(5);
  }

  @Test
  void subscriber_thatAsksForNothingAsItBegins_isToldTheErrorAfterThat() {
    chain.mine(1);
    Notes notes = new Notes();

    subscribeAsking(notes, 3, 0);

    assertThat(notes.errors).hasSize(1);
    assertThat(notes.cursors).isEmpty();
  }

  @Test
  void subscriber_thatAsksForNothingBesideACall_isToldTheErrorAfterThat() {
    List<Throwable> beside = new ArrayList<>();
    Notes notes =
        new Notes() {
          @Override
          public void onNext(NodeEvent<ChainEvent> event) {
            super.onNext(event);
            CompletableFuture.runAsync(() -> subscription().request(0)).join();
            beside.addAll(errors);
            subscription().request(1);
          }
        };
    events.subscribe(0, notes);
    notes.subscription().request(10);
    chain.mine(5);

    run();

    assertThat(beside).isEmpty();
    assertThat(notes.cursors).containsExactly(0L);
    assertThat(notes.errors).hasSize(1);
  }

  @Test
  void subscriber_thatCancels_isToldNothingMore() {
    Notes notes = subscribe(0);
    notes.subscription().request(10);
    chain.mine(1);
    run();

    chain.mine(1);
    notes.subscription().cancel();
    notes.subscription().cancel();
    run();

    assertThat(notes.cursors).containsExactly(0L);
    assertThat(notes.errors).isEmpty();
  }

  @Test
  void subscriber_thatCancelsWithinACall_isToldNothingMore() {
    Notes notes =
        new Notes() {
          @Override
          public void onNext(NodeEvent<ChainEvent> event) {
            super.onNext(event);
            subscription().cancel();
          }
        };
    events.subscribe(0, notes);
    notes.subscription().request(10);
    chain.mine(5);

    run();

    assertThat(notes.cursors).containsExactly(0L);
  }
}
