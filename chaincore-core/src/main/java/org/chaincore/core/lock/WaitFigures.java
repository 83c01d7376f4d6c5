package org.chaincore.core.lock;

/** What the waits at one {@link Turnstile} came to. Not thread-safe; guarded by the turnstile. */
final class WaitFigures {
  long readContentions;
  long writeContentions;
  long totalNanos;
  long maxReadNanos;
  long maxWriteNanos;
  long timeouts;
  long interrupts;
  long deadlocks;

  WaitFigures() {}

  WaitFigures(WaitFigures other) {
    this.readContentions = other.readContentions;
    this.writeContentions = other.writeContentions;
    this.totalNanos = other.totalNanos;
    this.maxReadNanos = other.maxReadNanos;
    this.maxWriteNanos = other.maxWriteNanos;
    this.timeouts = other.timeouts;
    this.interrupts = other.interrupts;
    this.deadlocks = other.deadlocks;
  }

  void add(Waiter waiter, Turnstile.Outcome outcome, long nanos) {
    totalNanos += nanos;
    if (waiter.write) {
      writeContentions++;
      maxWriteNanos = Math.max(maxWriteNanos, nanos);
    } else {
      readContentions++;
      maxReadNanos = Math.max(maxReadNanos, nanos);
    }
    switch (outcome) {
      case ADMITTED -> {}
      case TIMED_OUT -> timeouts++;
      case INTERRUPTED -> interrupts++;
      case DEADLOCKED -> deadlocks++;
    }
  }

  LockStats.Waits toWaits() {
    return new LockStats.Waits(
        readContentions,
        writeContentions,
        totalNanos,
        maxReadNanos,
        maxWriteNanos,
        timeouts,
        interrupts,
        deadlocks);
  }
}
