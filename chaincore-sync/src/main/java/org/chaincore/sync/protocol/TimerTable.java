package org.chaincore.sync.protocol;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * All that the protocol waits for, ordered by time: a timer of a kind is set at most once a peer.
 * What is due at the same time comes in the order in which it was set, so the same inputs always
 * give the same outputs.
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
  record Due(Timer timer, @Nullable PeerId peer) {
    // Written out: what the JVM makes up for a record as a key costs each start 20 ms of CPU.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Due due && timer == due.timer && Objects.equals(peer, due.peer);
    }

    @Override
    public int hashCode() {
      return 31 * timer.hashCode() + Objects.hashCode(peer);
    }
  }

  private record Entry(long atMillis, long sequence, Due due) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(atMillis, other.atMillis);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  /** Later than all that is waited for. */
  static final long NEVER = Long.MAX_VALUE;

  private final TreeSet<Entry> ordered = new TreeSet<>();
  private final Map<Due, Entry> entries = new HashMap<>();
  private long nextSequence;

  /** Sets a timer of the node, in place of the one before. */
  void set(Timer timer, long atMillis) {
    set(new Due(timer, null), atMillis);
  }

  /** Sets a timer of a peer, in place of the one before. */
  void set(Timer timer, PeerId peer, long atMillis) {
    set(new Due(timer, peer), atMillis);
  }

  private void set(Due due, long atMillis) {
    Entry entry = new Entry(atMillis, nextSequence++, due);
    Entry before = entries.put(due, entry);
    if (before != null) {
      ordered.remove(before);
    }
    ordered.add(entry);
  }

  /** Whether a timer of a peer is set. */
  boolean isSet(Timer timer, PeerId peer) {
    return entries.containsKey(new Due(timer, peer));
  }

  /** Whether a timer of the node is set. */
  boolean isSet(Timer timer) {
    return entries.containsKey(new Due(timer, null));
  }

  void cancel(Timer timer) {
    cancel(new Due(timer, null));
  }

  void cancel(Timer timer, PeerId peer) {
    cancel(new Due(timer, peer));
  }

  /** Forgets all timers of a peer. */
  void cancelAll(PeerId peer) {
    for (Timer timer : Timer.values()) {
      cancel(timer, peer);
    }
  }

  private void cancel(Due due) {
    Entry entry = entries.remove(due);
    if (entry != null) {
      ordered.remove(entry);
    }
  }

  /** How many timers are set. */
  int size() {
    return entries.size();
  }

  /** When the next timer is due; {@link #NEVER} if none is set. */
  long nextMillis() {
    return ordered.isEmpty() ? NEVER : ordered.first().atMillis;
  }

  /** Takes out the next timer that is due, null if none is. */
  @Nullable Due takeDue(long nowMillis) {
    if (ordered.isEmpty() || ordered.first().atMillis > nowMillis) {
      return null;
    }
    Entry entry = ordered.first();
    ordered.remove(entry);
    entries.remove(entry.due);
    return entry.due;
  }
}
