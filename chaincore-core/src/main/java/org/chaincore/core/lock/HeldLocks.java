package org.chaincore.core.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one thread holds of one registry: a few arrays, written by that thread only. It is the price
 * of an acquire, so there are no objects a hold, no atomic counters, and locks are written down by
 * number: a stored reference would cost the collector's write barrier.
 *
 * <p>Others may look. A look at a thread that waits is exact: it published its holds when it set
 * {@link #waiting}, and it changes none while it waits. A look at a running thread may be a moment
 * old. A hold is noted after the lock was had and dropped before it is given back, so what is noted
 * is really held.
 */
final class HeldLocks {
  /** No slot: the lock is not held. */
  static final int NONE = -1;

  /** A slot has four numbers: the lock, its order, and how often it is held in each mode. */
  private static final int STRIDE = 4;

  private static final int ID = 0;
  private static final int ORDER = 1;
  private static final int READS = 2;
  private static final int WRITES = 3;

  /** Slots from here on are not measured: their bit has no place in a word. */
  private static final int MEASURED_SLOTS = 64;

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
  private int[] slots = new int[8 * STRIDE];

  /** Bit i: when the hold of slot i began is in {@link #sinceNanos}. */
  private long measured;

  private long[] sinceNanos = new long[8];
  private StackTraceElement @Nullable [] sites;

  /** Outermost acquires a lock: reads at 2 × id, writes at 2 × id + 1. */
  private long[] acquires = new long[16];

  private int sample;

  /** A wait and where. */
  record Waiting(RankedReadWriteLock lock, Waiter waiter) {}

  /** A hold as others see it. */
  record Hold(int lockId, boolean write, @Nullable StackTraceElement site) {}

  HeldLocks(Thread thread) {
    this.thread = thread;
  }

  int depth() {
    return depth;
  }

  int slotOf(int lockId) {
    int[] all = slots;
    for (int slot = depth - 1; slot >= 0; slot--) {
      if (all[slot * STRIDE + ID] == lockId) {
        return slot;
      }
    }
    return NONE;
  }

  int reads(int slot) {
    return slots[slot * STRIDE + READS];
  }

  int writes(int slot) {
    return slots[slot * STRIDE + WRITES];
  }

  void again(int slot, boolean write) {
    int count = slot * STRIDE + (write ? WRITES : READS);
    slots[count] = Math.incrementExact(slots[count]);
  }

  /** Counts a hold of the slot down; the slot stays even when nothing is left. */
  void less(int slot, boolean write) {
    slots[slot * STRIDE + (write ? WRITES : READS)]--;
  }

  /** The number of the lock that forbids an acquire of {@code order}, or {@link #NONE}. */
  int forbids(int order) {
    for (int slot = depth - 1; slot >= 0; slot--) {
      if (slots[slot * STRIDE + ORDER] >= order) {
        return slots[slot * STRIDE + ID];
      }
    }
    return NONE;
  }

  /** Makes sure that {@link #add} cannot fail, so that no lock is ever had without a note. */
  void ensureRoom(int lockId) {
    if (depth == sinceNanos.length || 2 * lockId + 1 >= acquires.length) {
      grow(lockId);
    }
  }

  private void grow(int lockId) {
    if (2 * lockId + 1 >= acquires.length) {
      acquires = Arrays.copyOf(acquires, Math.max(acquires.length * 2, 2 * lockId + 2));
    }
    if (depth == sinceNanos.length) {
      int length = depth * 2;
      if (sites != null) {
        sites = Arrays.copyOf(sites, length);
      }
      slots = Arrays.copyOf(slots, length * STRIDE);
      sinceNanos = Arrays.copyOf(sinceNanos, length);
    }
  }

  /** Whether the next hold is one of those that are measured. */
  boolean samples(int mask) {
    return (++sample & mask) == 0;
  }

  void add(int lockId, int order, boolean write) {
    int slot = depth;
    int[] all = slots;
    int at = slot * STRIDE;
    all[at + ID] = lockId;
    all[at + ORDER] = order;
    all[at + READS] = write ? 0 : 1;
    all[at + WRITES] = write ? 1 : 0;
    int counter = 2 * lockId + (write ? 1 : 0);
    // Opaque: a reader of the counters sees whole values and, in the end, the last one.
    COUNTS.setOpaque(acquires, counter, acquires[counter] + 1);
    // Release: orders the slot's content before the depth that shows it.
    DEPTH.setRelease(this, slot + 1);
  }

  /** Notes when the last hold added began. */
  void measure(long nowNanos) {
    int slot = depth - 1;
    if (slot < MEASURED_SLOTS) {
      sinceNanos[slot] = nowNanos;
      measured |= 1L << slot;
    }
  }

  boolean isMeasured(int slot) {
    return measured != 0 && slot < MEASURED_SLOTS && (measured >>> slot & 1) != 0;
  }

  long sinceNanos(int slot) {
    return sinceNanos[slot];
  }

  /** Notes where the last hold added was taken. */
  void site(StackTraceElement site) {
    if (sites == null) {
      sites = new StackTraceElement[sinceNanos.length];
    }
    sites[depth - 1] = site;
  }

  @Nullable StackTraceElement siteOf(int lockId) {
    int slot = slotOf(lockId);
    return sites == null || slot == NONE ? null : sites[slot];
  }

  void remove(int slot) {
    int last = depth - 1;
    if (slot != last) {
      closeGap(slot, last);
    } else if (measured != 0 && slot < MEASURED_SLOTS) {
      measured &= ~(1L << slot);
    }
    DEPTH.setRelease(this, last);
  }

  private void closeGap(int slot, int last) {
    System.arraycopy(slots, (slot + 1) * STRIDE, slots, slot * STRIDE, (last - slot) * STRIDE);
    System.arraycopy(sinceNanos, slot + 1, sinceNanos, slot, last - slot);
    if (sites != null) {
      System.arraycopy(sites, slot + 1, sites, slot, last - slot);
    }
    if (slot < MEASURED_SLOTS) {
      long below = (1L << slot) - 1;
      measured = (measured & below) | (measured >>> 1 & ~below);
    }
  }

  /** The holds as another thread sees them. */
  List<Hold> holds() {
    // Acquire: orders the slots after the depth, so that all below it are there.
    int shown = (int) DEPTH.getAcquire(this);
    int[] seen = slots;
    StackTraceElement @Nullable [] seenSites = sites;
    List<Hold> holds = new ArrayList<>();
    for (int slot = 0; slot < Math.min(shown, seen.length / STRIDE); slot++) {
      StackTraceElement site =
          seenSites != null && slot < seenSites.length ? seenSites[slot] : null;
      holds.add(new Hold(seen[slot * STRIDE + ID], seen[slot * STRIDE + WRITES] > 0, site));
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
