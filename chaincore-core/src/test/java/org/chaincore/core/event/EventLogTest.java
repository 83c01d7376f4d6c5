package org.chaincore.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.event.ChainEvent.OrphanRecovered;
import org.chaincore.core.event.ChainEvent.TipChanged;
import org.chaincore.core.event.EventReader.Page;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EventLogTest {
  private static ChainEvent event(long number) {
    return new OrphanRecovered(Hash256.ofWords(number, 0, 0, 0));
  }

  private static void publish(EventLog log, int from, int to) {
    IntStream.range(from, to).forEach(number -> log.stage(event(number)));
    log.publish(log.seal());
  }

  private static List<ChainEvent> events(long from, long to) {
    List<ChainEvent> events = new ArrayList<>();
    for (long number = from; number < to; number++) {
      events.add(event(number));
    }
    return events;
  }

  @Test
  void ofCapacity_belowOne_isRefused() {
    assertThatThrownBy(() -> EventLog.ofCapacity(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 0");
  }

  @Test
  void read_ofAnEmptyLog_givesNothing() {
    EventLog log = EventLog.ofCapacity(3);

    assertThat(log.cursor()).isZero();
    assertThat(log.read(0, 10)).isEqualTo(new Page.Events(List.of(), 0));
  }

  @Test
  void stage_withoutSealAndPublish_showsNobodyAnything() {
    EventLog log = EventLog.ofCapacity(3);
    log.stage(event(0));
    log.publish(Long.MAX_VALUE);
    assertThat(log.cursor()).isZero();

    long batch = log.seal();
    assertThat(log.cursor()).isZero();

    log.publish(batch);
    assertThat(log.read(0, 10)).isEqualTo(new Page.Events(events(0, 1), 1));
    log.publish(batch);
    assertThat(log.cursor()).isEqualTo(1);
  }

  @Test
  void publish_whileTheNextWriterHoldsTheLock_leavesItsEventsToIt() {
    EventLog log = EventLog.ofCapacity(10);
    log.stage(event(0));
    long first = log.seal();
    log.stage(event(1));
    log.publish(first);
    assertThat(log.cursor()).isEqualTo(1);

    log.stage(event(2));
    long second = log.seal();
    log.publish(first);
    assertThat(log.cursor()).isEqualTo(1);

    log.publish(second);
    assertThat(log.read(0, 10)).isEqualTo(new Page.Events(events(0, 3), 3));
  }

  @Test
  void publish_aheadOfAWriterThatLetGo_showsItsEventsFirst() {
    EventLog log = EventLog.ofCapacity(10);
    log.stage(event(0));
    long first = log.seal();
    log.stage(event(1));
    log.publish(log.seal());
    assertThat(log.read(0, 10)).isEqualTo(new Page.Events(events(0, 2), 2));

    log.publish(first);
    assertThat(log.cursor()).isEqualTo(2);
  }

  @Test
  void seal_withNothingStaged_givesTheBatchBefore() {
    EventLog log = EventLog.ofCapacity(3);
    assertThat(log.seal()).isZero();
    log.stage(event(0));
    assertThat(log.seal()).isEqualTo(log.seal());
  }

  @Test
  void read_fromACursor_goesOnWhereThePageEnded() {
    EventLog log = EventLog.ofCapacity(10);
    publish(log, 0, 5);

    assertThat(log.read(0, 2)).isEqualTo(new Page.Events(events(0, 2), 2));
    assertThat(log.read(2, 2)).isEqualTo(new Page.Events(events(2, 4), 4));
    assertThat(log.read(4, 2)).isEqualTo(new Page.Events(events(4, 5), 5));
    assertThat(log.read(5, 2)).isEqualTo(new Page.Events(List.of(), 5));
  }

  @Test
  void read_ofWhatTheRingDropped_saysFromWhereToGoOn() {
    EventLog log = EventLog.ofCapacity(3);
    publish(log, 0, 3);
    assertThat(log.read(0, 10)).isEqualTo(new Page.Events(events(0, 3), 3));

    publish(log, 3, 4);
    assertThat(log.read(0, 10)).isEqualTo(new Page.Lagged(1));
    assertThat(log.read(1, 10)).isEqualTo(new Page.Events(events(1, 4), 4));

    publish(log, 4, 11);
    assertThat(log.read(7, 10)).isEqualTo(new Page.Lagged(8));
    assertThat(log.read(8, 10)).isEqualTo(new Page.Events(events(8, 11), 11));
  }

  @Test
  void read_withACursorOfALongerLog_isLagged() {
    EventLog log = EventLog.ofCapacity(3);
    publish(log, 0, 5);

    assertThat(log.read(6, 1)).isEqualTo(new Page.Lagged(2));
  }

  @Test
  void read_belowTheLog_isRefused() {
    EventLog log = EventLog.ofCapacity(3);

    assertThatThrownBy(() -> log.read(-1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("negative cursor: -1");
  }

  @Test
  void read_ofNoEvents_isRefused() {
    EventLog log = EventLog.ofCapacity(3);
    publish(log, 0, 2);

    for (int most : new int[] {0, -1}) {
      assertThatThrownBy(() -> log.read(0, most))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a page has room for at least one event, not " + most);
    }
  }

  @Test
  void read_ofRandomPages_agreesWithAListThatKeepsEverything() {
    SeededRun.of(200, 60)
        .check(
            (random, size) -> {
              int capacity = 1 + random.nextInt(8);
              EventLog log = EventLog.ofCapacity(capacity);
              int written = 0;
              for (int i = 0; i < size; i++) {
                int more = random.nextInt(4);
                publish(log, written, written + more);
                written += more;
                long cursor = random.nextInt(written + 1);
                int most = 1 + random.nextInt(5);
                Page expected =
                    cursor < written - capacity
                        ? new Page.Lagged(written - capacity)
                        : new Page.Events(
                            events(cursor, Math.min(written, cursor + most)),
                            Math.min(written, cursor + most));
                assertThat(log.read(cursor, most)).isEqualTo(expected);
              }
            });
  }

  @Test
  @Timeout(60)
  void read_byManyReadersWhileTheWriterWrites_neverGapsOrRepeats() throws Exception {
    int total = 20_000;
    int readers = 3;
    EventLog log = EventLog.ofCapacity(64);
    ExecutorService threads = Executors.newFixedThreadPool(readers + 1);
    try {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        results.add(threads.submit(reader(log, total)));
      }
      threads
          .submit(() -> IntStream.range(0, total).forEach(n -> publish(log, n, n + 1)))
          .get(30, TimeUnit.SECONDS);
      for (Future<Boolean> result : results) {
        assertThat(result.get(30, TimeUnit.SECONDS)).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Reads to the end; a lag is the one permitted gap, and it says how wide it is. */
  private static Callable<Boolean> reader(EventLog log, int total) {
    return () -> {
      long cursor = 0;
      boolean inOrder = true;
      while (cursor < total) {
        Page page = log.read(cursor, 7);
        if (page instanceof Page.Lagged lagged) {
          inOrder &= lagged.oldest() > cursor;
          cursor = lagged.oldest();
        } else if (page instanceof Page.Events found) {
          inOrder &= found.events().equals(events(cursor, found.cursor()));
          cursor = found.cursor();
          Thread.onSpinWait();
        }
      }
      return inOrder;
    };
  }

  @Test
  void subscribe_eventsCome_wakesOnceForEachPublication() {
    EventLog log = EventLog.ofCapacity(10);
    AtomicInteger wakes = new AtomicInteger();
    log.subscribe(wakes::incrementAndGet);

    log.publish(log.seal());
    assertThat(wakes).hasValue(0);

    log.stage(event(0));
    log.stage(event(1));
    log.publish(log.seal());
    assertThat(wakes).hasValue(1);
  }

  @Test
  void subscribe_sameTwice_closingOneTwiceLeavesTheOther() {
    EventLog log = EventLog.ofCapacity(10);
    AtomicInteger wakes = new AtomicInteger();
    Runnable wake = wakes::incrementAndGet;
    EventReader.Subscription first = log.subscribe(wake);
    log.subscribe(wake);

    first.close();
    first.close();
    log.stage(event(0));
    log.publish(log.seal());

    assertThat(wakes).hasValue(1);
  }

  @Test
  void subscribe_oneThrows_othersAreWokenAndTheWriterIsNotHarmed() {
    EventLog log = EventLog.ofCapacity(10);
    AtomicInteger wakes = new AtomicInteger();
    log.subscribe(
        () -> {
          throw new IllegalStateException("a bug of the host");
        });
    log.subscribe(wakes::incrementAndGet);

    log.stage(event(0));
    log.publish(log.seal());

    assertThat(wakes).hasValue(1);
    assertThat(log.cursor()).isEqualTo(1);
  }

  @Test
  void isReorg_ofATipChange_isTrueOnlyIfBlocksLeft() {
    BlockRef left = new BlockRef(1, Hash256.ZERO);
    BlockRef joined = new BlockRef(1, Hash256.ofWords(1, 0, 0, 0));

    assertThat(new TipChanged(List.of(), List.of(joined)).isReorg()).isFalse();
    assertThat(new TipChanged(List.of(left), List.of(joined)).isReorg()).isTrue();
  }

  @Test
  void new_tipChange_copiesItsLists() {
    List<BlockRef> connected = new ArrayList<>(List.of(new BlockRef(1, Hash256.ZERO)));
    TipChanged change = new TipChanged(List.of(), connected);
    connected.clear();

    assertThat(change.connected()).hasSize(1);
  }
}
