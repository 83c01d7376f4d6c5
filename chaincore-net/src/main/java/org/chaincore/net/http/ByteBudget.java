package org.chaincore.net.http;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all connections together may have us keep. Thread-safe. */
final class ByteBudget {
  private final long most;
  private final AtomicLong used = new AtomicLong();

  ByteBudget(long most) {
    this.most = most;
  }

  /** Takes some; false, and nothing is taken, if there are not as many left. */
  boolean take(long bytes) {
    if (used.addAndGet(bytes) > most) {
      used.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void giveBack(long bytes) {
    used.addAndGet(-bytes);
  }

  long used() {
    return used.get();
  }
}
