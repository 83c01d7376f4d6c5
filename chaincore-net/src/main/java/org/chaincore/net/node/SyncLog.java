package org.chaincore.net.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.chaincore.sync.protocol.SyncEvent;

/**
 * What the driver told, for hosts to read. What answers a question of the node's own is left out:
 * fetched blocks are large, and what is kept of peers holds a secret.
 *
 * <p>Thread-safe.
 */
final class SyncLog implements EventSource<SyncEvent> {
  /** Whoever makes events without end, as a peer that comes and goes, pushes out old ones only. */
  static final int KEPT = 1_000;

  private final List<Ringer> bells = new CopyOnWriteArrayList<>();
  private final Deque<SyncEvent> kept = new ArrayDeque<>();
  private long next;

  /** The driver has told something. Returns at once. */
  void heard(SyncEvent event) {
    if (event instanceof SyncEvent.BlockFetched
        || event instanceof SyncEvent.PeersToKeep
        || event instanceof SyncEvent.SettingsToKeep) {
      return;
    }
    synchronized (this) {
      if (kept.size() == KEPT) {
        kept.removeFirst();
      }
      kept.addLast(event);
      next++;
    }
    bells.forEach(ringer -> ringer.wake.run());
  }

  @Override
  public synchronized long cursor() {
    return next;
  }

  @Override
  public synchronized Page<SyncEvent> read(long cursor, int most) {
    long oldest = next - kept.size();
    if (cursor < oldest || cursor > next) {
      return new Page<>(oldest, List.of());
    }
    List<SyncEvent> page = new ArrayList<>();
    Iterator<SyncEvent> events = kept.iterator();
    for (long number = oldest; events.hasNext() && page.size() < most; number++) {
      SyncEvent event = events.next();
      if (number >= cursor) {
        page.add(event);
      }
    }
    return new Page<>(cursor, page);
  }

  @Override
  public Bell subscribe(Runnable wake) {
    Ringer ringer = new Ringer(wake);
    bells.add(ringer);
    return () -> bells.remove(ringer);
  }

  /** Equal only to itself: who subscribes twice ends one subscription at a time. */
  private static final class Ringer {
    private final Runnable wake;

    private Ringer(Runnable wake) {
      this.wake = wake;
    }
  }
}
