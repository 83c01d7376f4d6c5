package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.chaincore.core.fixture.ChainFixture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Listeners and subscribers that ask for too much, too little, or stay behind. */
final class NodeEventsTest {
  private static final int KEPT = 8;

  private final ChainFixture chain = ChainFixture.keepingEvents(KEPT);
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final NodeEvents events = new NodeEvents(chain.engine().events(), tasks::add);

  private void run() {
    for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
      next.run();
    }
  }

  /** Notes what it is told. */
  private static class Notes implements Flow.Subscriber<NodeEvent> {
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
    public void onNext(NodeEvent event) {
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
          public void onNext(NodeEvent event) {
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

  @Test
  void subscriber_thatStaysBehindTheLog_isEndedWithHowManyItMissed() {
    Notes notes = subscribe(0);
    chain.mine(KEPT + 5);

    notes.subscription().request(1);
    run();

    assertThat(notes.errors).hasSize(1);
    assertThat(notes.errors.get(0)).hasMessage("5 events were missed");
    assertThat(notes.cursors).isEmpty();
  }

  @Test
  void listener_thatStaysBehindTheLog_isToldAndGoesOn() {
    List<Long> missed = new ArrayList<>();
    List<Long> cursors = new ArrayList<>();
    chain.mine(KEPT + 5);
    events.listen(
        0,
        new NodeEvents.Listener() {
          @Override
          public void happened(NodeEvent event) {
            cursors.add(event.cursor());
          }

          @Override
          public void lagged(long howMany) {
            missed.add(howMany);
          }
        });

    run();

    assertThat(missed).containsExactly(5L);
    assertThat(cursors).hasSize(KEPT).startsWith(5L);
  }

  @Test
  void listeners_moreThanThereMayBe_areRefusedAndAPlaceThatIsFreeIsTaken() {
    List<NodeEvents.Subscription> open = new ArrayList<>();
    for (int i = 0; i < NodeEvents.MAX_LISTENERS; i++) {
      open.add(events.listen(event -> {}));
    }

    assertThatThrownBy(() -> events.listen(event -> {})).isInstanceOf(IllegalStateException.class);
    Notes refused = subscribe(0);
    assertThat(refused.errors).hasSize(1).first().isInstanceOf(IllegalStateException.class);
    refused.subscription().request(1); // Of no use, and no harm.
    refused.subscription().cancel();

    open.get(0).close();
    open.get(0).close();
    events.listen(event -> {}).close();
  }

  @Test
  void close_ofTheNode_endsAllAndRefusesOthers() {
    List<Long> cursors = new ArrayList<>();
    events.listen(0, event -> cursors.add(event.cursor()));
    chain.mine(1);

    events.close();
    run();

    assertThat(cursors).isEmpty();
    assertThatThrownBy(() -> events.listen(event -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void executor_thatIsClosed_endsItsListeners() {
    Executor closed =
        task -> {
          throw new RejectedExecutionException("closed");
        };
    NodeEvents unheard = new NodeEvents(chain.engine().events(), closed);
    for (int i = 0; i <= NodeEvents.MAX_LISTENERS; i++) {
      unheard.listen(event -> {}); // Each is forgotten as soon as it cannot be told anything.
      chain.mine(1);
    }
  }
}
