package org.chaincore.sync.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.transport.MemoryNetwork;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole nodes with threads of their own or lent ones, over the in-memory network. */
@Timeout(300)
final class DriverStressTest {
  private static final long WAIT_SECONDS = 100;

  /** Some nodes, and somebody who waits for what becomes of them. */
  private static final class Town {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition somethingHappened = lock.newCondition();
    private final long startNanos = System.nanoTime();
    final List<ChainFixture> chains = new ArrayList<>();
    final List<SyncDriver> drivers = new ArrayList<>();

    Town(int nodes, MemoryNetwork network, @Nullable ScheduledExecutorService executor) {
      for (int i = 0; i < nodes; i++) {
        ChainFixture chain = ChainFixture.begin();
        TestNode node = TestNode.on(chain, i);
        DriverSetup.Host host =
            new DriverSetup.Host(
                () -> node.nowMillis() + (System.nanoTime() - startNanos) / 1_000_000,
                event -> happened(),
                executor);
        chain.engine().events().subscribe(this::happened);
        chains.add(chain);
        drivers.add(
            SyncDriver.start(
                new DriverSetup(
                    node.setup(),
                    network.transportAt(Conversation.addressOf(i + 1)),
                    LockRegistry.create(),
                    host)));
      }
    }

    private void happened() {
      lock.lock();
      try {
        somethingHappened.signalAll();
      } finally {
        lock.unlock();
      }
    }

    void connect(int from, int to) {
      drivers.get(from).connect(Conversation.addressOf(to + 1));
    }

    void await(BooleanSupplier condition) throws InterruptedException {
      long nanos = TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
      lock.lock();
      try {
        while (!condition.getAsBoolean()) {
          nanos = somethingHappened.awaitNanos(nanos);
          assertThat(nanos).as("time left").isPositive();
        }
      } finally {
        lock.unlock();
      }
    }

    Hash256 tip(int node) {
      return chains.get(node).engine().view().tip().hash();
    }

    boolean isOneTip() {
      Set<Hash256> tips = new HashSet<>();
      for (int i = 0; i < chains.size(); i++) {
        tips.add(tip(i));
      }
      return tips.size() == 1;
    }

    /** Makes one chain better than all others. */
    void settle() {
      chains.stream()
          .max(Comparator.comparing((ChainFixture chain) -> chain.engine().view().work()))
          .orElseThrow()
          .mine(3);
    }

    void close() {
      for (SyncDriver driver : drivers) {
        assertThat(driver.close(Duration.ofSeconds(30))).isTrue();
      }
    }
  }

  private static void act(Town town, RandomGenerator random) {
    int nodes = town.chains.size();
    int node = random.nextInt(nodes);
    ChainFixture chain = town.chains.get(node);
    switch (random.nextInt(4)) {
      case 0 -> town.connect(node, random.nextInt(nodes));
      case 1, 2 -> chain.mine(1 + random.nextInt(3));
      default -> {
        if (chain.engine().view().height() > 2 * ChainFixture.MATURITY) {
          try {
            chain.offer(chain.pay(chain.coin(), 1_000));
          } catch (IllegalStateException noCoin) {
            chain.mine(1);
          }
        }
      }
    }
  }

  @Test
  void nodes_thatMinePayAndConnectAtRandom_comeToOneChain() {
    ScheduledExecutorService lent = Executors.newScheduledThreadPool(4);
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    SeededRun.of(8, 8)
        .check(
            (random, size) -> {
              MemoryNetwork network =
                  size % 3 == 0 ? MemoryNetwork.withLatency(1, clock) : MemoryNetwork.immediate();
              Town town = new Town(size + 1, network, size % 2 == 0 ? lent : null);
              try {
                for (int i = 0; i < size; i++) {
                  town.connect(i, i + 1);
                }
                for (int i = 0; i < 60; i++) {
                  act(town, random);
                }
                town.settle();
                town.await(town::isOneTip);
              } finally {
                town.close();
              }
            });
    lent.shutdownNow();
    clock.shutdownNow();
  }

  @Test
  void hundredNodes_inOneProcess_followOneChainAndLeaveNoThread() throws InterruptedException {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Town town = new Town(100, MemoryNetwork.immediate(), null);
    for (int i = 1; i < 100; i++) {
      town.connect(i, i / 2);
    }

    town.chains.get(50).mine(20);
    town.await(town::isOneTip);
    assertThat(town.chains.get(99).engine().view().height()).isEqualTo(20);
    town.close();

    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!before.contains(thread) && thread.getName().startsWith("chaincore-sync")) {
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }
}
