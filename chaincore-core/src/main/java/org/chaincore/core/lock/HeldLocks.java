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

  /** The most locks a thread may hold at once. Stops a record from growing without bound. */
  static final int MAX_HELD = 32;

  /**
   * A slot has two words: the lock's key, which is its order above its number, and how often it is
   * held, writes above reads, with a flag on top if the time of the hold is measured.
   */
  private static final int STRIDE = 2;

  private static final int COUNTS_AT = 1;
  private static final long ONE_WRITE = 1L << 32;
  private static final long MEASURED = 1L << 63;

  /** Behind the slots: outermost acquires a lock, reads at 2 × id, writes at 2 × id + 1. */
  private static final int COUNTERS = MAX_HELD * STRIDE;

  private static final VarHandle DEPTH;
  private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

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

  /** Slots and counters in one array: it is looked up once an acquire. */
  private long[] words = new long[COUNTERS + 16];

  private long[] sinceNanos = new long[8];
  private StackTraceElement @Nullable [] sites;

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

  /** The key of a lock. Keys compare like orders. */
  static long key(int order, int lockId) {
    return (long) order << 32 | lockId;
  }

  int slotOf(long key) {
    for (int slot = depth - 1; slot >= 0; slot--) {
      if (words[slot * STRIDE] == key) {
        return slot;
      }
    }
    return NONE;
  }

  int reads(int slot) {
    return (int) words[slot * STRIDE + COUNTS_AT];
  }

  int writes(int slot) {
    return (int) ((words[slot * STRIDE + COUNTS_AT] & ~MEASURED) >>> 32);
  }

  void again(int slot, boolean write) {
    if ((write ? writes(slot) : reads(slot)) == Integer.MAX_VALUE) {
      throw new IllegalStateException("a lock is held " + Integer.MAX_VALUE + " times");
    }
    words[slot * STRIDE + COUNTS_AT] += write ? ONE_WRITE : 1;
  }

  /** Counts a hold of the slot down; the slot stays even when nothing is left. */
  void less(int slot, boolean write) {
    words[slot * STRIDE + COUNTS_AT] -= write ? ONE_WRITE : 1;
  }

  /** Whether the last lock taken is this one, held once in this mode only and not measured. */
  boolean isPlainTop(long key, boolean write) {
    int at = (depth - 1) * STRIDE;
    return at >= 0 && words[at] == key && words[at + COUNTS_AT] == (write ? ONE_WRITE : 1);
  }

  /** Drops what {@link #isPlainTop} found. */
  void removePlainTop() {
    DEPTH.setRelease(this, depth - 1);
  }

  /** The number of the lock that forbids an acquire of {@code order}, or {@link #NONE}. */
  int forbids(int order) {
    for (int slot = depth - 1; slot >= 0; slot--) {
      long key = words[slot * STRIDE];
      if (key >> 32 >= order) {
        return (int) key;
      }
    }
    return NONE;
  }

  /**
   * Writes down a new hold that is not yet had, and counts it. Nobody sees it before {@link #show};
   * doing all this before the lock is had leaves one store to do while it is held, and nothing that
   * can fail. Yields how many of this lock and mode the thread has had with this one.
   */
  long prepare(long key, boolean write) {
    int at = depth * STRIDE;
    int counter = COUNTERS + 2 * (int) key + (write ? 1 : 0);
    if (at == COUNTERS || counter >= words.length) {
      grow(counter);
    }
    long count = words[counter] + 1;
    words[at] = key;
    words[at + COUNTS_AT] = write ? ONE_WRITE : 1;
    // Opaque: a reader of the counters sees whole values and, in the end, the last one.
    WORDS.setOpaque(words, counter, count);
    return count;
  }

  private void grow(int counter) {
    if (depth == MAX_HELD) {
      throw new IllegalStateException(
          thread.getName() + " holds " + MAX_HELD + " locks and asks for one more");
    }
    words = Arrays.copyOf(words, Math.max(words.length * 2, (counter | 1) + 1));
  }

  /** The prepared hold is had. */
  void show() {
    // Release: orders the slot's content before the depth that shows it.
    DEPTH.setRelease(this, depth + 1);
  }

  /** The prepared hold could not be had. */
  void discard(long key, boolean write) {
    int counter = COUNTERS + 2 * (int) key + (write ? 1 : 0);
    WORDS.setOpaque(words, counter, words[counter] - 1);
  }

  /** Notes when the last hold began. */
  void measure(long nowNanos) {
    int slot = depth - 1;
    if (slot >= sinceNanos.length) {
      sinceNanos = Arrays.copyOf(sinceNanos, MAX_HELD);
    }
    sinceNanos[slot] = nowNanos;
    words[slot * STRIDE + COUNTS_AT] |= MEASURED;
  }

  boolean isMeasured(int slot) {
    return words[slot * STRIDE + COUNTS_AT] < 0;
  }

  long sinceNanos(int slot) {
    return sinceNanos[slot];
  }

  /** Notes where the last hold was taken. */
  void site(StackTraceElement site) {
    if (sites == null) {
      sites = new StackTraceElement[MAX_HELD];
    }
    sites[depth - 1] = site;
  }

  @Nullable StackTraceElement siteOf(long key) {
    int slot = slotOf(key);
    return sites == null || slot == NONE ? null : sites[slot];
  }

  void remove(int slot) {
    int last = depth - 1;
    if (slot != last) {
      closeGap(slot, last);
    }
    DEPTH.setRelease(this, last);
  }

  private void closeGap(int slot, int last) {
    int moved = last - slot;
    System.arraycopy(words, (slot + 1) * STRIDE, words, slot * STRIDE, moved * STRIDE);
    // Only measured holds have a time, and those have room.
    int timed = Math.min(moved, sinceNanos.length - slot - 1);
    if (timed > 0) {
      System.arraycopy(sinceNanos, slot + 1, sinceNanos, slot, timed);
    }
    if (sites != null) {
      System.arraycopy(sites, slot + 1, sites, slot, moved);
    }
  }

  /** The holds as another thread sees them. */
  List<Hold> holds() {
    // Acquire: orders the slots after the depth, so that all below it are there.
    int shown = (int) DEPTH.getAcquire(this);
    long[] seen = words;
    StackTraceElement @Nullable [] seenSites = sites;
    List<Hold> holds = new ArrayList<>();
    for (int slot = 0; slot < shown; slot++) {
      StackTraceElement site = seenSites != null ? seenSites[slot] : null;
      long key = seen[slot * STRIDE];
      boolean write = (seen[slot * STRIDE + COUNTS_AT] & ~MEASURED) >= ONE_WRITE;
      holds.add(new Hold((int) key, write, site));
    }
    return holds;
  }

  /** One counter of outermost acquires, seen from any thread. */
  long acquires(int counter) {
    long[] seen = words;
    int at = COUNTERS + counter;
    return at < seen.length ? (long) WORDS.getOpaque(seen, at) : 0;
  }

  /** All counters, for when the thread has ended. */
  long[] acquires() {
    return Arrays.copyOfRange(words, COUNTERS, words.length);
  }
}
