package org.chaincore.core.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who is in, who waits and who is next: the admission of one reader-writer lock. It knows no ranks
 * and no reentrancy; {@link RankedReadWriteLock} tells the idea and keeps those.
 *
 * <p>One word holds the number of readers inside, whether a writer is inside, and whether the gate
 * is shut. Open gate: whoever comes and fits gets in with one compare-and-set. Shut gate: only
 * {@link #advance} lets in, under this object's monitor. The monitor is taken by those who have to
 * wait and by the release that makes room behind a shut gate, by nobody else.
 *
 * <p>What keeps it live:
 *
 * <ol>
 *   <li>Open and somebody waits: the first in the queue is awake or sleeps with a timer that ends
 *       with the turn, and then shuts the gate. Whoever makes another one the first wakes it.
 *   <li>Shut: {@code advance} has run since the last change of the word that could make room and
 *       since the last change of the queue. A release that makes room sees the gate shut, because
 *       the gate is in the word that it changes.
 *   <li>Shut: some waiter came before the shutting and is still in the queue, or a writer is in;
 *       else {@code advance} has opened the gate.
 *   <li>Of the readers let in together each but the first is woken by an earlier one of them, on
 *       its way in.
 * </ol>
 *
 * <p>Thread-safe.
 */
final class Turnstile {
  /** What a wait ended with. */
  enum Outcome {
    ADMITTED,
    TIMED_OUT,
    INTERRUPTED,
    DEADLOCKED
  }

  /** As a time to wait: without end. As a search interval: no search. */
  static final long NEVER = Long.MAX_VALUE;

  private static final long WRITER = 1L << 30;
  private static final long SHUT = 1L << 31;
  private static final long READERS = WRITER - 1;

  /** How many may overtake those who wait before one of them has to look at the clock, plus one. */
  private static final int LEAVE_SHIFT = 32;

  private static final long ONE_LEAVE = 1L << LEAVE_SHIFT;
  private static final long LEAVE = -1L << LEAVE_SHIFT;
  private static final long FULL_LEAVE = 33 * ONE_LEAVE;

  /** How long the first in the queue sleeps between two tries while the gate is open. */
  private static final long FIRST_POLL_NANOS = 20_000;

  private static final long LAST_POLL_NANOS = 160_000;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Turnstile.class, "state", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile long state;

  private final long turnNanos;
  private final LongSupplier clock;

  private final WaitingLine line;
  private final WaitFigures figures = new WaitFigures();
  private final Lookout lookout;
  private long openedAtNanos;

  Turnstile(LockSettings settings, LongSupplier clock) {
    this.turnNanos = settings.turn().toNanos();
    this.line = new WaitingLine(settings.writersInARow());
    this.lookout = Lookout.forTurn(turnNanos, clock);
    this.clock = clock;
    this.openedAtNanos = clock.getAsLong() - turnNanos;
  }

  boolean tryRead() {
    while (true) {
      long now = state;
      if (now <= READERS) {
        if (STATE.compareAndSet(this, now, now + 1)) {
          return true;
        }
      } else if ((now & (WRITER | SHUT)) != 0 || !mayOvertake(now)) {
        return false;
      } else if (STATE.compareAndSet(this, now, now - ONE_LEAVE + 1)) {
        return true;
      }
    }
  }

  boolean tryWrite() {
    while (true) {
      long now = state;
      if (now == 0) {
        if (STATE.compareAndSet(this, 0L, WRITER)) {
          return true;
        }
      } else if ((now & (WRITER | SHUT | READERS)) != 0 || !mayOvertake(now)) {
        return false;
      } else if (STATE.compareAndSet(this, now, now - ONE_LEAVE + WRITER)) {
        return true;
      }
    }
  }

  /**
   * Whether a newcomer may get in before those who wait. The clock is dear, so it is looked at by
   * one in many of them only. It is the overtakers who must look: when they keep all processors
   * busy, a sleeping waiter may wake up long after the end of the turn.
   */
  private boolean mayOvertake(long seen) {
    if (seen >>> LEAVE_SHIFT > 1) {
      return true;
    }
    synchronized (this) {
      if ((state & SHUT) != 0 || line.first() == null) {
        return (state & SHUT) == 0;
      }
      if (clock.getAsLong() - openedAtNanos >= turnNanos) {
        return false;
      }
      setGate(0);
      return true;
    }
  }

  /** Shuts or opens the gate, and gives newcomers a full leave if somebody waits behind it. */
  private void setGate(long shut) {
    long leave = shut != 0 || line.first() == null ? 0 : FULL_LEAVE;
    long now;
    do {
      now = state;
    } while (!STATE.compareAndSet(this, now, (now & ~(LEAVE | SHUT)) | shut | leave));
  }

  void releaseRead() {
    long before = (long) STATE.getAndAdd(this, -1L);
    if ((before & (SHUT | READERS)) == (SHUT | 1)) {
      makeRoom();
    }
  }

  void releaseWrite() {
    long before = (long) STATE.getAndAdd(this, -WRITER);
    if ((before & SHUT) != 0) {
      makeRoom();
    }
  }

  /** The writer inside becomes a reader. */
  void downgrade() {
    long before = (long) STATE.getAndAdd(this, 1 - WRITER);
    if ((before & SHUT) != 0) {
      makeRoom();
    }
  }

  private void makeRoom() {
    List<Waiter> woken = new ArrayList<>();
    synchronized (this) {
      advance(woken);
    }
    wake(woken);
  }

  /**
   * Waits until the waiter is let in.
   *
   * @param timeoutNanos the longest wait; ignored unless the waiter is timed
   * @param searchNanos how often to look for a deadlock, or {@link #NEVER}
   * @param search what looks, called without the monitor
   */
  Outcome await(
      Waiter waiter, boolean interruptible, long timeoutNanos, long searchNanos, Runnable search) {
    boolean interrupted = false;
    int polls = 0;
    long nextSearchNanos = searchNanos == NEVER ? NEVER : clock.getAsLong() + searchNanos;
    List<Waiter> woken = new ArrayList<>();
    enqueue(waiter, woken);
    while (true) {
      // A pending interrupt would make every sleep return at once.
      interrupted |= Thread.interrupted();
      long now = clock.getAsLong();
      long sleepNanos;
      @Nullable Outcome outcome;
      boolean watches;
      synchronized (this) {
        outcome = settle(waiter, now, interruptible && interrupted, timeoutNanos, woken);
        boolean writerInside = (state & (SHUT | WRITER)) == (SHUT | WRITER);
        watches = outcome == null && lookout.takesOn(waiter, writerInside);
        sleepNanos = waiter.timed ? waiter.sinceNanos + timeoutNanos - now : NEVER;
        if ((state & SHUT) == 0 && line.first() == waiter) {
          long poll = Math.min(FIRST_POLL_NANOS << Math.min(polls++, 10), LAST_POLL_NANOS);
          sleepNanos = Math.min(sleepNanos, Math.min(poll, openedAtNanos + turnNanos - now));
        }
      }
      wake(woken);
      if (outcome != null) {
        if (interrupted && outcome != Outcome.INTERRUPTED) {
          Thread.currentThread().interrupt();
        }
        return outcome;
      }
      if (watches) {
        lookout.watch(waiter);
        continue;
      }
      if (nextSearchNanos != NEVER) {
        if (now - nextSearchNanos >= 0) {
          nextSearchNanos = now + searchNanos;
          search.run();
          continue;
        }
        sleepNanos = Math.min(sleepNanos, nextSearchNanos - now);
      }
      if (sleepNanos == NEVER) {
        LockSupport.park(this);
      } else if (sleepNanos > 0) {
        LockSupport.parkNanos(this, sleepNanos);
      }
    }
  }

  private void enqueue(Waiter waiter, List<Waiter> woken) {
    synchronized (this) {
      waiter.sinceNanos = clock.getAsLong();
      line.add(waiter);
      if (line.first() == waiter && (state & SHUT) == 0) {
        setGate(0);
      }
      advance(woken);
    }
    wake(woken);
  }

  /** What this wait ends with now, or null if it goes on. */
  private @Nullable Outcome settle(
      Waiter waiter, long now, boolean giveUp, long timeoutNanos, List<Waiter> woken) {
    if (!waiter.granted && (state & SHUT) == 0) {
      if (waiter.write ? tryWrite() : tryRead()) {
        waiter.granted = true;
        leave(waiter, woken);
      } else if (now - openedAtNanos >= turnNanos) {
        shut(woken);
      }
    }
    // Being let in wins over every reason to give up, so that no admission is ever lost.
    Outcome outcome;
    if (waiter.granted) {
      outcome = Outcome.ADMITTED;
      woken.addAll(waiter.toWake);
    } else if (waiter.victimOf != null) {
      outcome = Outcome.DEADLOCKED;
    } else if (giveUp) {
      outcome = Outcome.INTERRUPTED;
    } else if (waiter.timed && now - waiter.sinceNanos >= timeoutNanos) {
      outcome = Outcome.TIMED_OUT;
    } else {
      return null;
    }
    lookout.dismiss(waiter);
    if (outcome != Outcome.ADMITTED) {
      leave(waiter, woken);
      advance(woken);
    }
    figures.add(waiter, outcome, now - waiter.sinceNanos);
    return outcome;
  }

  /** Takes a waiter out of the queue, and wakes the one that has to watch the turn after it. */
  private void leave(Waiter waiter, List<Waiter> woken) {
    boolean watched = line.first() == waiter;
    line.remove(waiter);
    if ((state & SHUT) == 0) {
      Waiter first = line.first();
      if (first == null) {
        setGate(0);
      } else if (watched) {
        woken.add(first);
      }
    }
  }

  private void shut(List<Waiter> woken) {
    line.beginRound();
    setGate(SHUT);
    advance(woken);
  }

  /**
   * Lets in whoever is next behind a shut gate, as far as there is room, and opens the gate when
   * all who came before its shutting have been served.
   */
  private void advance(List<Waiter> woken) {
    while ((state & SHUT) != 0 && (state & WRITER) == 0) {
      Waiter next = line.next();
      if (next == null) {
        open(woken);
      } else if (!next.write) {
        line.passOver(next);
        admitReaders(woken);
      } else if ((state & READERS) == 0) {
        // Nobody is inside and the gate is shut, so nobody else can change the word.
        STATE.setVolatile(this, SHUT | WRITER);
        line.passOver(next);
        line.takeWriter(next);
        next.granted = true;
        wakeUp(next, woken);
      } else {
        return;
      }
    }
  }

  private void admitReaders(List<Waiter> woken) {
    List<Waiter> readers = line.takeReaders(lookout.awake());
    STATE.getAndAdd(this, (long) readers.size());
    for (Waiter reader : readers) {
      reader.granted = true;
    }
    if (!readers.isEmpty()) {
      wakeUp(readers.get(0), woken);
    }
  }

  private void wakeUp(Waiter waiter, List<Waiter> woken) {
    if (waiter != lookout.awake()) {
      woken.add(waiter);
    }
  }

  private void open(List<Waiter> woken) {
    admitReaders(woken);
    openedAtNanos = clock.getAsLong();
    setGate(0);
    Waiter first = line.first();
    if (first != null) {
      woken.add(first);
    }
  }

  private static void wake(List<Waiter> woken) {
    for (Waiter waiter : woken) {
      LockSupport.unpark(waiter.thread);
    }
    woken.clear();
  }

  /**
   * Whether this wait cannot end unless the holders of the lock let go, whatever waits of others
   * time out. A reader among readers is stuck only behind a writer that does not give up.
   *
   * @param writerInside whether the holders that it is stuck behind hold for writing
   */
  synchronized boolean isStuck(Waiter waiter, boolean writerInside) {
    if (waiter.granted || waiter.timed || !line.contains(waiter)) {
      return false;
    }
    if (waiter.write || writerInside) {
      return true;
    }
    return (state & SHUT) != 0 && line.hasLastingWriterBefore(waiter);
  }

  /** Tells a waiter to give up for a deadlock; false if it waits no longer. */
  synchronized boolean giveUp(Waiter waiter, DeadlockReport report) {
    if (waiter.granted || !line.contains(waiter)) {
      return false;
    }
    waiter.victimOf = report;
    LockSupport.unpark(waiter.thread);
    return true;
  }

  /** Those who wait now, in order of arrival. */
  synchronized List<Waiter> waiting() {
    return line.all();
  }

  synchronized WaitFigures figures() {
    return new WaitFigures(figures);
  }

  /** The number of readers inside. */
  int readers() {
    return (int) (state & READERS);
  }

  boolean isWriterInside() {
    return (state & WRITER) != 0;
  }

  boolean isShut() {
    return (state & SHUT) != 0;
  }

  /** Whether it makes no sense to try again before something happens. */
  boolean isClosedToNewcomers() {
    long now = state;
    return (now & SHUT) != 0 || now >>> LEAVE_SHIFT == 1;
  }

  long nowNanos() {
    return clock.getAsLong();
  }
}
