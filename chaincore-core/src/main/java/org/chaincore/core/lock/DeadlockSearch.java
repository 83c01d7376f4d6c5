package org.chaincore.core.lock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.chaincore.core.lock.HeldLocks.Hold;
import org.chaincore.core.lock.HeldLocks.Waiting;
import org.jspecify.annotations.Nullable;

/**
 * Looks for circles in the wait-for graph of one registry. It runs only in threads that have waited
 * long already.
 *
 * <p><b>Idea.</b> Thread A points to thread B if A waits without a timeout for a lock that B holds
 * in a mode that excludes A's, and B waits too. A writer points to all readers inside, and it needs
 * all of them gone, so any circle is a deadlock. A reader behind a shut gate points to the readers
 * inside if a writer ahead of it will not give up: it is that writer who waits for them.
 *
 * <p><b>Why it never cries wolf.</b> The graph is read while threads run. But a thread that waits
 * changes none of its holds, so an edge stays true as long as the same two waits go on. A circle is
 * reported only if each of its waits is found again, the same object and not let in, after all of
 * them were found once; then all edges held together at the moment between the two looks. Nobody in
 * the circle can be let in before another one lets go, and none does while it waits, so from then
 * on it is a deadlock for good (until one is interrupted, if its wait allows that).
 *
 * <p>Locks of other makes and of other registries are not seen.
 */
final class DeadlockSearch {
  private final Collection<HeldLocks> threads;
  private final Function<Hold, String> describe;
  private final Reaction reaction;
  private final Consumer<DeadlockReport> sink;

  /** One node of the graph. */
  private record Stuck(HeldLocks held, Waiting waiting) {
    boolean isStill() {
      return waiting.equals(held.waiting);
    }
  }

  DeadlockSearch(
      Collection<HeldLocks> threads,
      Function<Hold, String> describe,
      LockSettings settings,
      Consumer<DeadlockReport> sink) {
    this.threads = threads;
    this.describe = describe;
    this.reaction = settings.onDeadlock();
    this.sink = sink;
  }

  /** Looks for a circle that keeps the waiting thread of {@code from} waiting. */
  synchronized void run(HeldLocks from) {
    Waiting waiting = from.waiting;
    if (waiting == null) {
      return;
    }
    List<Stuck> circle = circle(new Stuck(from, waiting), new ArrayList<>(), new HashSet<>());
    if (circle == null || circle.stream().allMatch(stuck -> stuck.waiting.waiter().reported)) {
      return;
    }
    if (!isConfirmed(circle)) {
      return;
    }
    Stuck closer =
        circle.stream()
            .max(Comparator.comparingLong(stuck -> stuck.waiting.waiter().sinceNanos))
            .orElseThrow();
    DeadlockReport report = report(circle, circle.indexOf(closer));
    if (reaction == Reaction.THROW) {
      if (!closer.waiting.lock().turnstile().giveUp(closer.waiting.waiter(), report)) {
        return;
      }
    }
    circle.forEach(stuck -> stuck.waiting.waiter().reported = true);
    sink.accept(report);
  }

  /** Depth first; the path from the start of a circle on, or null if there is none. */
  private @Nullable List<Stuck> circle(Stuck at, List<Stuck> path, Set<HeldLocks> done) {
    int onPath = path.indexOf(at);
    if (onPath >= 0) {
      return List.copyOf(path.subList(onPath, path.size()));
    }
    if (!done.add(at.held)) {
      return null;
    }
    path.add(at);
    for (Stuck next : blockers(at)) {
      List<Stuck> found = circle(next, path, done);
      if (found != null) {
        return found;
      }
    }
    path.remove(path.size() - 1);
    return null;
  }

  private List<Stuck> blockers(Stuck at) {
    List<Stuck> blockers = new ArrayList<>();
    for (HeldLocks held : threads) {
      // Volatile: orders the holds of the waiting thread before the look at them.
      Waiting waiting = held.waiting;
      if (waiting != null && held != at.held) {
        Stuck blocker = new Stuck(held, waiting);
        if (blocks(at, blocker)) {
          blockers.add(blocker);
        }
      }
    }
    return blockers;
  }

  private static boolean blocks(Stuck at, Stuck blocker) {
    RankedReadWriteLock wanted = at.waiting.lock();
    for (Hold hold : blocker.held.holds()) {
      if (hold.lockId() == wanted.id()) {
        return wanted.turnstile().isStuck(at.waiting.waiter(), hold.write());
      }
    }
    return false;
  }

  private static boolean isConfirmed(List<Stuck> circle) {
    for (int i = 0; i < circle.size(); i++) {
      Stuck at = circle.get(i);
      Stuck next = circle.get((i + 1) % circle.size());
      if (!at.isStill() || !blocks(at, next) || !next.isStill()) {
        return false;
      }
    }
    return true;
  }

  private DeadlockReport report(List<Stuck> circle, int first) {
    List<DeadlockReport.Party> parties = new ArrayList<>();
    for (int i = 0; i < circle.size(); i++) {
      Stuck stuck = circle.get((first + i) % circle.size());
      RankedReadWriteLock lock = stuck.waiting.lock();
      Waiter waiter = stuck.waiting.waiter();
      parties.add(
          new DeadlockReport.Party(
              stuck.held.thread.getName(),
              lock.name(),
              waiter.write,
              lock.turnstile().nowNanos() - waiter.sinceNanos,
              stuck.held.holds().stream().map(describe).toList(),
              List.of(stuck.held.thread.getStackTrace())));
    }
    return new DeadlockReport(parties);
  }
}
