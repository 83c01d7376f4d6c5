package org.chaincore.core.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one thread holds of one registry: a few parallel arrays, written by that thread only. It is
 * the price of an acquire, so there are no objects a hold and no atomic counters.
 *
 * <p>Others may look. A look at a thread that waits is exact: it published its holds when it set
 * {@link #waiting}, and it changes none while it waits. A look at a running thread may be a moment
 * old. A hold is noted after the lock was had and dropped before it is given back, so what is noted
 * is really held.
 */
final class HeldLocks {
  /** No slot: the lock is not held. */
  static final int NONE = -1;

  private static final VarHandle DEPTH;
  private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);

  static {
    try {
      DEPTH = MethodHandles.lookup().findVarHandle(HeldLocks.class, "depth", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Thread thread;

  /** The wait of this thread, if it waits. Written by it; orders its holds before itself. */
  volatile @Nullable Waiting waiting;

  private int depth;
  private @Nullable RankedReadWriteLock[] locks = new @Nullable RankedReadWriteLock[8];
  private int[] reads = new int[8];
  private int[] writes = new int[8];

  /** When the hold began, 0 if it is not measured. */
  private long[] sinceNanos = new long[8];

  private StackTraceElement @Nullable [] sites;

  /** Outermost acquires a lock: reads at 2 × id, writes at 2 × id + 1. */
  private long[] acquires = new long[32];

  private int sample;

  /** A wait and where. */
  record Waiting(RankedReadWriteLock lock, Waiter waiter) {}

  /** A hold as others see it. */
  record Hold(RankedReadWriteLock lock, boolean write, @Nullable StackTraceElement site) {
    String text() {
      String what = (write ? "write of " : "read of ") + lock.name();
      return site == null ? what : what + " (taken at " + site + ")";
    }
  }

  HeldLocks(Thread thread) {
    this.thread = thread;
  }

  int depth() {
    return depth;
  }

  int slotOf(RankedReadWriteLock lock) {
    for (int slot = depth - 1; slot >= 0; slot--) {
      if (locks[slot] == lock) {
        return slot;
      }
    }
    return NONE;
  }

  int reads(int slot) {
    return reads[slot];
  }

  int writes(int slot) {
    return writes[slot];
  }

  void again(int slot, boolean write) {
    if (write) {
      writes[slot] = Math.incrementExact(writes[slot]);
    } else {
      reads[slot] = Math.incrementExact(reads[slot]);
    }
  }

  /** Counts a hold of the slot down; the slot stays even when nothing is left. */
  void less(int slot, boolean write) {
    if (write) {
      writes[slot]--;
    } else {
      reads[slot]--;
    }
  }

  /** The lock that forbids an acquire of {@code order}: the last one of no smaller order. */
  @Nullable RankedReadWriteLock forbids(int order) {
    for (int slot = depth - 1; slot >= 0; slot--) {
      RankedReadWriteLock lock = locks[slot];
      if (lock != null && lock.order() >= order) {
        return lock;
      }
    }
    return null;
  }

  /** Makes sure that {@link #add} cannot fail, so that no lock is ever had without a note. */
  void ensureRoom(int lockId) {
    if (depth == locks.length) {
      int length = depth * 2;
      reads = Arrays.copyOf(reads, length);
      writes = Arrays.copyOf(writes, length);
      sinceNanos = Arrays.copyOf(sinceNanos, length);
      if (sites != null) {
        sites = Arrays.copyOf(sites, length);
      }
      locks = Arrays.copyOf(locks, length);
    }
    if (2 * lockId + 1 >= acquires.length) {
      acquires = Arrays.copyOf(acquires, Math.max(acquires.length * 2, 2 * lockId + 2));
    }
  }

  /** Whether the next hold is one of those that are measured. */
  boolean samples(int mask) {
    return (++sample & mask) == 0;
  }

  void add(RankedReadWriteLock lock, boolean write, long since) {
    int slot = depth;
    locks[slot] = lock;
    reads[slot] = write ? 0 : 1;
    writes[slot] = write ? 1 : 0;
    sinceNanos[slot] = since;
    int counter = 2 * lock.id() + (write ? 1 : 0);
    // Opaque: a reader of the counters sees whole values and, in the end, the last one.
    COUNTS.setOpaque(acquires, counter, acquires[counter] + 1);
    // Release: orders the slot's content before the depth that shows it.
    DEPTH.setRelease(this, slot + 1);
  }

  void site(StackTraceElement site) {
    if (sites == null) {
      sites = new StackTraceElement[locks.length];
    }
    sites[depth - 1] = site;
  }

  @Nullable StackTraceElement siteOf(RankedReadWriteLock lock) {
    int slot = slotOf(lock);
    return sites == null || slot == NONE ? null : sites[slot];
  }

  /** Drops the slot and tells when its hold began, 0 if that was not measured. */
  long remove(int slot) {
    long since = sinceNanos[slot];
    int last = depth - 1;
    for (int i = slot; i < last; i++) {
      locks[i] = locks[i + 1];
      reads[i] = reads[i + 1];
      writes[i] = writes[i + 1];
      sinceNanos[i] = sinceNanos[i + 1];
      if (sites != null) {
        sites[i] = sites[i + 1];
      }
    }
    DEPTH.setRelease(this, last);
    locks[last] = null;
    return since;
  }

  /** The holds as another thread sees them. */
  List<Hold> holds() {
    // Acquire: orders the slots after the depth, so that all below it are there.
    int shown = (int) DEPTH.getAcquire(this);
    @Nullable RankedReadWriteLock[] seen = locks;
    int[] seenWrites = writes;
    StackTraceElement @Nullable [] seenSites = sites;
    List<Hold> holds = new ArrayList<>();
    for (int slot = 0; slot < Math.min(shown, Math.min(seen.length, seenWrites.length)); slot++) {
      RankedReadWriteLock lock = seen[slot];
      if (lock != null) {
        StackTraceElement site =
            seenSites != null && slot < seenSites.length ? seenSites[slot] : null;
        holds.add(new Hold(lock, seenWrites[slot] > 0, site));
      }
    }
    return holds;
  }

  /** One counter of outermost acquires, seen from any thread. */
  long acquires(int counter) {
    long[] counters = acquires;
    return counter < counters.length ? (long) COUNTS.getOpaque(counters, counter) : 0;
  }

  /** All counters, for when the thread has ended. */
  long[] acquires() {
    return acquires;
  }
}
