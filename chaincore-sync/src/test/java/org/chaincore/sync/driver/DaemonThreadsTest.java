package org.chaincore.sync.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DaemonThreadsTest {
  private static final int ROUNDS = 300;

  private final List<Thread> made = new ArrayList<>();
  private final DaemonThreads threads = DaemonThreads.named("some");

  private ExecutorService executor() {
    return Executors.newFixedThreadPool(
        2,
        task -> {
          Thread thread = threads.newThread(task);
          made.add(thread);
          return thread;
        });
  }

  private static long in(long seconds) {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void newThread_isADaemonWithANumberInItsName() {
    assertThat(threads.newThread(() -> {}).getName()).isEqualTo("some-1");
    assertThat(threads.newThread(() -> {})).matches(Thread::isDaemon);
  }

  @Test
  void awaitEnd_leavesNoThreadAliveNotEvenAtItsLastStep() throws InterruptedException {
    for (int i = 0; i < ROUNDS; i++) {
      ExecutorService executor = executor();
      executor.execute(() -> {});
      executor.shutdown();
      assertThat(threads.awaitEnd(executor, in(20))).isTrue();
      assertThat(made).isNotEmpty().noneMatch(Thread::isAlive);
      made.clear();
    }
  }

  @Test
  void awaitEnd_ofAThreadThatStays_saysSoInTime() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    ExecutorService executor = executor();
    executor.execute(
        () -> {
          try {
            release.await();
          } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
          }
        });
    executor.shutdown();
    assertThat(threads.awaitEnd(executor, System.nanoTime())).isFalse();
    release.countDown();
    assertThat(threads.awaitEnd(executor, in(20))).isTrue();
  }

  @Test
  void awaitEnd_fromOneOfTheThreads_doesNotWaitForItself() throws InterruptedException {
    ExecutorService executor = executor();
    AtomicReference<Boolean> said = new AtomicReference<>();
    executor.execute(
        () -> {
          executor.shutdown();
          try {
            said.set(threads.awaitEnd(executor, in(1_000)));
          } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
          }
        });
    assertThat(executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(said).hasValue(false);
  }
}
