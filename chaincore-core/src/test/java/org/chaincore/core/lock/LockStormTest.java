package org.chaincore.core.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads, random acquires of all kinds, interrupts, timeouts and exceptions. */
@Timeout(300)
@SuppressWarnings("LockNotBeforeTry") // the tests take locks one by one on purpose
final class LockStormTest {
  private static final int THREADS = 6;
  private static final int MISHAPS = 10_000;
  private static final int MISHAPS_OF_A_KIND = 1_000;

  /** Rounds of a thread among circles that end by themselves. */
  private static final int CIRCLES = Integer.getInteger("chaincore.storm.circles", 3_000);

  /** Thrown inside of critical sections. */
  private static final class Mishap extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** What a lock guards. */
  private static final class Guarded {
    final RankedReadWriteLock lock;
    int inside;
    int writersInside;
    final AtomicInteger readersInside = new AtomicInteger();

    Guarded(RankedReadWriteLock lock) {
      this.lock = lock;
    }

    void use(boolean write, RandomGenerator random) {
      if (write) {
        assertThat(++writersInside).isEqualTo(1);
        assertThat(readersInside.get()).isZero();
        inside++;
        assertThat(--writersInside).isZero();
      } else {
        readersInside.incrementAndGet();
        assertThat(writersInside).isZero();
        readersInside.decrementAndGet();
      }
      if (random.nextInt(8) == 0) {
        throw new Mishap();
      }
    }
  }

  private final AtomicLong exceptions = new AtomicLong();
  private final AtomicLong interrupts = new AtomicLong();
  private final AtomicLong timeouts = new AtomicLong();

  private boolean isOver() {
    List<Long> counts = List.of(exceptions.get(), interrupts.get(), timeouts.get());
    return counts.stream().mapToLong(Long::longValue).sum() >= MISHAPS
        && counts.stream().allMatch(count -> count >= MISHAPS_OF_A_KIND);
  }

  private boolean take(Lock lock, RandomGenerator random) throws InterruptedException {
    switch (random.nextInt(4)) {
      case 0 -> lock.lock();
      case 1 -> lock.lockInterruptibly();
      case 2 -> {
        return lock.tryLock();
      }
      default -> {
        boolean had = lock.tryLock(1 + random.nextInt(200), TimeUnit.MICROSECONDS);
        if (!had) {
          timeouts.incrementAndGet();
        }
        return had;
      }
    }
    return true;
  }

  /** Takes the locks from {@code first} on, some of them, one inside the other. */
  private void descend(List<Guarded> all, int first, RandomGenerator random)
      throws InterruptedException {
    int at = first + random.nextInt(2);
    if (at >= all.size()) {
      return;
    }
    Guarded guarded = all.get(at);
    boolean write = random.nextInt(3) == 0;
    LockPriority priority = random.nextBoolean() ? LockPriority.API : LockPriority.CONSENSUS;
    Lock lock =
        write
            ? guarded.lock.withPriority(priority).writeLock()
            : guarded.lock.withPriority(priority).readLock();
    if (!take(lock, random)) {
      return;
    }
    try {
      guarded.use(write, random);
      descend(all, at + 1, random);
    } finally {
      lock.unlock();
    }
  }

  private void storm(LockSettings settings) throws Exception {
    LockRegistry registry = LockRegistry.create(settings);
    List<Guarded> all = new ArrayList<>();
    for (LockRank rank : LockRank.ofNode().subList(0, 4)) {
      all.add(new Guarded(registry.lock(rank.name(), rank)));
    }
    try (Crew crew = new Crew()) {
      List<Crew.Hand> hands = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        SplittableRandom random = new SplittableRandom(i);
        hands.add(
            crew.start(
                "storm" + i,
                () -> {
                  while (!isOver()) {
                    try {
                      descend(all, 0, random);
                    } catch (Mishap e) {
                      exceptions.incrementAndGet();
                    } catch (InterruptedException e) {
                      interrupts.incrementAndGet();
                    }
                    registry.assertNoneHeld("going on");
                  }
                }));
      }
      SplittableRandom random = new SplittableRandom(99);
      Crew.until(
          "the storm is over",
          () -> {
            hands.get(random.nextInt(THREADS)).thread().interrupt();
            return hands.stream().allMatch(Crew.Hand::isDone);
          });
      for (Crew.Hand hand : hands) {
        hand.finish();
      }
    }
    assertThat(isOver()).isTrue();
    assertThat(registry.deadlocks()).isEmpty();
    for (Guarded guarded : all) {
      assertThat(guarded.lock.turnstile().waiting()).isEmpty();
      assertThat(guarded.lock.turnstile().isShut()).isFalse();
      assertThat(guarded.lock.writeLock().tryLock()).isTrue();
      guarded.lock.writeLock().unlock();
      assertThat(guarded.inside).isPositive();
    }
  }

  @Test
  void storm_withTurns_leavesNoLockHeldAndFindsNoDeadlock() throws Exception {
    storm(LockSettings.defaults().searchAfter(Duration.ofMillis(1)));
  }

  @Test
  void storm_strictOrder_leavesNoLockHeldAndFindsNoDeadlock() throws Exception {
    storm(
        LockSettings.defaults()
            .turn(Duration.ZERO)
            .writersInARow(1)
            .searchAfter(Duration.ofMillis(1)));
  }

  @Test
  void storm_withSitesAndEveryHoldMeasured_leavesNoLockHeld() throws Exception {
    storm(LockSettings.defaults().recordSites(true).holdSampling(1));
  }

  /**
   * In order without a timeout, against it with one: circles form all the time and none is for
   * good, so every report would be false.
   */
  @Test
  void storm_circlesThatEndByThemselves_areNeverReported() throws Exception {
    LockRegistry registry =
        LockRegistry.create(
            LockSettings.defaults()
                .onInversion(Reaction.REPORT)
                .searchAfter(Duration.ofNanos(200_000)));
    List<RankedReadWriteLock> locks = new ArrayList<>();
    for (LockRank rank : LockRank.ofNode().subList(0, 3)) {
      locks.add(registry.lock(rank.name(), rank));
    }
    try (Crew crew = new Crew()) {
      List<Crew.Hand> hands = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        SplittableRandom random = new SplittableRandom(i);
        hands.add(
            crew.start(
                "circle" + i,
                () -> {
                  for (int round = 0; round < CIRCLES; round++) {
                    int a = random.nextInt(3);
                    int b = random.nextInt(3);
                    circle(locks.get(a), locks.get(b), a < b, random);
                  }
                }));
      }
      for (Crew.Hand hand : hands) {
        hand.finish();
      }
    }
    assertThat(registry.deadlocks()).isEmpty();
  }

  private static void circle(
      RankedReadWriteLock outer, RankedReadWriteLock inner, boolean inOrder, RandomGenerator random)
      throws InterruptedException {
    if (outer == inner) {
      return;
    }
    Lock first = random.nextBoolean() ? outer.readLock() : outer.writeLock();
    Lock second = random.nextBoolean() ? inner.readLock() : inner.writeLock();
    first.lock();
    try {
      if (inOrder) {
        second.lock();
        second.unlock();
      } else if (second.tryLock(random.nextInt(500), TimeUnit.MICROSECONDS)) {
        second.unlock();
      }
    } finally {
      first.unlock();
    }
  }
}
