package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.core.pow.FixedDifficulty;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.value.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mining where no block is found, where the store fails, and where the threads are gone. */
@Timeout(60)
final class MinerTest {
  private static final KeyPair MINER = KeyPair.ofSeed(new byte[32]);

  /** A network on which one machine finds nothing within the time of a test. */
  private static ChainParams hopeless() {
    Target hard = Target.ofBits(0x1b00ffff);
    return ChainParams.builder("hopeless", 0xd4c3b2a2)
        .genesis("Hopeless", 1_600_000_000L, 0x1b00ffff)
        .work(hard, new FixedDifficulty(0x1b00ffff))
        .build();
  }

  private static NodeBuilder mining(ChainParams params) {
    return ChainNode.builder().network(params).mineTo(MINER.payToWitnessPubkeyHash());
  }

  @Test
  void mine_withoutSuccess_goesOnTurnByTurnAndStopsAtOnce() {
    ChainNode node = mining(hopeless()).start();
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200)); // A few turns of 50 ms.

    assertThat(node.tip().height()).isZero();
    assertThat(node.close(Duration.ofSeconds(20))).isEmpty();
  }

  @Test
  void mine_onAStoreThatFails_goesOnWhenItDoesNot() throws Exception {
    DurableHeap heap = new DurableHeap();
    try (ChainNode node = mining(Networks.regtest()).store(heap.store()).start()) {
      node.whenHeight(2).get(30, TimeUnit.SECONDS);
      heap.openFault = StoreFault.DISK_FULL;
      int height = node.tip().height();
      CompletableFuture<?> next = node.whenHeight(height + 5);
      heap.openFault = null;

      next.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void mine_inThreadsThatTheHostHasClosed_endsQuietly() {
    ScheduledExecutorService lent = Executors.newScheduledThreadPool(2);
    ChainNode node = mining(hopeless()).executor(lent).start();

    lent.shutdownNow();

    assertThat(node.tip().height()).isZero();
    node.close(Duration.ofSeconds(2));
  }
}
