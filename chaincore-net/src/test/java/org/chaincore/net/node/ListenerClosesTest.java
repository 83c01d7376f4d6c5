package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.chaincore.core.config.Networks;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.script.KeyPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners that close the node that tells them something. */
@Timeout(60)
final class ListenerClosesTest {
  private static final Duration CLOSE_TIME = Duration.ofSeconds(20);

  private static NodeBuilder miner() {
    return ChainNode.builder()
        .network(Networks.regtest())
        .mineTo(KeyPair.ofSeed(new byte[32]).payToWitnessPubkeyHash());
  }

  private static boolean isClosed(NodeEvents<?> events) {
    try {
      events.listen(event -> {}).close();
      return false;
    } catch (IllegalStateException closed) {
      return true;
    }
  }

  @Test
  void close_byAListener_isNotInterruptedAndTellsItTheRest() throws Exception {
    Queue<Long> heard = new ConcurrentLinkedQueue<>();
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    ChainNode node = miner().start();
    var unused =
        node.events()
            .listen(
                0,
                event -> {
                  if (event.cursor() == 0) {
                    node.whenHeight(3).join();
                    List<String> left = node.close(CLOSE_TIME);
                    interrupted.complete(Thread.currentThread().isInterrupted());
                    assertThat(left).containsExactly("events", "threads");
                  }
                  heard.add(event.cursor());
                });

    assertThat(interrupted.get(30, TimeUnit.SECONDS)).isFalse();
    assertThat(node.close(CLOSE_TIME)).isEmpty();
    assertThat(heard)
        .hasSizeGreaterThanOrEqualTo(3)
        .containsExactlyElementsOf(LongStream.range(0, node.events().cursor()).boxed().toList());
  }

  @Test
  void close_byAListenerThatAnotherCloserWaitsFor_comesBackAtOnce() throws Exception {
    CountDownLatch within = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<List<String>> ofListener = new CompletableFuture<>();
    Queue<NodeEvent<ChainEvent>> heard = new ConcurrentLinkedQueue<>();
    ChainNode node = miner().start();
    var unused =
        node.events()
            .listen(
                0,
                event -> {
                  if (event.cursor() == 0) {
                    within.countDown();
                    awaitQuietly(release);
                    ofListener.complete(node.close(CLOSE_TIME));
                  }
                  heard.add(event);
                });
    within.await();

    CompletableFuture<List<String>> ofHost =
        CompletableFuture.supplyAsync(() -> node.close(CLOSE_TIME));
    while (!isClosed(node.events())) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    release.countDown();

    assertThat(ofListener.get(30, TimeUnit.SECONDS)).contains("events");
    assertThat(ofHost.get(30, TimeUnit.SECONDS)).isEmpty();
    assertThat(heard).hasSize((int) node.events().cursor());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
