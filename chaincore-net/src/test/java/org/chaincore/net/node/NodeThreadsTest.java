package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NodeThreadsTest {
  @Test
  void signatureWorkers_ofALentExecutor_areItsThreads() throws Exception {
    ScheduledThreadPoolExecutor lent = new ScheduledThreadPoolExecutor(1);
    try {
      NodeThreads threads = NodeThreads.of(lent);

      assertThat(threads.signatureWorkers().executor()).isSameAs(lent);
      assertThat(threads.signatureWorkers().count())
          .isEqualTo(Runtime.getRuntime().availableProcessors());
    } finally {
      lent.shutdownNow();
    }
  }

  @Test
  void close_byAListener_neitherInterruptsItNorWaitsForIt() throws Exception {
    NodeThreads threads = NodeThreads.of(null);
    CompletableFuture<List<Boolean>> seen = new CompletableFuture<>();

    threads
        .listeners()
        .execute(
            () -> {
              try {
                boolean isWithin = threads.isWithinListener();
                boolean hasEnded = threads.close(Duration.ofDays(1));
                seen.complete(List.of(isWithin, hasEnded, Thread.currentThread().isInterrupted()));
              } catch (InterruptedException e) {
                seen.completeExceptionally(e);
              }
            });

    assertThat(seen.get(30, TimeUnit.SECONDS)).containsExactly(true, false, false);
    assertThat(threads.isWithinListener()).isFalse();
    assertThat(threads.close(Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void isWithinListener_ofAnExecutorThatRunsWhatItIsHanded_lastsForTheOuterCall() {
    ScheduledThreadPoolExecutor inline =
        new ScheduledThreadPoolExecutor(1) {
          @Override
          public void execute(Runnable task) {
            task.run();
          }
        };
    NodeThreads threads = NodeThreads.of(inline);
    List<Boolean> seen = new ArrayList<>();

    threads
        .listeners()
        .execute(
            () -> {
              threads.listeners().execute(() -> seen.add(threads.isWithinListener()));
              seen.add(threads.isWithinListener());
            });

    assertThat(seen).containsExactly(true, true);
    assertThat(threads.isWithinListener()).isFalse();
    inline.shutdownNow();
  }

  @Test
  void signatureWorkers_ofANodeThatIsLentNothing_areItsOwn() throws Exception {
    NodeThreads threads = NodeThreads.of(null);

    assertThat(threads.signatureWorkers().executor()).isSameAs(threads.workers());
    assertThat(threads.close(Duration.ofSeconds(30))).isTrue();
  }
}
