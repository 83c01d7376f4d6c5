package org.chaincore.net.tcp;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that wait to be sent by one node, over all of its connections. Thread-safe. */
final class OutputBudget {
  private final long maxBytes;
  private final Runnable exceeded;
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicLong sentBytes = new AtomicLong();

  /**
   * A budget.
   *
   * @param exceeded called, by whoever sends, while more waits than there may
   */
  OutputBudget(long maxBytes, Runnable exceeded) {
    this.maxBytes = maxBytes;
    this.exceeded = exceeded;
  }

  void add(long bytes) {
    if (queuedBytes.addAndGet(bytes) > maxBytes) {
      exceeded.run();
    }
  }

  boolean isExceeded() {
    return queuedBytes.get() > maxBytes;
  }

  /** Bytes wait no more: sent, or given up. */
  void left(long bytes, boolean isSent) {
    queuedBytes.addAndGet(-bytes);
    if (isSent) {
      sentBytes.addAndGet(bytes);
    }
  }

  long queuedBytes() {
    return queuedBytes.get();
  }

  long sentBytes() {
    return sentBytes.get();
  }
}
