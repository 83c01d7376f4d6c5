package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.config.Networks;
import org.chaincore.sync.driver.SyncDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes whose own thread has as much to do as it takes. */
@Timeout(60)
final class BusyDriverTest {
  private static final Duration CLOSE_TIME = Duration.ofSeconds(20);

  private final DurableHeap heap = new DurableHeap();
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private volatile boolean isBusy;

  @AfterEach
  void goOn() {
    release.countDown();
  }

  /** Time stands still for the driver while it is busy. */
  private long millis() {
    if (isBusy && Thread.currentThread().getName().startsWith("chaincore-sync")) {
      held.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return System.currentTimeMillis();
  }

  private ChainNode start() {
    return ChainNode.builder()
        .network(Networks.regtest())
        .store(heap.store())
        .clock(this::millis)
        .start();
  }

  private void fill(SyncDriver driver) throws InterruptedException {
    isBusy = true;
    driver.mines(0);
    held.await();
    boolean isFull = false;
    while (!isFull) {
      try {
        driver.mines(0);
      } catch (IllegalStateException full) {
        isFull = true;
      }
    }
  }

  /** Wishes are done in order. */
  private static void awaitIdle(SyncDriver driver) throws Exception {
    CompletableFuture<?> last = null;
    while (last == null) {
      try {
        last = driver.peersToKeep();
      } catch (IllegalStateException full) {
        Thread.onSpinWait();
      }
    }
    last.get(30, TimeUnit.SECONDS);
  }

  @Test
  void close_whileTheDriverTakesNothingMore_saysSoAndIsDoneByTheNext() throws Exception {
    ChainNode node = start();
    fill(node.sync());

    // Whether its thread has ended by then is a matter of chance: closing interrupts it.
    assertThat(node.close(Duration.ofMillis(50))).contains("memory");
    release.countDown();

    assertThat(node.close(CLOSE_TIME)).isEmpty();
    assertThat(heap.sections).containsKey(NodeKeeper.MEMPOOL);
  }

  /** Keeps what it was to do later. */
  private static final class Later extends ScheduledThreadPoolExecutor {
    private final List<Runnable> tasks = new ArrayList<>();

    Later() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable task, long first, long delay, TimeUnit unit) {
      tasks.add(task);
      return super.scheduleWithFixedDelay(() -> {}, 1, 1, TimeUnit.DAYS);
    }
  }

  @Test
  void keepSettings_whileTheDriverTakesNothingMore_isDoneLater() throws Exception {
    Later later = new Later();
    CountDownLatch kept = new CountDownLatch(1);
    try (ChainNode node = start()) {
      NodeKeeper keeper = new NodeKeeper(heap.store(), later);
      keeper.begin(node.sync());
      fill(node.sync());

      keeper.keepSettings(node.sync());
      release.countDown();
      awaitIdle(node.sync());
      assertThat(heap.sections).doesNotContainKey(NodeKeeper.SETTINGS);
      later.tasks.get(0).run();
      var unused = node.sync().peersToKeep().thenRunAsync(kept::countDown, later);

      assertThat(kept.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(heap.sections).containsKeys(NodeKeeper.SETTINGS, NodeKeeper.PEERS);
    } finally {
      later.shutdownNow();
    }
  }
}
