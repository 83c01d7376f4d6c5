package org.chaincore.core.lock;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;

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
 * <p><b>Waking.</b> Who wakes a thread may lose its processor to it. So a writer that leaves wakes
 * one thread at most, however many it lets in: readers let in together wake each other, two each;
 * and of those who come while a writer is inside, one stays awake for a moment, so that mostly
 * nobody need be woken.
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
  private final LockRegistry registry;
  private final String name;
  private final LockRank rank;
  private final int id;
  private final Turnstile turnstile;
  private final HoldCounts readHolds = new HoldCounts();
  private final HoldCounts writeHolds = new HoldCounts();
  private final Views consensus;
  private final Views api;

  /** Both modes with one class of waits. */
  private record Views(LockMode readLock, LockMode writeLock) implements ReadWriteLock {}

  RankedReadWriteLock(
      LockRegistry registry, String name, LockRank rank, int id, Turnstile turnstile) {
    this.registry = registry;
    this.name = name;
    this.rank = rank;
    this.id = id;
    this.turnstile = turnstile;
    this.consensus = views(LockPriority.CONSENSUS);
    this.api = views(LockPriority.API);
  }

  private Views views(LockPriority priority) {
    return new Views(
        new LockMode(registry, this, false, priority),
        new LockMode(registry, this, true, priority));
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
    return consensus.readLock;
  }

  /** The exclusive mode, for work that moves the chain. */
  @Override
  public Lock writeLock() {
    return consensus.writeLock;
  }

  /** The same lock, its waits in another class. */
  public ReadWriteLock withPriority(LockPriority priority) {
    return priority == LockPriority.CONSENSUS ? consensus : api;
  }

  /** Whether the calling thread holds this lock in any mode. */
  public boolean isHeldByCurrentThread() {
    return registry.held().slotOf(key()) != HeldLocks.NONE;
  }

  /** Whether the calling thread holds this lock for writing. */
  public boolean isWriteHeldByCurrentThread() {
    HeldLocks held = registry.held();
    int slot = held.slotOf(key());
    return slot != HeldLocks.NONE && held.writes(slot) > 0;
  }

  public LockStats stats() {
    return registry.statsOf(this);
  }

  @Override
  public String toString() {
    return name + " [" + rank + "]";
  }

  int id() {
    return id;
  }

  long key() {
    return HeldLocks.key(rank.order(), id);
  }

  Turnstile turnstile() {
    return turnstile;
  }

  HoldCounts holds(boolean write) {
    return write ? writeHolds : readHolds;
  }
}
