package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.protocol.SyncEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class NodeEventsTest {
  private static final Duration AT_ONCE = Duration.ZERO;

  private final SyncLog log = new SyncLog();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final NodeEvents<SyncEvent> events = new NodeEvents<>(log, waiting::add);
  private final List<Object> told = new ArrayList<>();

  /** Tells the list, and asks for as many as it is told to. */
  private final class Reader implements Flow.Subscriber<NodeEvent<SyncEvent>> {
    private final Consumer<Flow.Subscription> first;
    private final String name;

    Reader(String name, Consumer<Flow.Subscription> first) {
      this.name = name;
      this.first = first;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      first.accept(subscription);
      told.add(name + " begins");
    }

    @Override
    public void onNext(NodeEvent<SyncEvent> event) {
      told.add(event.cursor());
    }

    @Override
    public void onError(Throwable failure) {
      told.add(String.valueOf(failure.getMessage()));
    }

    @Override
    public void onComplete() {
      told.add(name + " is complete");
    }
  }

  private void happen(int times) {
    for (int i = 0; i < times; i++) {
      log.heard(new SyncEvent.PeerGone(new PeerId(i + 1)));
    }
  }

  private void work() {
    for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
      task.run();
    }
  }

  private void closeInline() throws InterruptedException {
    events.close(AT_ONCE); // Nobody works meanwhile here, so the rest is told below.
    work();
  }

  @Test
  void listen_fromACursor_isToldInOrder() {
    happen(3);
    var unused = events.listen(1, event -> told.add(event.cursor()));
    happen(1);
    work();
    assertThat(told).containsExactly(1L, 2L, 3L);
    assertThat(events.cursor()).isEqualTo(4);
  }

  @Test
  void listen_fromACursorBelowZero_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> events.listen(-1, event -> {}));
  }

  @Test
  void listen_whatANodeAskedForItself_isNotTold() {
    log.heard(new SyncEvent.PeersToKeep(Bytes.EMPTY));
    log.heard(new SyncEvent.SettingsToKeep(Bytes.EMPTY));
    assertThat(events.cursor()).isZero();
  }

  @Test
  void listen_behindWhatIsKept_isToldWhatItMissed() {
    happen(SyncLog.KEPT + 10);
    var unused = events.listen(3, new Lagging());
    work();
    assertThat(told.subList(0, 2)).containsExactly("missed 7", 10L);
    assertThat(told).hasSize(1 + SyncLog.KEPT).endsWith(SyncLog.KEPT + 9L);
  }

  @Test
  void listen_fromACursorOfAnotherNode_isTold() {
    happen(1);
    var unused = events.listen(1_000, new Lagging());
    work();
    assertThat(told).containsExactly("missed 0", 0L);
  }

  private final class Lagging implements NodeEvents.Listener<SyncEvent> {
    @Override
    public void happened(NodeEvent<SyncEvent> event) {
      told.add(event.cursor());
    }

    @Override
    public void lagged(long missed) {
      told.add("missed " + missed);
    }
  }

  @Test
  void subscribe_behindWhatIsKept_fails() {
    happen(SyncLog.KEPT + 10);
    events.subscribe(3, new Reader("r", all -> all.request(5)));
    work();
    assertThat(told).containsExactly("r begins", "7 events were missed");
  }

  @Test
  void listen_throwingErrors_hearsTheNext() {
    var unused =
        events.listen(
            event -> {
              told.add(event.cursor());
              throw new AssertionError("broken listener");
            });
    happen(2);
    work();
    assertThat(told).containsExactly(0L, 1L);
  }

  @Test
  void listen_executorIsBusy_isToldWithTheNextEvent() {
    AtomicBoolean isBusy = new AtomicBoolean(true);
    NodeEvents<SyncEvent> lent =
        new NodeEvents<>(
            log,
            task -> {
              if (isBusy.get()) {
                throw new RejectedExecutionException();
              }
              task.run();
            });
    var unused = lent.listen(event -> told.add(event.cursor()));
    happen(1);
    isBusy.set(false);
    assertThat(told).isEmpty();
    happen(1);
    assertThat(told).containsExactly(0L, 1L);
  }

  @Test
  void close_tellsTheRestThenTheEnd() throws Exception {
    events.subscribe(new Reader("r", all -> all.request(Long.MAX_VALUE)));
    var unused = events.listen(event -> told.add("listener " + event.cursor()));
    NodeEvents<SyncEvent> inline = new NodeEvents<>(log, Runnable::run);
    inline.subscribe(new Reader("inline", all -> all.request(1)));
    happen(2);
    assertThat(inline.close(AT_ONCE)).isTrue();
    assertThat(told).containsExactly("r begins", "inline begins", 0L, "inline is complete");
    told.clear();

    work();
    assertThat(events.close(AT_ONCE)).isFalse();
    happen(1); // After the end.
    work();
    assertThat(told).containsExactly(0L, 1L, "listener 0", "listener 1", "r is complete");
  }

  @Test
  void close_nothingAskedFor_isStillToldTheEnd() throws Exception {
    events.subscribe(new Reader("lazy", all -> {}));
    happen(2);
    closeInline();
    closeInline();
    assertThat(told).containsExactly("lazy begins", "lazy is complete");
  }

  @Test
  void close_cancelledBefore_isNotToldTheEnd() throws Exception {
    events.subscribe(new Reader("gone", Flow.Subscription::cancel));
    happen(2);
    closeInline();
    assertThat(told).containsExactly("gone begins");
  }

  @Test
  void close_whileSomebodySubscribes_isToldAfterTheBeginning() {
    NodeEvents<SyncEvent> inline = new NodeEvents<>(log, Runnable::run);
    inline.subscribe(
        new Reader(
            "r",
            subscription -> {
              try {
                assertThat(inline.close(AT_ONCE)).isTrue();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }));
    assertThat(told).containsExactly("r begins", "r is complete");
  }

  @Test
  void close_executorIsClosed_waitsForNobody() throws Exception {
    ExecutorService lent = Executors.newSingleThreadExecutor();
    NodeEvents<SyncEvent> hosted = new NodeEvents<>(log, lent);
    hosted.subscribe(new Reader("r", all -> all.request(1)));
    lent.shutdownNow();
    assertThat(hosted.close(Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void close_listenerIsWithinACall_tellsItNoMoreAfterThat() throws Exception {
    CountDownLatch within = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ExecutorService other = Executors.newSingleThreadExecutor();
    NodeEvents<SyncEvent> hosted = new NodeEvents<>(log, other);
    var unused =
        hosted.listen(
            event -> {
              told.add(event.cursor());
              within.countDown();
              awaitQuietly(release);
            });
    happen(2);
    within.await();
    assertThat(hosted.close(Duration.ofMillis(1))).isFalse();
    release.countDown();
    other.shutdown();
    assertThat(other.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(told).containsExactly(0L);
  }

  @Test
  void close_byAListener_doesNotWaitForItselfAndTellsItTheRest() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    NodeEvents<SyncEvent> hosted = new NodeEvents<>(log, other);
    happen(2);
    var unused =
        hosted.listen(
            0,
            event -> {
              told.add(event.cursor());
              try {
                told.add(hosted.close(Duration.ofDays(1)));
              } catch (InterruptedException e) {
                told.add(e);
              }
            });
    other.shutdown();
    assertThat(other.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(told).containsExactly(0L, false, 1L, false);
    assertThat(hosted.close(AT_ONCE)).isTrue();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void listen_afterClose_isRefused() throws Exception {
    closeInline();
    assertThatIllegalStateException()
        .isThrownBy(() -> events.listen(event -> {}))
        .withMessageContaining("closed");
    events.subscribe(new Reader("late", all -> all.request(1)));
    assertThat(told).containsExactly("late begins", "the node is closed");
  }

  @Test
  void listen_byTooMany_isRefused() {
    List<NodeEvents.Subscription> all = new ArrayList<>();
    for (int i = 0; i < NodeEvents.MAX_LISTENERS; i++) {
      all.add(events.listen(event -> {}));
    }
    assertThatIllegalStateException().isThrownBy(() -> events.listen(event -> {}));
    all.get(7).close();
    assertThat(events.listen(event -> {})).isNotNull();
  }
}
