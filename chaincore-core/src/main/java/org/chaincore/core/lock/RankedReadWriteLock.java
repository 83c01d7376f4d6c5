package org.chaincore.core.lock;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import org.chaincore.core.lock.HeldLocks.Waiting;

/**
 * A reentrant reader-writer lock that knows its place in the order of locks and lets nobody wait
 * without bound.
 *
 * <p><b>Order.</b> Every acquire, of whatever kind, is checked before it can block: a thread that
 * holds a lock of the same or a greater order (see {@link LockRank}) gets a {@link
 * LockOrderException}. Threads that take locks in one order cannot wait for each other in a circle,
 * so the check finds the bug on the first run of the code and not on the unlucky one. Locks of
 * different registries are not compared.
 *
 * <p><b>Reentrancy.</b> A holder may take the same lock again in the same mode, and a writer may
 * also read; a writer who lets go of the write lock while it reads goes on as a reader (downgrade).
 * A reader may not write: two readers that both waited for the other to leave would wait for ever,
 * so that acquire is refused at once, also by the {@code tryLock} methods.
 *
 * <p><b>Idea of the queue.</b> Handing a lock to the longest waiter is fair and slow: the lock lies
 * idle while that thread wakes up, every time. Letting everyone take what is free is fast and
 * starves: with spinning readers a writer waits until all happen to be away at once. So the lock
 * alternates. While the <i>gate</i> is open, newcomers take what is free with one compare-and-set,
 * and of those who wait only the first looks again now and then. Once the gate has been open for a
 * <i>turn</i> (a millisecond) and somebody waits, it is shut: newcomers queue, those inside leave,
 * and everyone who waited at the shutting gets the lock handed over in order, readers all together,
 * at most {@link LockSettings#writersInARow} writers before readers who wait. Then the gate opens
 * again. So the price of fairness is paid at most once a turn, and a wait is at most one turn and
 * one round of those who waited already. If the gate has been open for longer than a turn when
 * somebody comes who must wait, it is shut at once: a rare writer does not wait for a turn to pass.
 *
 * <p><b>Priority.</b> Behind a shut gate waiters of {@link LockPriority#CONSENSUS} go before those
 * of {@link LockPriority#API}, at most eight times past the same one.
 *
 * <p><b>Cost.</b> An uncontended acquire and release are one compare-and-set, one atomic add and
 * two looks at a record of the thread (one thread-local a registry), which holds what the thread
 * has, in arrays, and plain counters. Reentrant acquires touch the record only. Clocks are read for
 * contended acquires and for one in {@link LockSettings#holdSampling} of the others.
 *
 * <p><b>Attacks and mitigations.</b> A flood of API requests for a lock: consensus goes first. A
 * flood of readers: the turn. A flood of consensus work: the bound on passing. A host that runs
 * against the order: the exception; if that is only reported ({@link Reaction#REPORT}), a real
 * circle is found by {@link DeadlockReport detection}. A holder that never lets go cannot be
 * helped; {@link LockRegistry#explain} names it.
 *
 * <p><b>Sources.</b> (1) Brandenburg and Anderson, "Reader-Writer Synchronization for Shared-Memory
 * Multiprocessor Real-Time Systems", ECRTS 2009: phase-fair locks, the shut gate. (2) The mutex of
 * the Go runtime: overtaking allowed until somebody has waited for a millisecond, then hand-over.
 * (3) The lock validator of Linux, Documentation/locking/lockdep-design: order checked by class at
 * every acquire. (4) Coffman, Elphick and Shoshani, "System Deadlocks", 1971: circles in the
 * wait-for graph.
 *
 * <p>A condition cannot be waited for under this lock: {@code newCondition} throws {@link
 * UnsupportedOperationException}, because such a wait would hold the other locks of the thread.
 *
 * <p>Thread-safe. All acquiring methods throw {@link LockOrderException}, and those that wait
 * without a timeout {@link DeadlockException}; then nothing was taken. Releasing what the thread
 * does not hold throws {@link IllegalMonitorStateException}.
 */
public final class RankedReadWriteLock implements ReadWriteLock {
  private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 32 : 0;

  private final LockRegistry registry;
  private final String name;
  private final LockRank rank;
  private final int order;
  private final int id;
  private final Turnstile turnstile;
  private final int sampleMask;
  private final boolean recordsSites;
  private final ThreadLocal<HeldLocks> records;
  private final HoldCounts readHolds = new HoldCounts();
  private final HoldCounts writeHolds = new HoldCounts();
  private final Views consensus = new Views(LockPriority.CONSENSUS);
  private final Views api = new Views(LockPriority.API);

  RankedReadWriteLock(
      LockRegistry registry, String name, LockRank rank, int id, Turnstile turnstile) {
    this.registry = registry;
    this.name = name;
    this.rank = rank;
    this.order = rank.order();
    this.id = id;
    this.turnstile = turnstile;
    this.sampleMask = registry.settings().holdSampling() - 1;
    this.recordsSites = registry.settings().recordSites();
    this.records = registry.records();
  }

  public String name() {
    return name;
  }

  public LockRank rank() {
    return rank;
  }

  /** The shared mode, for work that moves the chain. */
  @Override
  public Lock readLock() {
    return consensus.read;
  }

  /** The exclusive mode, for work that moves the chain. */
  @Override
  public Lock writeLock() {
    return consensus.write;
  }

  /** The same lock, its waits in another class. */
  public ReadWriteLock withPriority(LockPriority priority) {
    return priority == LockPriority.CONSENSUS ? consensus : api;
  }

  /** Whether the calling thread holds this lock in any mode. */
  public boolean isHeldByCurrentThread() {
    return registry.held().slotOf(id) != HeldLocks.NONE;
  }

  /** Whether the calling thread holds this lock for writing. */
  public boolean isWriteHeldByCurrentThread() {
    HeldLocks held = records.get();
    int slot = held.slotOf(id);
    return slot != HeldLocks.NONE && held.writes(slot) > 0;
  }

  public LockStats stats() {
    return registry.statsOf(this);
  }

  @Override
  public String toString() {
    return name + " [" + rank + "]";
  }

  int order() {
    return order;
  }

  int id() {
    return id;
  }

  Turnstile turnstile() {
    return turnstile;
  }

  HoldCounts holds(boolean write) {
    return write ? writeHolds : readHolds;
  }

  private boolean tryNow(boolean write) {
    return write ? turnstile.tryWrite() : turnstile.tryRead();
  }

  private void acquire(boolean write, LockPriority priority) {
    HeldLocks held = records.get();
    if (isAgain(held, write)) {
      return;
    }
    if (tryNow(write)) {
      note(held, write);
      return;
    }
    Waiter waiter = new Waiter(held.thread, write, priority, false);
    waitFor(held, waiter, false, Turnstile.NEVER);
  }

  private void acquireInterruptibly(boolean write, LockPriority priority)
      throws InterruptedException {
    HeldLocks held = records.get();
    refuseIfInterrupted();
    if (isAgain(held, write)) {
      return;
    }
    if (tryNow(write)) {
      note(held, write);
      return;
    }
    Waiter waiter = new Waiter(held.thread, write, priority, false);
    if (waitFor(held, waiter, true, Turnstile.NEVER) == Turnstile.Outcome.INTERRUPTED) {
      throw new InterruptedException("interrupted while waiting for " + this);
    }
  }

  private boolean tryAcquire(boolean write) {
    HeldLocks held = records.get();
    if (isAgain(held, write)) {
      return true;
    }
    if (tryNow(write)) {
      note(held, write);
      return true;
    }
    return false;
  }

  private boolean tryAcquire(boolean write, LockPriority priority, long timeoutNanos)
      throws InterruptedException {
    refuseIfInterrupted();
    if (tryAcquire(write)) {
      return true;
    }
    if (timeoutNanos <= 0) {
      return false;
    }
    HeldLocks held = records.get();
    Waiter waiter = new Waiter(held.thread, write, priority, true);
    Turnstile.Outcome outcome = waitFor(held, waiter, true, timeoutNanos);
    if (outcome == Turnstile.Outcome.INTERRUPTED) {
      throw new InterruptedException("interrupted while waiting for " + this);
    }
    return outcome == Turnstile.Outcome.ADMITTED;
  }

  private static void refuseIfInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before asking for a lock");
    }
  }

  /** Notes an acquire of a lock that is held already, or checks that a new one is allowed. */
  private boolean isAgain(HeldLocks held, boolean write) {
    held.ensureRoom(id);
    if (held.depth() == 0) {
      return false;
    }
    int slot = held.slotOf(id);
    if (slot != HeldLocks.NONE) {
      if (write && held.writes(slot) == 0) {
        throw registry.upgrade(this, held);
      }
      held.again(slot, write);
      return true;
    }
    int forbidding = held.forbids(order);
    if (forbidding != HeldLocks.NONE) {
      registry.inversion(this, write, forbidding, held);
    }
    return false;
  }

  private void note(HeldLocks held, boolean write) {
    held.add(id, order, write);
    if (held.samples(sampleMask)) {
      held.measure(System.nanoTime());
    }
    if (recordsSites) {
      held.site(registry.site());
    }
  }

  private Turnstile.Outcome waitFor(
      HeldLocks held, Waiter waiter, boolean interruptible, long timeoutNanos) {
    for (int i = 0; i < SPINS && !turnstile.isClosedToNewcomers(); i++) {
      Thread.onSpinWait();
      if (tryNow(waiter.write)) {
        note(held, waiter.write);
        return Turnstile.Outcome.ADMITTED;
      }
    }
    LockWaitEvent event = new LockWaitEvent();
    event.begin();
    held.waiting = new Waiting(this, waiter);
    Turnstile.Outcome outcome;
    try {
      outcome =
          turnstile.await(
              waiter,
              interruptible,
              timeoutNanos,
              registry.search().everyNanos(),
              () -> registry.search().run(held));
    } finally {
      held.waiting = null;
    }
    if (outcome == Turnstile.Outcome.ADMITTED) {
      note(held, waiter.write);
      held.measure(System.nanoTime());
    }
    event.end();
    if (event.shouldCommit()) {
      event.lock = name;
      event.write = waiter.write;
      event.outcome = outcome.name();
      event.commit();
    }
    if (outcome == Turnstile.Outcome.DEADLOCKED) {
      throw new DeadlockException(Objects.requireNonNull(waiter.victimOf));
    }
    return outcome;
  }

  private void release(boolean write) {
    HeldLocks held = records.get();
    int slot = held.slotOf(id);
    if (slot == HeldLocks.NONE || (write ? held.writes(slot) : held.reads(slot)) == 0) {
      throw new IllegalMonitorStateException(
          Thread.currentThread().getName()
              + " releases "
              + (write ? "write of " : "read of ")
              + name
              + " and does not hold it");
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
      holds(write).add(System.nanoTime() - held.sinceNanos(slot));
    }
    held.remove(slot);
    if (write) {
      turnstile.releaseWrite();
    } else {
      turnstile.releaseRead();
    }
  }

  /** Both modes with one class of waits. */
  private final class Views implements ReadWriteLock {
    final Mode read;
    final Mode write;

    Views(LockPriority priority) {
      this.read = new Mode(false, priority);
      this.write = new Mode(true, priority);
    }

    @Override
    public Lock readLock() {
      return read;
    }

    @Override
    public Lock writeLock() {
      return write;
    }
  }

  /** One mode with one class of waits. */
  private final class Mode implements Lock {
    private final boolean write;
    private final LockPriority priority;

    Mode(boolean write, LockPriority priority) {
      this.write = write;
      this.priority = priority;
    }

    @Override
    public void lock() {
      acquire(write, priority);
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
      acquireInterruptibly(write, priority);
    }

    /** Takes the lock if that is possible now and the gate is open. */
    @Override
    public boolean tryLock() {
      return tryAcquire(write);
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
      return tryAcquire(write, priority, unit.toNanos(time));
    }

    @Override
    public void unlock() {
      release(write);
    }

    @Override
    public Condition newCondition() {
      throw new UnsupportedOperationException("no wait for a condition under a ranked lock");
    }

    @Override
    public String toString() {
      return (write ? "write of " : "read of ") + RankedReadWriteLock.this;
    }
  }
}
