package org.chaincore.core.lock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.chaincore.core.lock.HeldLocks.Hold;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The locks of one engine, or of one host: makes them, knows which thread holds and awaits which,
 * and tells. Order and deadlocks are watched within a registry, not between two. Locks live as long
 * as their registry: make them for things that stay, not for each request.
 *
 * <p>Thread-safe.
 */
public final class LockRegistry {
  /** The most locks of a registry. Stops a caller who makes locks and forgets them. */
  public static final int MAX_LOCKS = 65_536;

  private static final int MAX_REPORTS = 16;
  private static final int FIRST_SWEEP = 64;
  private static final Logger LOG = LoggerFactory.getLogger(LockRegistry.class);

  private final LockSettings settings;
  private final ThreadLocal<HeldLocks> held = ThreadLocal.withInitial(this::enlist);
  private final Set<HeldLocks> threads = ConcurrentHashMap.newKeySet();
  private final DeadlockSearch search;

  /** Guarded by this, as is all below. */
  private final Map<String, RankedReadWriteLock> locks = new HashMap<>();

  private final List<RankedReadWriteLock> byId = new ArrayList<>();

  private final Deque<DeadlockReport> reports = new ArrayDeque<>();
  private final Map<String, Long> inversions = new HashMap<>();
  private int sweepAt = FIRST_SWEEP;

  /** The counters of threads that ended, like those of {@link HeldLocks}. */
  private long[] endedAcquires = new long[32];

  private LockRegistry(LockSettings settings) {
    this.settings = settings;
    this.search = new DeadlockSearch(threads, this::text, settings, this::deadlock);
  }

  public static LockRegistry create() {
    return create(LockSettings.defaults());
  }

  public static LockRegistry create(LockSettings settings) {
    return new LockRegistry(settings);
  }

  /**
   * Makes a lock.
   *
   * @throws IllegalArgumentException if the name is blank or taken
   * @throws IllegalStateException if there are {@value #MAX_LOCKS} already
   */
  public RankedReadWriteLock lock(String name, LockRank rank) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a lock needs a name");
    }
    synchronized (this) {
      if (locks.containsKey(name)) {
        throw new IllegalArgumentException("there is a lock " + name + " already");
      }
      if (locks.size() == MAX_LOCKS) {
        throw new IllegalStateException("more than " + MAX_LOCKS + " locks");
      }
      Turnstile turnstile = new Turnstile(settings, System::nanoTime);
      RankedReadWriteLock lock = new RankedReadWriteLock(this, name, rank, locks.size(), turnstile);
      locks.put(name, lock);
      byId.add(lock);
      return lock;
    }
  }

  public LockSettings settings() {
    return settings;
  }

  /** The figures of every lock by its name, in rank order. */
  public Map<String, LockStats> stats() {
    Map<String, LockStats> stats = new LinkedHashMap<>();
    for (RankedReadWriteLock lock : inOrder()) {
      stats.put(lock.name(), statsOf(lock));
    }
    return stats;
  }

  /** The last deadlocks that were found, at most {@value #MAX_REPORTS}, oldest first. */
  public synchronized List<DeadlockReport> deadlocks() {
    return List.copyOf(reports);
  }

  /** The names of the locks that the calling thread holds, in the order of their acquires. */
  public List<String> heldByCurrentThread() {
    return held().holds().stream().map(hold -> byId(hold.lockId()).name()).toList();
  }

  /**
   * Checks that the calling thread holds no lock of this registry: for I/O, events and callbacks.
   *
   * @param action what is about to be done, for the message
   * @throws IllegalStateException if it holds one
   */
  public void assertNoneHeld(String action) {
    if (held().depth() != 0) {
      throw new IllegalStateException(
          action + " under a lock: " + Thread.currentThread().getName() + " holds " + heldText());
    }
  }

  private String heldText() {
    return String.join(", ", held().holds().stream().map(this::text).toList());
  }

  private String text(Hold hold) {
    String what = (hold.write() ? "write of " : "read of ") + byId(hold.lockId()).name();
    return hold.site() == null ? what : what + " (taken at " + hold.site() + ")";
  }

  private synchronized RankedReadWriteLock byId(int id) {
    return byId.get(id);
  }

  /** Who holds and who waits, a few lines a lock, for people. Takes no ranked lock. */
  public String explain() {
    return new Explanation(inOrder(), threads).toString();
  }

  private synchronized List<RankedReadWriteLock> inOrder() {
    List<RankedReadWriteLock> all = new ArrayList<>(locks.values());
    all.sort(
        Comparator.comparing(RankedReadWriteLock::rank).thenComparing(RankedReadWriteLock::name));
    return all;
  }

  LockStats statsOf(RankedReadWriteLock lock) {
    WaitFigures waits = lock.turnstile().figures();
    synchronized (this) {
      return new LockStats(
          lock.name(),
          lock.rank(),
          acquires(lock, false),
          acquires(lock, true),
          waits.toWaits(),
          inversions.getOrDefault(lock.name(), 0L),
          lock.holds(false).times(),
          lock.holds(true).times());
    }
  }

  private long acquires(RankedReadWriteLock lock, boolean write) {
    int counter = 2 * lock.id() + (write ? 1 : 0);
    long sum = counter < endedAcquires.length ? endedAcquires[counter] : 0;
    for (HeldLocks thread : threads) {
      sum += thread.acquires(counter);
    }
    return sum;
  }

  HeldLocks held() {
    return held.get();
  }

  /** Where each thread keeps its record. */
  ThreadLocal<HeldLocks> records() {
    return held;
  }

  /** The number of threads with a record. */
  int knownThreads() {
    return threads.size();
  }

  /** Never throws: it is called in the midst of a wait, which must end with the lock or without. */
  void lookForDeadlock(HeldLocks from) {
    try {
      search.run(from);
    } catch (RuntimeException | StackOverflowError e) {
      FlightLog.fault("search failed", e.toString());
    }
  }

  /** The record of a thread that comes for the first time. */
  private synchronized HeldLocks enlist() {
    if (threads.size() >= sweepAt) {
      threads.removeIf(this::isOver);
      sweepAt = Math.max(FIRST_SWEEP, 2 * threads.size());
    }
    HeldLocks record = new HeldLocks(Thread.currentThread());
    threads.add(record);
    return record;
  }

  /**
   * Whether a thread ended; its counters are kept. One that ended with a lock stays on the list.
   */
  private boolean isOver(HeldLocks record) {
    if (record.thread.isAlive() || record.depth() != 0) {
      return false;
    }
    long[] counters = record.acquires();
    if (counters.length > endedAcquires.length) {
      endedAcquires = Arrays.copyOf(endedAcquires, counters.length);
    }
    for (int i = 0; i < counters.length; i++) {
      endedAcquires[i] += counters[i];
    }
    return true;
  }

  /** Finds the acquire wrong; returns if it may go on all the same. */
  void inversion(RankedReadWriteLock wanted, boolean write, int heldId, HeldLocks by) {
    RankedReadWriteLock held = byId(heldId);
    String text =
        by.thread.getName()
            + " asks for "
            + (write ? "write of " : "read of ")
            + wanted
            + " at "
            + site()
            + " while it holds "
            + held
            + takenAt(by, held);
    LockOrderException found = fault("inversion", text, wanted, held, by);
    if (settings.onInversion() == Reaction.THROW) {
      throw found;
    }
    LOG.warn("{}", text);
  }

  LockOrderException upgrade(RankedReadWriteLock lock, HeldLocks by) {
    String text =
        by.thread.getName()
            + " asks for write of "
            + lock
            + " at "
            + site()
            + " while it only reads it"
            + takenAt(by, lock);
    return fault("upgrade", text, lock, lock, by);
  }

  private LockOrderException fault(
      String kind,
      String text,
      RankedReadWriteLock wanted,
      RankedReadWriteLock held,
      HeldLocks by) {
    synchronized (this) {
      inversions.merge(wanted.name(), 1L, Long::sum);
    }
    FlightLog.fault(kind, text);
    return new LockOrderException(text, wanted.name(), held.name(), by.siteOf(held.key()));
  }

  private static String takenAt(HeldLocks by, RankedReadWriteLock lock) {
    StackTraceElement site = by.siteOf(lock.key());
    return site == null ? "" : ", taken at " + site;
  }

  private void deadlock(DeadlockReport report) {
    synchronized (this) {
      if (reports.size() == MAX_REPORTS) {
        reports.removeFirst();
      }
      reports.addLast(report);
    }
    FlightLog.fault("deadlock", report.toString());
    LOG.error("{}", report);
  }

  boolean recordsSites() {
    return settings.recordSites();
  }

  /** The code that called into this package. */
  StackTraceElement site() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> !isOurs(frame.getClassName()))
                    .findFirst()
                    .map(StackWalker.StackFrame::toStackTraceElement))
        .orElseThrow();
  }

  private static boolean isOurs(String className) {
    int nested = className.indexOf('$');
    String outer = nested < 0 ? className : className.substring(0, nested);
    return outer.equals(LockMode.class.getName())
        || outer.equals(LockRegistry.class.getName())
        || outer.equals(AtomicSection.class.getName());
  }
}
