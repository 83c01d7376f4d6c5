package org.chaincore.sync.driver;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.chaincore.core.lock.Published;
import org.chaincore.sync.protocol.SyncStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the status of a node to all who want to see it. It is taken in the driver's thread, after a
 * turn, so that a node that does nothing takes none; whoever needs it as it is now asks for it, and
 * all who ask before it is taken get the same.
 *
 * <p>Thread-safe; {@link #turnEnded} is called by the driver's thread.
 */
final class StatusDesk {
  private static final Logger LOG = LoggerFactory.getLogger(StatusDesk.class);

  private final long everyMillis;
  private final Published<SyncStatus> last;
  private final AtomicReference<@Nullable CompletableFuture<SyncStatus>> asked =
      new AtomicReference<>();
  private volatile boolean isClosed;

  // Confined to the driver's thread.
  private long takenAtMillis;

  StatusDesk(long everyMillis, SyncStatus first) {
    this.everyMillis = everyMillis;
    this.last = Published.of(first);
    this.takenAtMillis = first.atMillis();
  }

  SyncStatus status() {
    return last.get();
  }

  /** Asks for the next status; the caller then wakes the driver. */
  CompletableFuture<SyncStatus> ask() {
    CompletableFuture<SyncStatus> mine = new CompletableFuture<>();
    CompletableFuture<SyncStatus> before = asked.compareAndExchange(null, mine);
    if (isClosed) {
      close();
    }
    return before == null ? mine : before;
  }

  /** A turn of the driver is over, in which everything may have changed. */
  void turnEnded(long nowMillis, LongFunction<SyncStatus> taker) {
    CompletableFuture<SyncStatus> wanted = asked.getAndSet(null);
    boolean isRecent = nowMillis >= takenAtMillis && nowMillis - takenAtMillis < everyMillis;
    if (wanted == null && isRecent) {
      return;
    }
    takenAtMillis = nowMillis;
    try {
      SyncStatus status = taker.apply(nowMillis);
      last.set(status);
      if (wanted != null) {
        wanted.complete(status);
      }
    } catch (RuntimeException broken) {
      // A status that cannot be told must not stop the node.
      LOG.error("the status cannot be taken", broken);
      if (wanted != null) {
        wanted.completeExceptionally(broken);
      }
    }
  }

  /** Nobody takes a status any more. */
  void close() {
    isClosed = true;
    CompletableFuture<SyncStatus> wanted = asked.getAndSet(null);
    if (wanted != null) {
      wanted.cancel(false);
    }
  }
}
