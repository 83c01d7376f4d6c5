package org.chaincore.core.lock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.chaincore.core.lock.HeldLocks.Hold;

/** The state of a registry's locks in words. Not thread-safe; made for one answer. */
final class Explanation {
  private final StringBuilder text = new StringBuilder();

  Explanation(List<RankedReadWriteLock> locks, Collection<HeldLocks> threads) {
    if (locks.isEmpty()) {
      text.append("no locks\n");
    }
    for (RankedReadWriteLock lock : locks) {
      List<String> holders = holders(lock, threads);
      List<Waiter> waiting = lock.turnstile().waiting();
      text.append(lock)
          .append(holders.isEmpty() ? ": free" : ": held")
          .append(lock.turnstile().isShut() ? ", gate shut" : "")
          .append('\n');
      holders.forEach(line -> text.append("  ").append(line).append('\n'));
      for (Waiter waiter : waiting) {
        long millis = (lock.turnstile().nowNanos() - waiter.sinceNanos) / 1_000_000;
        text.append("  ")
            .append(waiter.thread.getName())
            .append(" waits ")
            .append(millis)
            .append(" ms to ")
            .append(waiter.write ? "write" : "read")
            .append(" as ")
            .append(waiter.priority)
            .append('\n');
      }
    }
  }

  private static List<String> holders(RankedReadWriteLock lock, Collection<HeldLocks> threads) {
    List<String> lines = new ArrayList<>();
    for (HeldLocks thread : threads) {
      for (Hold hold : thread.holds()) {
        if (hold.lockId() == lock.id()) {
          lines.add(
              thread.thread.getName()
                  + (hold.write() ? " writes" : " reads")
                  + (hold.site() == null ? "" : ", taken at " + hold.site())
                  + (thread.thread.isAlive() ? "" : " (this thread has ended)"));
        }
      }
    }
    lines.sort(null);
    return lines;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
