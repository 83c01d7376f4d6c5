package org.chaincore.core.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.function.Supplier;

/** What any ranked reader-writer lock must do, as a list of checks that each name what broke. */
@SuppressWarnings("LockNotBeforeTry") // the checks take locks one by one on purpose
final class LockContract {
  private static final long PATIENCE_MILLIS = 3_000;

  /** Two locks, the first to be taken before the second. */
  record Pair(ReadWriteLock first, ReadWriteLock second) {}

  /** A check that throws or answers false when the lock is wrong. */
  private interface Check {
    boolean holds(Pair locks) throws Exception;
  }

  private record Clause(String name, Check check) {}

  private static final List<Clause> CLAUSES =
      List.of(
          new Clause("a writer gets in when the last reader leaves", LockContract::writerFollows),
          new Clause("a failed acquire leaves nothing behind", LockContract::failureIsClean),
          new Clause("two readers come and go in any order", LockContract::twoReaders),
          new Clause("an inversion is refused", LockContract::inversionIsRefused),
          new Clause("an upgrade is refused at once", LockContract::upgradeIsRefused));

  private LockContract() {}

  /** The clauses that locks of this make break. */
  static List<String> broken(Supplier<Pair> make) throws Exception {
    List<String> broken = new ArrayList<>();
    for (Clause clause : CLAUSES) {
      Pair locks = make.get();
      boolean[] held = new boolean[1];
      try (Crew crew = new Crew()) {
        CountDownLatch done = new CountDownLatch(1);
        crew.start(
            "clause",
            () -> {
              try {
                held[0] = clause.check.holds(locks);
              } finally {
                done.countDown();
              }
            });
        if (!done.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS) || !held[0]) {
          broken.add(clause.name);
        }
      }
    }
    return broken;
  }

  /** Starts a thread that takes the lock, and waits until it has it or sleeps for it. */
  private static Crew.Hand taker(Crew crew, Lock lock, CountDownLatch had) {
    Crew.Hand hand =
        crew.start(
            "taker",
            () -> {
              lock.lockInterruptibly();
              had.countDown();
              lock.unlock();
            });
    Crew.until(
        "the other thread waits",
        () -> had.getCount() == 0 || hand.thread().getState() != Thread.State.RUNNABLE);
    return hand;
  }

  private static boolean writerFollows(Pair locks) throws Exception {
    locks.first.readLock().lock();
    try (Crew crew = new Crew()) {
      CountDownLatch had = new CountDownLatch(1);
      taker(crew, locks.first.writeLock(), had);
      locks.first.readLock().unlock();
      return had.await(PATIENCE_MILLIS / 2, TimeUnit.MILLISECONDS);
    }
  }

  private static boolean failureIsClean(Pair locks) throws Exception {
    boolean[] had = {true, true};
    locks.first.writeLock().lock();
    try (Crew crew = new Crew()) {
      crew.run(() -> had[0] = locks.first.readLock().tryLock(1, TimeUnit.MILLISECONDS));
      locks.first.writeLock().unlock();
      locks.first.readLock().lock();
      crew.run(() -> had[1] = locks.first.writeLock().tryLock());
      locks.first.readLock().unlock();
    }
    return !had[0] && !had[1];
  }

  private static boolean twoReaders(Pair locks) throws Exception {
    locks.first.readLock().lock();
    try (Crew crew = new Crew()) {
      crew.run(
          () -> {
            locks.first.readLock().lock();
            locks.first.readLock().unlock();
          });
    }
    locks.first.readLock().unlock();
    return true;
  }

  private static boolean inversionIsRefused(Pair locks) {
    locks.second.readLock().lock();
    try {
      locks.first.readLock().lock();
      return false;
    } catch (LockOrderException e) {
      return true;
    }
  }

  private static boolean upgradeIsRefused(Pair locks) throws Exception {
    locks.first.readLock().lock();
    try {
      locks.first.writeLock().lockInterruptibly();
      return false;
    } catch (LockOrderException e) {
      return true;
    }
  }
}
