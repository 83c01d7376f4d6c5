package org.chaincore.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("LockNotBeforeTry") // the tests take locks one by one on purpose
final class LockRegistryTest {
  private final LockRegistry registry =
      LockRegistry.create(LockSettings.defaults().holdSampling(1));
  private final RankedReadWriteLock utxo = registry.lock("utxo", LockRank.UTXO);
  private final RankedReadWriteLock chain = registry.lock("chain", LockRank.CHAIN);

  @Test
  void lock_takenOrBlankName_isRefused() {
    assertThatThrownBy(() -> registry.lock("chain", LockRank.PEERS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("chain");
    assertThatThrownBy(() -> registry.lock("", LockRank.PEERS))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void stats_afterUse_countOutermostAcquiresInRankOrder() {
    for (int i = 0; i < 5; i++) {
      chain.readLock().lock();
      chain.readLock().lock();
      utxo.writeLock().lock();
      utxo.writeLock().unlock();
      chain.readLock().unlock();
      chain.readLock().unlock();
    }
    assertThat(registry.stats().keySet()).containsExactly("chain", "utxo");
    LockStats stats = chain.stats();
    assertThat(stats.readAcquisitions()).isEqualTo(5);
    assertThat(stats.writeAcquisitions()).isZero();
    assertThat(stats.acquisitions()).isEqualTo(5);
    assertThat(stats.contentions()).isZero();
    assertThat(stats.readHolds().samples()).isEqualTo(5);
    assertThat(stats.readHolds().quantileNanos(0.5)).isPositive();
    assertThat(utxo.stats().writeHolds().samples()).isEqualTo(5);
  }

  @Test
  void stats_afterAWait_tellItsTime() throws Exception {
    try (Crew crew = new Crew()) {
      chain.writeLock().lock();
      Crew.Hand reader = crew.start("reader", () -> chain.readLock().lock());
      Crew.untilWaiting(chain, 1);
      chain.writeLock().unlock();
      reader.finish();
    }
    LockStats stats = chain.stats();
    assertThat(stats.contentions()).isEqualTo(1);
    assertThat(stats.waits().maxReadNanos()).isPositive().isEqualTo(stats.waits().totalNanos());
  }

  @Test
  void stats_afterThousandsOfThreads_keepTheCountsOfThoseThatEnded() throws Exception {
    try (Crew crew = new Crew()) {
      for (int i = 0; i < 500; i++) {
        crew.run(
            () -> {
              chain.readLock().lock();
              chain.readLock().unlock();
            });
      }
    }
    assertThat(chain.stats().readAcquisitions()).isEqualTo(500);
    assertThat(registry.knownThreads()).isLessThan(200);
  }

  @Test
  void assertNoneHeld_underALock_throwsAndNamesIt() {
    registry.assertNoneHeld("publishing");
    chain.readLock().lock();
    assertThatThrownBy(() -> registry.assertNoneHeld("publishing"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("publishing")
        .hasMessageContaining("read of chain");
    chain.readLock().unlock();
    registry.assertNoneHeld("publishing");
  }

  @Test
  void explain_holdersAndWaiters_areNamed() throws Exception {
    try (Crew crew = new Crew()) {
      chain.readLock().lock();
      Crew.Hand writer =
          crew.start("the writer", () -> chain.withPriority(LockPriority.API).writeLock().lock());
      Crew.untilWaiting(chain, 1);
      Crew.until("the gate is shut", () -> chain.turnstile().isShut());
      assertThat(registry.explain())
          .contains(
              "chain [CHAIN/100]: held, gate shut",
              Thread.currentThread().getName() + " reads",
              "the writer waits",
              "ms to write as API",
              "utxo [UTXO/200]: free");
      chain.readLock().unlock();
      writer.finish();
      assertThat(registry.explain()).contains("the writer writes");
    }
  }

  @Test
  void explain_holderThatEnded_saysSo() throws Exception {
    LockRegistry sited = LockRegistry.create(LockSettings.defaults().recordSites(true));
    assertThat(sited.explain()).isEqualTo("no locks\n");
    RankedReadWriteLock lock = sited.lock("lock", LockRank.CHAIN);
    CountDownLatch taken = new CountDownLatch(1);
    try (Crew crew = new Crew()) {
      Crew.Hand hand =
          crew.start(
              "lost",
              () -> {
                lock.writeLock().lock();
                taken.countDown();
              });
      taken.await();
      hand.thread().join();
      assertThat(sited.explain())
          .contains("lost writes, taken at ", "LockRegistryTest", "(this thread has ended)");
    }
  }

  @Test
  void settings_withoutMeaning_areRefused() {
    LockSettings good = LockSettings.defaults();
    assertThatThrownBy(() -> good.turn(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> good.turn(Duration.ofDays(1000)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> good.writersInARow(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> good.searchAfter(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> good.searchAfter(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> good.searchAfter(Duration.ofDays(1000)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> good.holdSampling(3)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> good.holdSampling(Integer.MIN_VALUE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(good.writersInARow(7).writersInARow()).isEqualTo(7);
    assertThat(LockRegistry.create(good).settings()).isEqualTo(good);
  }
}
