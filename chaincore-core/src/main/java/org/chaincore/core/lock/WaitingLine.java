package org.chaincore.core.lock;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait at a {@link Turnstile}, in order of arrival, and the rule who of them is next
 * behind a shut gate: whoever came before the shutting, the oldest first; consensus before API, at
 * most {@link #MAX_PASSES} times past the same waiter; readers who wait after so many writers in a
 * row. Not thread-safe; guarded by the turnstile.
 */
final class WaitingLine {
  /** How often an API waiter lets later consensus waiters pass. Stops their starving it. */
  static final int MAX_PASSES = 8;

  /**
   * How many others each reader wakes that is let in. Their number grows with every step, so that
   * the last of many does not wait long, and whoever let them in has to wake only one.
   */
  private static final int WAKES = 2;

  private final int writersInARow;
  private final List<Waiter> waiters = new ArrayList<>();
  private long lastTicket;

  /** Waiters with greater tickets came after the gate was shut. */
  private long lastTicketInTime;

  private int writersServed;

  WaitingLine(int writersInARow) {
    this.writersInARow = writersInARow;
  }

  void add(Waiter waiter) {
    waiter.ticket = ++lastTicket;
    waiters.add(waiter);
  }

  void remove(Waiter waiter) {
    waiters.remove(waiter);
  }

  boolean contains(Waiter waiter) {
    return waiters.contains(waiter);
  }

  @Nullable Waiter first() {
    return waiters.isEmpty() ? null : waiters.get(0);
  }

  List<Waiter> all() {
    return List.copyOf(waiters);
  }

  /** The gate is shut: who waits now is to be served before it opens. */
  void beginRound() {
    lastTicketInTime = lastTicket;
    writersServed = 0;
  }

  /** The waiter whose turn it is behind a shut gate; null if the gate may open. */
  @Nullable Waiter next() {
    Waiter oldest = first();
    if (oldest == null || oldest.ticket > lastTicketInTime) {
      return null;
    }
    if (writersServed >= writersInARow) {
      for (Waiter waiter : waiters) {
        if (!waiter.write) {
          return waiter;
        }
      }
    }
    if (oldest.priority == LockPriority.API && oldest.passedOver < MAX_PASSES) {
      for (Waiter waiter : waiters) {
        if (waiter.priority == LockPriority.CONSENSUS) {
          return waiter;
        }
      }
    }
    return oldest;
  }

  /** {@link #next} is chosen: counts it as a pass for the oldest if that is another one. */
  void passOver(Waiter chosen) {
    Waiter oldest = waiters.get(0);
    if (oldest != chosen) {
      oldest.passedOver++;
    }
  }

  /** Takes out a writer who is let in. */
  void takeWriter(Waiter writer) {
    writersServed++;
    waiters.remove(writer);
  }

  /**
   * Takes out all readers, also those who came late: together they cost one turn. The first of the
   * list, which is the one that is awake if there is one, is to be woken; each wakes two more as it
   * goes in.
   */
  List<Waiter> takeReaders(@Nullable Waiter awake) {
    List<Waiter> readers = new ArrayList<>(waiters.size());
    for (Waiter waiter : waiters) {
      if (!waiter.write) {
        readers.add(waiter == awake ? 0 : readers.size(), waiter);
      }
    }
    waiters.removeIf(waiter -> !waiter.write);
    writersServed = 0;
    for (int i = 0; i < readers.size(); i++) {
      int from = Math.min(WAKES * i + 1, readers.size());
      readers.get(i).toWake = readers.subList(from, Math.min(from + WAKES, readers.size()));
    }
    return readers;
  }

  /** Whether a writer who does not give up goes before this reader. */
  boolean hasLastingWriterBefore(Waiter reader) {
    for (Waiter ahead : waiters) {
      if (ahead == reader) {
        return false;
      }
      if (ahead.write && !ahead.timed && ahead.priority.compareTo(reader.priority) <= 0) {
        return true;
      }
    }
    return false;
  }
}
