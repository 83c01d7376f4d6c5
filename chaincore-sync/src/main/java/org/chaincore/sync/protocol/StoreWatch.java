package org.chaincore.sync.protocol;

import java.util.function.LongConsumer;
import org.chaincore.core.store.StoreException;

/**
 * Keeps a store that fails, as on a full disk, from stopping the protocol: the step that needed it
 * ends, all others go on. What a peer sent is not its fault then.
 *
 * <p>While the store fails no blocks are asked for: they would come, be lost and be asked for again
 * as fast as the network allows. It is tried again after {@link #PAUSE_MILLIS}, and the host is
 * told once in {@link #TELL_MILLIS}.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class StoreWatch {
  /** Before blocks are asked for again. */
  static final long PAUSE_MILLIS = 10_000;

  /** A log is not to be filled by what fills a disk. */
  static final long TELL_MILLIS = 60_000;

  private final MachineContext context;
  private boolean isPaused;
  private long tellAgainMillis = Long.MIN_VALUE;

  StoreWatch(MachineContext context) {
    this.context = context;
  }

  /** Takes a step, or as much of it as the store allows. */
  void take(LongConsumer step, long nowMillis) {
    try {
      step.accept(nowMillis);
    } catch (StoreException broken) {
      isPaused = true;
      context.timers().set(Timer.STORE, nowMillis + PAUSE_MILLIS);
      if (nowMillis >= tellAgainMillis) {
        tellAgainMillis = nowMillis + TELL_MILLIS;
        context.out().emit(new SyncEvent.StoreFailed(broken));
      }
    }
  }

  /** It is time to try again. */
  void due() {
    isPaused = false;
  }

  /** Whether the store failed a short while ago. */
  boolean isPaused() {
    return isPaused;
  }
}
