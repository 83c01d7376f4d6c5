package org.chaincore.sync.protocol;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.protocol.TimerHeap.Entry;
import org.jspecify.annotations.Nullable;

/**
 * All that the protocol waits for, ordered by time: a timer of a kind is set at most once a peer.
 * What is due at the same time comes in the order in which it was set, so the same inputs always
 * give the same outputs.
 *
 * <p>Timers are set with nearly every message. So each is made once and kept: those of a peer until
 * {@link #cancelAll}, which is to be the last that is done for it.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class TimerTable {
  /**
   * A timer.
   *
   * @param timer which kind
   * @param peer whose, null if it is the node's own
   */
  record Due(Timer timer, @Nullable PeerId peer) {}

  /** Later than all that is waited for. */
  static final long NEVER = Long.MAX_VALUE;

  private final TimerHeap heap = new TimerHeap();
  private final Map<Timer, Entry> ofNode = new EnumMap<>(Timer.class);

  /** Only looked up in. */
  private final Map<PeerId, Map<Timer, Entry>> ofPeers = new HashMap<>();

  /** Sets a timer of the node, in place of the one before. */
  void set(Timer timer, long atMillis) {
    set(ofNode, timer, null, atMillis);
  }

  /** Sets a timer of a peer, in place of the one before. */
  void set(Timer timer, PeerId peer, long atMillis) {
    Map<Timer, Entry> timers = ofPeers.get(peer);
    if (timers == null) {
      timers = new EnumMap<>(Timer.class);
      ofPeers.put(peer, timers);
    }
    set(timers, timer, peer, atMillis);
  }

  private void set(Map<Timer, Entry> timers, Timer timer, @Nullable PeerId peer, long atMillis) {
    Entry entry = timers.get(timer);
    if (entry == null) {
      entry = new Entry(new Due(timer, peer));
      timers.put(timer, entry);
    }
    heap.set(entry, atMillis);
  }

  /** Whether a timer of a peer is set. */
  boolean isSet(Timer timer, PeerId peer) {
    return isSet(ofPeer(peer), timer);
  }

  /** Whether a timer of the node is set. */
  boolean isSet(Timer timer) {
    return isSet(ofNode, timer);
  }

  private static boolean isSet(Map<Timer, Entry> timers, Timer timer) {
    Entry entry = timers.get(timer);
    return entry != null && entry.isSet();
  }

  void cancel(Timer timer) {
    cancel(ofNode, timer);
  }

  void cancel(Timer timer, PeerId peer) {
    cancel(ofPeer(peer), timer);
  }

  private void cancel(Map<Timer, Entry> timers, Timer timer) {
    Entry entry = timers.get(timer);
    if (entry != null) {
      heap.remove(entry);
    }
  }

  private Map<Timer, Entry> ofPeer(PeerId peer) {
    Map<Timer, Entry> timers = ofPeers.get(peer);
    return timers == null ? Map.of() : timers;
  }

  /** Forgets all timers of a peer. */
  void cancelAll(PeerId peer) {
    Map<Timer, Entry> timers = ofPeers.remove(peer);
    if (timers != null) {
      timers.values().forEach(heap::remove);
    }
  }

  /** How many timers are set. */
  int size() {
    return heap.size();
  }

  /** When the next timer is due; {@link #NEVER} if none is set. */
  long nextMillis() {
    Entry first = heap.first();
    return first == null ? NEVER : first.atMillis();
  }

  /** Takes out the next timer that is due, null if none is. */
  @Nullable Due takeDue(long nowMillis) {
    Entry first = heap.first();
    if (first == null || first.atMillis() > nowMillis) {
      return null;
    }
    heap.remove(first);
    return first.due;
  }
}
