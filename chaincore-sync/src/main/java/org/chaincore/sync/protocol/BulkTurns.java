package org.chaincore.sync.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Who may send long runs of headers at the same time. One peer is enough, and a second that sends
 * the same only costs its bytes; but whoever has the turn may be slow, or lie. So as long as our
 * best header does not get better, one place more opens every {@link #OPENING_MILLIS}; when all are
 * taken and nothing comes of it, the one that has had its place longest gives it up, each time
 * after twice as long, so that an honest peer with a long chain gets the time that it needs in the
 * end.
 *
 * <p>Not thread-safe; confined to {@link HeaderSync}.
 */
final class BulkTurns {
  /** Bounds the memory of chains that are being weighed. */
  static final int MAX_PLACES = 8;

  static final long OPENING_MILLIS = 20_000;
  static final long FIRST_PATIENCE_MILLIS = 60_000;
  static final long LONGEST_PATIENCE_MILLIS = 3_600_000;

  private final Map<PeerId, Long> takenAt = new LinkedHashMap<>();
  private long progressMillis;
  private long patienceMillis = FIRST_PATIENCE_MILLIS;

  boolean isActive() {
    return !takenAt.isEmpty();
  }

  boolean has(PeerId peer) {
    return takenAt.containsKey(peer);
  }

  /** Takes a place for a peer, if there is one. */
  boolean take(PeerId peer, long nowMillis) {
    if (has(peer)) {
      return true;
    }
    if (takenAt.isEmpty()) {
      progressMillis = nowMillis;
    }
    long open = Math.min(MAX_PLACES, 1 + (nowMillis - progressMillis) / OPENING_MILLIS);
    if (takenAt.size() >= open) {
      return false;
    }
    takenAt.put(peer, nowMillis);
    return true;
  }

  void giveBack(PeerId peer) {
    takenAt.remove(peer);
  }

  /** Our best header has become better. */
  void progressed(long nowMillis) {
    progressMillis = nowMillis;
    patienceMillis = FIRST_PATIENCE_MILLIS;
  }

  /** The peer that has to make room for one that waits; null if none has to yet. */
  @Nullable PeerId toMakeRoom(long nowMillis) {
    if (takenAt.size() < MAX_PLACES) {
      return null;
    }
    Map.Entry<PeerId, Long> longest = takenAt.entrySet().iterator().next();
    if (nowMillis - Math.max(longest.getValue(), progressMillis) < patienceMillis) {
      return null;
    }
    patienceMillis = Math.min(LONGEST_PATIENCE_MILLIS, patienceMillis * 2);
    return longest.getKey();
  }

  /** Who has had a place longest; null if nobody has one. */
  @Nullable PeerId first() {
    return takenAt.isEmpty() ? null : takenAt.keySet().iterator().next();
  }

  int size() {
    return takenAt.size();
  }
}
