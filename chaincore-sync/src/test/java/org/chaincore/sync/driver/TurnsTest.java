package org.chaincore.sync.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One turn at a time, and none forgotten. */
@Timeout(60)
final class TurnsTest {
  private static DriverSetup.Host lending(ScheduledExecutorService executor) {
    return new DriverSetup.Host(System::currentTimeMillis, event -> {}, executor);
  }

  private static DriverSetup.Host lendingNothing() {
    return DriverSetup.Host.withClock(System::currentTimeMillis);
  }

  @Test
  void wake_fromManyThreadsOnManyThreads_isOneTurnAtATimeAndNoneIsLost() throws Exception {
    ScheduledExecutorService executor = Executors.newScheduledThreadPool(8);
    AtomicInteger waiting = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    AtomicInteger inside = new AtomicInteger();
    AtomicBoolean overlapped = new AtomicBoolean();
    int wakes = 40_000;
    CountDownLatch all = new CountDownLatch(wakes);
    Turns turns =
        Turns.of(
            lending(executor),
            () -> {
              overlapped.compareAndSet(false, inside.incrementAndGet() != 1);
              int taken = waiting.getAndSet(0);
              done.addAndGet(taken);
              for (int i = 0; i < taken; i++) {
                all.countDown();
              }
              inside.decrementAndGet();
              return false;
            });
    Thread[] wakers = new Thread[4];
    for (int i = 0; i < wakers.length; i++) {
      wakers[i] =
          new Thread(
              () -> {
                for (int n = 0; n < wakes / 4; n++) {
                  waiting.incrementAndGet();
                  turns.wake();
                }
              });
      wakers[i].start();
    }

    assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(done.get()).isEqualTo(wakes);
    assertThat(overlapped).isFalse();
    assertThat(turns.stop(10_000)).isTrue();
    assertThat(executor.isShutdown()).as("it is the host's").isFalse();
    executor.shutdownNow();
  }

  @Test
  void work_thatHasMoreOrThrows_goesOn() throws Exception {
    CountDownLatch turns3 = new CountDownLatch(3);
    Turns turns =
        Turns.of(
            lendingNothing(),
            () -> {
              turns3.countDown();
              if (turns3.getCount() == 2) {
                throw new IllegalStateException("a bug");
              }
              return turns3.getCount() > 0;
            });

    turns.wake();

    assertThat(turns3.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(turns.stop(10_000)).isTrue();
    assertThat(turns.stop(10_000)).as("a second time").isTrue();
  }

  @Test
  void wakeIn_takesThePlaceOfTheOneBefore() throws Exception {
    CountDownLatch second = new CountDownLatch(2);
    AtomicReference<Turns> turns = new AtomicReference<>();
    turns.set(
        Turns.of(
            lendingNothing(),
            () -> {
              if (second.getCount() == 2) {
                turns.get().wakeIn(3_600_000);
                turns.get().wakeIn(-5);
              }
              second.countDown();
              return false;
            }));

    turns.get().wake();

    assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(turns.get().stop(10_000)).isTrue();
  }

  @Test
  void stop_fromWithinTheWork_doesNotWaitForItself() throws Exception {
    ScheduledExecutorService executor = Executors.newScheduledThreadPool(1);
    for (DriverSetup.Host host : new DriverSetup.Host[] {lendingNothing(), lending(executor)}) {
      AtomicReference<Turns> turns = new AtomicReference<>();
      AtomicInteger done = new AtomicInteger();
      CountDownLatch stopped = new CountDownLatch(1);
      turns.set(
          Turns.of(
              host,
              () -> {
                done.incrementAndGet();
                try {
                  assertThat(turns.get().stop(60_000)).isFalse();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                stopped.countDown();
                return true;
              }));

      turns.get().wake();

      assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(turns.get().stop(10_000)).isTrue();
      assertThat(done).hasValue(1);
    }
    executor.shutdownNow();
  }

  @Test
  void stop_whileWorkHangs_isSaid() throws Exception {
    CountDownLatch isWorking = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    ScheduledExecutorService executor = Executors.newScheduledThreadPool(1);
    Turns turns =
        Turns.of(
            lending(executor),
            () -> {
              isWorking.countDown();
              awaitQuietly(mayEnd);
              return false;
            });
    turns.wake();
    assertThat(isWorking.await(10, TimeUnit.SECONDS)).isTrue();

    assertThat(turns.stop(10)).isFalse();
    mayEnd.countDown();
    assertThat(turns.stop(10_000)).isTrue();
    executor.shutdownNow();
  }

  @Test
  void executor_thatTheHostHasClosed_countsAsStopped() throws Exception {
    ScheduledExecutorService executor = Executors.newScheduledThreadPool(1);
    Turns turns = Turns.of(lending(executor), () -> false);
    executor.shutdownNow();

    turns.wake();
    turns.wakeIn(5);

    assertThat(turns.stop(1_000)).isTrue();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
