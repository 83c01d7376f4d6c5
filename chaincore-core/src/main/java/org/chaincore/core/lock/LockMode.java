package org.chaincore.core.lock;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.chaincore.core.lock.HeldLocks.Waiting;
import org.jspecify.annotations.Nullable;

/**
 * One mode of a {@link RankedReadWriteLock} with one class of waits: the path that every acquire
 * and release takes. It keeps at hand what that path needs, so that it follows few references: the
 * record of the thread and the word of the turnstile.
 *
 * <p>Thread-safe.
 */
final class LockMode implements Lock {
  private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 32 : 0;

  private final boolean write;
  private final int order;
  private final long key;
  private final Turnstile turnstile;

  /**
   * The record of a thread that came lately, which spares it the thread-local. Plain: a thread that
   * sees an old or a half-published record compares its final field and goes the long way.
   */
  private @Nullable HeldLocks lastSeen;

  private final long noteMask;
  private final ThreadLocal<HeldLocks> records;
  private final LockPriority priority;
  private final RankedReadWriteLock lock;
  private final LockRegistry registry;
  private final long sampleMask;
  private final boolean recordsSites;

  LockMode(LockRegistry registry, RankedReadWriteLock lock, boolean write, LockPriority priority) {
    this.write = write;
    this.order = lock.rank().order();
    this.key = lock.key();
    this.turnstile = lock.turnstile();
    this.records = registry.records();
    this.priority = priority;
    this.lock = lock;
    this.registry = registry;
    this.sampleMask = registry.settings().holdSampling() - 1L;
    this.recordsSites = registry.settings().recordSites();
    this.noteMask = recordsSites ? 0 : sampleMask;
  }

  @Override
  public void lock() {
    HeldLocks held = held();
    if (held.depth() != 0 && isAgain(held)) {
      return;
    }
    long count = held.prepare(key, write);
    if (tryNow()) {
      note(held, count);
    } else {
      waitFor(held, new Waiter(held.thread, write, priority, false), false, Turnstile.NEVER);
    }
  }

  @Override
  public void lockInterruptibly() throws InterruptedException {
    refuseIfInterrupted();
    if (tryLock()) {
      return;
    }
    HeldLocks held = held();
    held.prepare(key, write);
    waitInterruptibly(held, new Waiter(held.thread, write, priority, false), Turnstile.NEVER);
  }

  /** Takes the lock if that is possible now and the gate is open. */
  @Override
  public boolean tryLock() {
    HeldLocks held = held();
    if (held.depth() != 0 && isAgain(held)) {
      return true;
    }
    long count = held.prepare(key, write);
    if (tryNow()) {
      note(held, count);
      return true;
    }
    held.discard(key, write);
    return false;
  }

  @Override
  public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
    refuseIfInterrupted();
    if (tryLock()) {
      return true;
    }
    if (time <= 0) {
      return false;
    }
    HeldLocks held = held();
    held.prepare(key, write);
    Waiter waiter = new Waiter(held.thread, write, priority, true);
    return waitInterruptibly(held, waiter, unit.toNanos(time)) == Turnstile.Outcome.ADMITTED;
  }

  @Override
  public void unlock() {
    HeldLocks held = held();
    if (!held.isPlainTop(key, write)) {
      unlockOther(held);
      return;
    }
    held.removePlainTop();
    if (write) {
      turnstile.releaseWrite();
    } else {
      turnstile.releaseRead();
    }
  }

  @Override
  public Condition newCondition() {
    throw new UnsupportedOperationException("no wait for a condition under a ranked lock");
  }

  @Override
  public String toString() {
    return (write ? "write of " : "read of ") + lock;
  }

  /** The record of the calling thread. */
  private HeldLocks held() {
    HeldLocks last = lastSeen;
    return last != null && last.thread == Thread.currentThread() ? last : records.get();
  }

  private boolean tryNow() {
    return write ? turnstile.tryWrite() : turnstile.tryRead();
  }

  private static void refuseIfInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before asking for a lock");
    }
  }

  /** Notes an acquire of a lock that is held already, or checks that a new one is allowed. */
  private boolean isAgain(HeldLocks held) {
    int slot = held.slotOf(key);
    if (slot != HeldLocks.NONE) {
      if (write && held.writes(slot) == 0) {
        throw registry.upgrade(lock, held);
      }
      held.again(slot, write);
      return true;
    }
    int forbidding = held.forbids(order);
    if (forbidding != HeldLocks.NONE) {
      registry.inversion(lock, write, forbidding, held);
    }
    return false;
  }

  /** The prepared hold is had; the count says whether it is one to look at more closely. */
  private void note(HeldLocks held, long count) {
    held.show();
    if ((count & noteMask) == 0) {
      noteMore(held, (count & sampleMask) == 0);
    }
  }

  private void noteMore(HeldLocks held, boolean measured) {
    if (measured) {
      lastSeen = held;
      held.measure(System.nanoTime());
    }
    if (recordsSites) {
      held.site(registry.site());
    }
  }

  private Turnstile.Outcome waitInterruptibly(HeldLocks held, Waiter waiter, long timeoutNanos)
      throws InterruptedException {
    Turnstile.Outcome outcome = waitFor(held, waiter, true, timeoutNanos);
    if (outcome == Turnstile.Outcome.INTERRUPTED) {
      throw new InterruptedException("interrupted while waiting for " + lock);
    }
    return outcome;
  }

  private Turnstile.Outcome waitFor(
      HeldLocks held, Waiter waiter, boolean interruptible, long timeoutNanos) {
    for (int i = 0; i < SPINS && !turnstile.isClosedToNewcomers(); i++) {
      Thread.onSpinWait();
      if (tryNow()) {
        held.show();
        noteMore(held, true);
        return Turnstile.Outcome.ADMITTED;
      }
    }
    LockWaitEvent event = FlightLog.waitBegun();
    held.waiting = new Waiting(lock, waiter);
    Turnstile.Outcome outcome =
        turnstile.await(
            waiter,
            interruptible,
            timeoutNanos,
            registry.settings().searchAfter().toNanos(),
            () -> registry.lookForDeadlock(held));
    held.waiting = null;
    if (outcome == Turnstile.Outcome.ADMITTED) {
      held.show();
      noteMore(held, true);
    } else {
      held.discard(key, write);
    }
    if (event != null) {
      event.commit(lock.name(), write, outcome.name());
    }
    if (outcome == Turnstile.Outcome.DEADLOCKED) {
      throw new DeadlockException(Objects.requireNonNull(waiter.victimOf));
    }
    return outcome;
  }

  /** A release of a lock that is not the last one, or is held more than once, or is measured. */
  private void unlockOther(HeldLocks held) {
    int slot = held.slotOf(key);
    if (slot == HeldLocks.NONE || (write ? held.writes(slot) : held.reads(slot)) == 0) {
      throw new IllegalMonitorStateException(
          held.thread.getName() + " releases " + this + " and does not hold it");
    }
    held.less(slot, write);
    if (held.writes(slot) > 0) {
      return;
    }
    if (held.reads(slot) > 0) {
      if (write) {
        turnstile.downgrade();
      }
      return;
    }
    if (held.isMeasured(slot)) {
      lock.holds(write).add(System.nanoTime() - held.sinceNanos(slot));
    }
    held.remove(slot);
    if (write) {
      turnstile.releaseWrite();
    } else {
      turnstile.releaseRead();
    }
  }
}
