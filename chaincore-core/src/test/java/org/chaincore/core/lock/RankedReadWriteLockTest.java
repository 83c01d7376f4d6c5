package org.chaincore.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("LockNotBeforeTry") // the tests take locks one by one on purpose
final class RankedReadWriteLockTest {
  private final LockRegistry registry = LockRegistry.create();
  private final RankedReadWriteLock chain = registry.lock("chain", LockRank.CHAIN);
  private final RankedReadWriteLock utxo = registry.lock("utxo", LockRank.UTXO);

  @Test
  void lock_ascendingOrder_isAllowed() {
    chain.writeLock().lock();
    utxo.readLock().lock();
    assertThat(registry.heldByCurrentThread()).containsExactly("chain", "utxo");
    utxo.readLock().unlock();
    chain.writeLock().unlock();
    assertThat(registry.heldByCurrentThread()).isEmpty();
  }

  @Test
  void everyAcquire_againstTheOrder_throwsAndTakesNothing() throws Exception {
    utxo.readLock().lock();
    List<Crew.Work> acquires = new ArrayList<>();
    for (Lock lock : List.of(chain.readLock(), chain.writeLock())) {
      acquires.add(() -> lock.lock());
      acquires.add(() -> lock.lockInterruptibly());
      acquires.add(() -> assertThat(lock.tryLock()).isTrue());
      acquires.add(() -> lock.tryLock(1, TimeUnit.SECONDS));
    }
    for (Crew.Work acquire : acquires) {
      assertThatThrownBy(acquire::run)
          .isInstanceOfSatisfying(
              LockOrderException.class,
              e -> {
                assertThat(e.requested()).isEqualTo("chain");
                assertThat(e.held()).isEqualTo("utxo");
                assertThat(e.heldSite()).isEmpty();
              })
          .hasMessageContaining("chain [CHAIN/100]")
          .hasMessageContaining("utxo [UTXO/200]")
          .hasMessageContaining("RankedReadWriteLockTest.java");
    }
    assertThat(registry.heldByCurrentThread()).containsExactly("utxo");
    utxo.readLock().unlock();
    try (Crew crew = new Crew()) {
      crew.run(() -> assertThat(chain.writeLock().tryLock()).isTrue());
    }
    assertThat(chain.stats().inversions()).isEqualTo(8);
  }

  @Test
  void lock_secondLockOfTheSameRank_throws() {
    RankedReadWriteLock other = registry.lock("chain2", LockRank.CHAIN);
    chain.readLock().lock();
    assertThatThrownBy(() -> other.readLock().lock()).isInstanceOf(LockOrderException.class);
    chain.readLock().unlock();
  }

  @Test
  void lock_afterReleaseOutOfOrder_comparesWithWhatIsStillHeld() {
    RankedReadWriteLock mempool = registry.lock("mempool", LockRank.MEMPOOL);
    chain.readLock().lock();
    utxo.writeLock().lock();
    mempool.readLock().lock();
    utxo.writeLock().unlock();
    assertThat(registry.heldByCurrentThread()).containsExactly("chain", "mempool");
    assertThatThrownBy(() -> utxo.readLock().lock()).isInstanceOf(LockOrderException.class);
    mempool.readLock().unlock();
    utxo.readLock().lock();
    assertThat(registry.heldByCurrentThread()).containsExactly("chain", "utxo");
    chain.readLock().unlock();
    utxo.readLock().unlock();
  }

  @Test
  void inversion_withSites_tellsWhereTheHeldLockWasTaken() {
    LockRegistry sited = LockRegistry.create(LockSettings.defaults().recordSites(true));
    RankedReadWriteLock first = sited.lock("first", LockRank.CHAIN);
    RankedReadWriteLock second = sited.lock("second", LockRank.UTXO);
    second.writeLock().lock();
    assertThatThrownBy(() -> first.readLock().lock())
        .isInstanceOfSatisfying(
            LockOrderException.class,
            e -> {
              StackTraceElement taken = e.heldSite().orElseThrow();
              assertThat(taken.getMethodName()).startsWith("inversion_withSites");
              assertThat(e)
                  .hasMessageContaining("taken at " + taken)
                  // The lambda that asks, one line below the lock that was taken.
                  .hasMessageContaining(":" + (taken.getLineNumber() + 1) + ") while it holds");
            });
    second.writeLock().unlock();
  }

  @Test
  void inversion_reportedOnly_goesOn() {
    LockRegistry lax = LockRegistry.create(LockSettings.defaults().onInversion(Reaction.REPORT));
    RankedReadWriteLock first = lax.lock("first", LockRank.CHAIN);
    RankedReadWriteLock second = lax.lock("second", LockRank.UTXO);
    second.writeLock().lock();
    first.writeLock().lock();
    assertThat(lax.heldByCurrentThread()).containsExactly("second", "first");
    first.writeLock().unlock();
    second.writeLock().unlock();
    assertThat(first.stats().inversions()).isEqualTo(1);
  }

  @Test
  void readLock_again_evenBehindAWaitingWriter_doesNotWait() throws Exception {
    try (Crew crew = new Crew()) {
      chain.readLock().lock();
      Crew.Hand writer = crew.start("writer", () -> chain.writeLock().lock());
      Crew.untilWaiting(chain, 1);
      chain.readLock().lock();
      chain.readLock().unlock();
      assertThat(writer.isDone()).isFalse();
      chain.readLock().unlock();
      writer.finish();
    }
  }

  @Test
  void writeLock_again_needsAsManyReleases() throws Exception {
    chain.writeLock().lock();
    chain.writeLock().lock();
    chain.writeLock().unlock();
    try (Crew crew = new Crew()) {
      crew.run(() -> assertThat(chain.readLock().tryLock()).isFalse());
      chain.writeLock().unlock();
      crew.run(() -> assertThat(chain.readLock().tryLock()).isTrue());
    }
  }

  @Test
  void writeLock_byAReader_isRefusedAtOnce() throws Exception {
    chain.readLock().lock();
    Lock write = chain.writeLock();
    List<Crew.Work> upgrades =
        List.of(
            write::lock,
            write::lockInterruptibly,
            write::tryLock,
            () -> write.tryLock(1, TimeUnit.HOURS));
    for (Crew.Work upgrade : upgrades) {
      assertThatThrownBy(upgrade::run)
          .isInstanceOf(LockOrderException.class)
          .hasMessageContaining("only reads");
    }
    chain.readLock().unlock();
    write.lock();
    write.unlock();
  }

  @Test
  void downgrade_letsReadersInAndKeepsWritersOut() throws Exception {
    chain.writeLock().lock();
    chain.readLock().lock();
    chain.writeLock().unlock();
    assertThat(chain.isWriteHeldByCurrentThread()).isFalse();
    assertThat(chain.isHeldByCurrentThread()).isTrue();
    try (Crew crew = new Crew()) {
      crew.run(
          () -> {
            assertThat(chain.writeLock().tryLock()).isFalse();
            chain.readLock().lock();
            chain.readLock().unlock();
          });
      chain.readLock().unlock();
      crew.run(() -> assertThat(chain.writeLock().tryLock()).isTrue());
    }
  }

  @Test
  void downgrade_withWaitingReaders_letsThemIn() throws Exception {
    chain.writeLock().lock();
    try (Crew crew = new Crew()) {
      Crew.Hand reader = crew.start("reader", () -> chain.readLock().lock());
      Crew.untilWaiting(chain, 1);
      Crew.until("the gate is shut", () -> chain.turnstile().isShut());
      chain.readLock().lock();
      chain.writeLock().unlock();
      reader.finish();
      chain.readLock().unlock();
    }
  }

  @Test
  void writeUnlock_beforeTheReadInsideIt_keepsTheWriteUntilThen() throws Exception {
    chain.writeLock().lock();
    chain.readLock().lock();
    chain.readLock().unlock();
    try (Crew crew = new Crew()) {
      crew.run(() -> assertThat(chain.readLock().tryLock()).isFalse());
    }
    chain.writeLock().unlock();
  }

  @Test
  void unlock_notHeld_throws() {
    assertThatThrownBy(() -> chain.readLock().unlock())
        .isInstanceOf(IllegalMonitorStateException.class)
        .hasMessageContaining("chain");
    chain.readLock().lock();
    assertThatThrownBy(() -> chain.writeLock().unlock())
        .isInstanceOf(IllegalMonitorStateException.class);
    chain.readLock().unlock();
    chain.writeLock().lock();
    assertThatThrownBy(() -> chain.readLock().unlock())
        .isInstanceOf(IllegalMonitorStateException.class);
    chain.writeLock().unlock();
  }

  @Test
  void tryLockTimed_heldByAWriter_timesOut() throws Exception {
    chain.writeLock().lock();
    try (Crew crew = new Crew()) {
      crew.run(
          () -> {
            assertThat(chain.readLock().tryLock(0, TimeUnit.SECONDS)).isFalse();
            assertThat(chain.readLock().tryLock(3, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(chain.writeLock().tryLock(3, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(chain.isHeldByCurrentThread()).isFalse();
          });
    }
    chain.writeLock().unlock();
    assertThat(chain.stats().waits().timeouts()).isEqualTo(2);
    assertThat(chain.writeLock().tryLock(1, TimeUnit.SECONDS)).isTrue();
    chain.writeLock().unlock();
  }

  @Test
  void tryLockTimed_releasedInTime_isHad() throws Exception {
    chain.writeLock().lock();
    try (Crew crew = new Crew()) {
      Crew.Hand reader =
          crew.start(
              "reader", () -> assertThat(chain.readLock().tryLock(1, TimeUnit.HOURS)).isTrue());
      Crew.untilWaiting(chain, 1);
      chain.writeLock().unlock();
      reader.finish();
    }
  }

  @Test
  void timedOutWriter_letsTheReadersBehindItIn() throws Exception {
    chain.readLock().lock();
    try (Crew crew = new Crew()) {
      Crew.Hand writer = crew.start("writer", () -> chain.writeLock().tryLock(1, TimeUnit.HOURS));
      Crew.untilWaiting(chain, 1);
      Crew.until("the gate is shut", () -> chain.turnstile().isShut());
      Crew.Hand reader = crew.start("reader", () -> chain.readLock().lock());
      Crew.untilWaiting(chain, 2);
      writer.thread().interrupt();
      assertThatThrownBy(writer::finish).isInstanceOf(InterruptedException.class);
      reader.finish();
    }
    chain.readLock().unlock();
  }

  @Test
  void lockInterruptibly_interrupted_throwsAndHoldsNothing() throws Exception {
    chain.writeLock().lock();
    try (Crew crew = new Crew()) {
      Crew.Hand waiter =
          crew.start(
              "waiter",
              () -> {
                assertThatThrownBy(() -> chain.readLock().lockInterruptibly())
                    .isInstanceOf(InterruptedException.class);
                assertThat(chain.isHeldByCurrentThread()).isFalse();
                assertThat(Thread.interrupted()).isFalse();
              });
      Crew.untilWaiting(chain, 1);
      waiter.thread().interrupt();
      waiter.finish();
    }
    chain.writeLock().unlock();
    assertThat(chain.stats().waits().interrupts()).isEqualTo(1);
  }

  @Test
  void lockInterruptibly_interruptedBefore_throwsEvenIfFree() throws Exception {
    try (Crew crew = new Crew()) {
      crew.run(
          () -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> chain.readLock().lockInterruptibly())
                .isInstanceOf(InterruptedException.class);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> chain.writeLock().tryLock(1, TimeUnit.SECONDS))
                .isInstanceOf(InterruptedException.class);
            assertThat(registry.heldByCurrentThread()).isEmpty();
          });
    }
  }

  @Test
  void lock_interruptedWhileWaiting_waitsOnAndKeepsTheInterrupt() throws Exception {
    chain.writeLock().lock();
    AtomicBoolean stillInterrupted = new AtomicBoolean();
    try (Crew crew = new Crew()) {
      Crew.Hand waiter =
          crew.start(
              "waiter",
              () -> {
                chain.readLock().lock();
                stillInterrupted.set(Thread.interrupted());
              });
      Crew.untilWaiting(chain, 1);
      waiter.thread().interrupt();
      chain.writeLock().unlock();
      waiter.finish();
    }
    assertThat(stillInterrupted).isTrue();
  }

  @Test
  void newCondition_always_isUnsupported() {
    assertThatThrownBy(() -> chain.writeLock().newCondition())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void withPriority_bothClasses_areTheSameLock() throws Exception {
    chain.withPriority(LockPriority.API).writeLock().lock();
    assertThat(chain.isWriteHeldByCurrentThread()).isTrue();
    chain.withPriority(LockPriority.CONSENSUS).writeLock().unlock();
    assertThat(chain.isHeldByCurrentThread()).isFalse();
    assertThat(chain.readLock()).hasToString("read of chain [CHAIN/100]");
  }

  @Test
  void manyLocks_moreThanTheRecordBeginsWith_allHeld() {
    List<RankedReadWriteLock> locks = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      locks.add(registry.lock("lock" + i, LockRank.host("R" + i, 1000 + i)));
    }
    locks.forEach(lock -> lock.readLock().lock());
    assertThat(registry.heldByCurrentThread()).hasSize(32);
    RankedReadWriteLock last = registry.lock("last", LockRank.host("LAST", 9999));
    assertThatThrownBy(() -> last.readLock().lock())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("32 locks");
    locks.forEach(lock -> lock.readLock().unlock());
    assertThat(registry.heldByCurrentThread()).isEmpty();
    assertThat(locks.get(31).stats().readAcquisitions()).isEqualTo(1);
  }
}
