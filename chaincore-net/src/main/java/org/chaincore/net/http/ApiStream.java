package org.chaincore.net.http;

import java.util.Optional;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.value.Bytes;

/**
 * An answer that goes on: whoever sends it takes a piece whenever there is room, so that a client
 * that reads slowly has nothing heaped up for it. Not thread-safe; one thread at a time takes.
 */
public interface ApiStream {
  /** The next piece, of bounded size; empty if there is nothing to send now. Does not block. */
  Optional<Bytes> next();

  /** What may be sent while there is nothing, so that both sides see that the other is there. */
  Bytes heartbeat();

  /**
   * Has something done whenever there may be more.
   *
   * @param wake called from any thread, to return at once
   * @return ends it
   */
  EventReader.Subscription whenMore(Runnable wake);
}
