package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class HeadStartTest {
  private final AtomicInteger times = new AtomicInteger();

  @Test
  void get_noThreadWasFree_doesItHere() {
    HeadStart<Integer> work = HeadStart.begin(task -> {}, times::incrementAndGet);
    assertThat(times).hasValue(0);
    assertThat(work.get()).isEqualTo(1);
    assertThat(work.get()).isEqualTo(1);
  }

  @Test
  void get_executorIsClosed_doesItHere() {
    HeadStart<Integer> work =
        HeadStart.begin(
            task -> {
              throw new RejectedExecutionException();
            },
            times::incrementAndGet);
    assertThat(work.get()).isEqualTo(1);
  }

  @Test
  void get_isUnderWayElsewhere_waitsForIt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      HeadStart<String> work =
          HeadStart.begin(
              other,
              () -> {
                begun.countDown();
                awaitUninterrupted(mayEnd);
                return Thread.currentThread().getName();
              });
      begun.await();
      Thread.currentThread().interrupt(); // It waits on, and says so afterwards.
      new Thread(mayEnd::countDown).start();
      assertThat(work.get()).isNotEqualTo(Thread.currentThread().getName());
      assertThat(Thread.interrupted()).isTrue();
    } finally {
      other.shutdownNow();
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void begin_inAThreadOfOtherClasses_findsThoseOfTheCaller() throws Exception {
    ClassLoader callers = Thread.currentThread().getContextClassLoader();
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      var unused =
          other.submit(
              () ->
                  Thread.currentThread()
                      .setContextClassLoader(ClassLoader.getPlatformClassLoader()));
      HeadStart<ClassLoader> work =
          HeadStart.begin(other, () -> Thread.currentThread().getContextClassLoader());
      assertThat(other.submit(() -> Thread.currentThread().getContextClassLoader()).get())
          .isSameAs(ClassLoader.getPlatformClassLoader());
      assertThat(work.get()).isSameAs(callers);
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void get_ofWorkThatFailed_throwsWhatItThrew() {
    IllegalStateException failure = new IllegalStateException("no");
    HeadStart<Integer> work =
        HeadStart.begin(
            Runnable::run,
            () -> {
              throw failure;
            });
    assertThatThrownBy(work::get).isSameAs(failure);
    LinkageError error = new LinkageError("no");
    HeadStart<Integer> broken =
        HeadStart.begin(
            Runnable::run,
            () -> {
              throw error;
            });
    assertThatThrownBy(broken::get).isSameAs(error);
  }
}
