package org.chaincore.core.lock;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/**
 * Several locks at once, and a change under them that happens as a whole or not at all. The locks
 * are taken in rank order, whatever order they were named in; if one cannot be had, those before it
 * are given back. If the change fails, the steps that ran are undone, the last one first, while the
 * locks are still held.
 *
 * <pre>{@code
 * AtomicSection section = AtomicSection.empty().writing(chain).reading(mempool);
 * section.run(steps -> {
 *   steps.run(() -> tip.advance(block), () -> tip.retreat(block));
 *   steps.run(() -> coins.spend(block), () -> coins.restore(block));
 *   return block.hash();
 * });
 * }</pre>
 *
 * <p>Immutable and thread-safe; one section can be run many times.
 */
public final class AtomicSection {
  private static final AtomicSection EMPTY = new AtomicSection(List.of());

  private final List<Member> members;

  /** One lock of the section. */
  private record Member(RankedReadWriteLock lock, boolean write) {
    Lock view() {
      return write ? lock.writeLock() : lock.readLock();
    }
  }

  /**
   * A change made of steps.
   *
   * @param <R> what it yields
   * @param <X> what it may throw
   */
  @FunctionalInterface
  public interface Change<R, X extends Exception> {
    R make(Steps steps) throws X;
  }

  /** The steps of one run that have been made. Not thread-safe; confined to the running thread. */
  public static final class Steps {
    private final Deque<Runnable> undos = new ArrayDeque<>();

    private Steps() {}

    /** Makes a step. If it throws it did not run, and {@code undo} will not be called. */
    public void run(Runnable step, Runnable undo) {
      step.run();
      ran(undo);
    }

    /** Notes a step that the caller has just made itself. */
    public void ran(Runnable undo) {
      undos.push(undo);
    }

    private void undo(Throwable reason) {
      while (!undos.isEmpty()) {
        try {
          undos.pop().run();
        } catch (RuntimeException | Error e) {
          reason.addSuppressed(e);
        }
      }
    }
  }

  private AtomicSection(List<Member> members) {
    this.members = members;
  }

  /** A section without locks, to add some. */
  public static AtomicSection empty() {
    return EMPTY;
  }

  /** This section with one more lock, for reading. */
  public AtomicSection reading(RankedReadWriteLock lock) {
    return with(new Member(lock, false));
  }

  /** This section with one more lock, for writing. */
  public AtomicSection writing(RankedReadWriteLock lock) {
    return with(new Member(lock, true));
  }

  private AtomicSection with(Member member) {
    List<Member> all = new ArrayList<>(members);
    for (Member other : members) {
      if (other.lock == member.lock) {
        throw new IllegalArgumentException(member.lock + " is in the section already");
      }
    }
    all.add(member);
    all.sort(Comparator.comparingInt(each -> each.lock.rank().order()));
    return new AtomicSection(List.copyOf(all));
  }

  /**
   * Takes the locks, makes the change, gives the locks back.
   *
   * @throws X what the change throws, after its steps were undone; what an undo throws is
   *     suppressed in it
   */
  public <R, X extends Exception> R run(Change<R, X> change) throws X {
    Deque<Lock> taken = new ArrayDeque<>();
    try {
      for (Member member : members) {
        Lock lock = member.view();
        lock.lock();
        taken.push(lock);
      }
      return make(change);
    } finally {
      release(taken);
    }
  }

  /**
   * Like {@link #run} if all locks can be had in time; else nothing happens.
   *
   * @param timeout for all locks together
   * @return what the change yields, or empty if the time was over before it began
   * @throws InterruptedException if the thread was interrupted while it waited for a lock
   */
  public <R, X extends Exception> Optional<R> tryRun(Duration timeout, Change<R, X> change)
      throws X, InterruptedException {
    long start = System.nanoTime();
    Deque<Lock> taken = new ArrayDeque<>();
    try {
      for (Member member : members) {
        Lock lock = member.view();
        long left = timeout.toNanos() - (System.nanoTime() - start);
        if (!lock.tryLock(Math.max(left, 0), TimeUnit.NANOSECONDS)) {
          return Optional.empty();
        }
        taken.push(lock);
      }
      return Optional.of(make(change));
    } finally {
      release(taken);
    }
  }

  private static <R, X extends Exception> R make(Change<R, X> change) throws X {
    Steps steps = new Steps();
    try {
      return change.make(steps);
    } catch (Throwable e) {
      steps.undo(e);
      throw e;
    }
  }

  private static void release(Deque<Lock> taken) {
    while (!taken.isEmpty()) {
      taken.pop().unlock();
    }
  }

  @Override
  public String toString() {
    return "AtomicSection" + members.stream().map(member -> member.view().toString()).toList();
  }
}
