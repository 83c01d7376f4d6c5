package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ShutdownTest {
  private static final Duration NO_TIME = Duration.ZERO;
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Shutdown shutdown = new Shutdown();
  private final List<String> closed = new ArrayList<>();

  private void add(String name) {
    shutdown.add(
        name,
        within -> {
          closed.add(name);
          return true;
        });
  }

  @Test
  void run_always_closesLastOpenedFirstAndOnce() {
    add("store");
    add("peers");

    assertThat(shutdown.run(NO_TIME)).isEmpty();
    assertThat(shutdown.run(NO_TIME)).isEmpty();

    assertThat(closed).containsExactly("peers", "store");
  }

  @Test
  void run_again_namesWhatStillHasNotStopped() {
    CompletableFuture<Void> end = new CompletableFuture<>();
    add("store");
    shutdown.add("slow", within -> end.isDone());
    add("peers");

    assertThat(shutdown.run(NO_TIME)).containsExactly("slow");
    assertThat(shutdown.run(NO_TIME)).containsExactly("slow");
    end.complete(null);
    assertThat(shutdown.run(NO_TIME)).isEmpty();

    assertThat(closed).containsExactly("peers", "store");
  }

  @Test
  void run_ofAPartThatFails_closesTheOthersAndNamesItEachTime() {
    List<String> tried = new ArrayList<>();
    add("store");
    shutdown.add(
        "broken",
        within -> {
          tried.add("broken");
          throw new IllegalStateException("broken");
        });

    assertThat(shutdown.run(NO_TIME)).containsExactly("broken");
    assertThat(shutdown.run(NO_TIME)).containsExactly("broken");

    assertThat(tried).hasSize(1);
    assertThat(closed).containsExactly("store");
  }

  @Test
  void run_whileAnotherIsAtIt_waitsForItOrNamesTheRest() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    add("store");
    shutdown.add(
        "slow",
        within -> {
          begun.countDown();
          return release.await(30, TimeUnit.SECONDS);
        });
    CompletableFuture<List<String>> first = CompletableFuture.supplyAsync(() -> shutdown.run(LONG));
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

    assertThat(shutdown.run(NO_TIME)).containsExactly("slow", "store");
    CompletableFuture<List<String>> second =
        CompletableFuture.supplyAsync(() -> shutdown.run(LONG));
    release.countDown();

    assertThat(first.get(30, TimeUnit.SECONDS)).isEmpty();
    assertThat(second.get(30, TimeUnit.SECONDS)).isEmpty();
    assertThat(closed).containsExactly("store");
  }

  @Test
  void run_interrupted_closesTheRestAndKeepsTheInterrupt() {
    add("store");
    shutdown.add(
        "slow",
        within -> {
          throw new InterruptedException();
        });

    assertThat(shutdown.run(NO_TIME)).containsExactly("slow");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(closed).containsExactly("store");
  }

  @Test
  void run_byAThreadThatIsInterrupted_closesAllWithoutTheInterruptAndKeepsIt() {
    List<Boolean> seen = new ArrayList<>();
    add("store");
    shutdown.add(
        "restless",
        within -> {
          seen.add(Thread.currentThread().isInterrupted());
          Thread.currentThread().interrupt();
          return true;
        });
    shutdown.add(
        "peers",
        within -> {
          seen.add(Thread.currentThread().isInterrupted());
          return new CountDownLatch(0).await(1, TimeUnit.SECONDS);
        });
    Thread.currentThread().interrupt();

    List<String> left = shutdown.run(LONG);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(left).isEmpty();
    assertThat(seen).containsExactly(false, false);
    assertThat(closed).containsExactly("store");
  }

  @Test
  void run_ofAPartThatFailsWithAnError_closesTheOthers() {
    add("store");
    shutdown.add(
        "broken",
        within -> {
          throw new NoClassDefFoundError("missing");
        });

    assertThat(shutdown.run(NO_TIME)).containsExactly("broken");

    assertThat(closed).containsExactly("store");
  }

  @Test
  void whenRun_beforeAndAfter_isToldOnce() {
    List<String> told = new ArrayList<>();
    Runnable forgotten = () -> told.add("forgotten");
    shutdown.whenRun(() -> told.add("before"));
    shutdown.whenRun(forgotten);
    shutdown.forget(forgotten);

    shutdown.run(NO_TIME);
    shutdown.whenRun(() -> told.add("after"));
    shutdown.run(NO_TIME);

    assertThat(told).containsExactly("before", "after");
  }
}
