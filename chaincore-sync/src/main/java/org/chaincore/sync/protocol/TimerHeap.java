package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.sync.protocol.TimerTable.Due;
import org.jspecify.annotations.Nullable;

/**
 * The timers that are set, in the order of their times and then of their setting. A binary heap
 * (Williams, "Algorithm 232: Heapsort", Communications of the ACM 7, 1964) in which each timer
 * knows where it lies: to set one, again or anew, and to take one out costs O(log n) and no memory.
 *
 * <p>Not thread-safe; confined to its table.
 */
final class TimerHeap {
  /** A timer that may be set, again and again. */
  static final class Entry {
    private static final int NOT_SET = -1;

    final Due due;
    private long atMillis;
    private long sequence;
    private int place = NOT_SET;

    Entry(Due due) {
      this.due = due;
    }

    boolean isSet() {
      return place != NOT_SET;
    }

    long atMillis() {
      return atMillis;
    }

    private boolean isBefore(Entry other) {
      return atMillis < other.atMillis || (atMillis == other.atMillis && sequence < other.sequence);
    }
  }

  /** Each is before those at twice its place plus one and plus two. */
  private final List<Entry> entries = new ArrayList<>();

  private long nextSequence;

  /** Sets a timer, in place of how it was set before. */
  void set(Entry entry, long atMillis) {
    entry.atMillis = atMillis;
    entry.sequence = nextSequence++;
    if (!entry.isSet()) {
      entry.place = entries.size();
      entries.add(entry);
    }
    settle(entry);
  }

  /** A timer is not waited for any more, if it was. */
  void remove(Entry entry) {
    if (entry.isSet()) {
      Entry last = entries.remove(entries.size() - 1);
      if (last != entry) {
        put(last, entry.place);
        settle(last);
      }
      entry.place = Entry.NOT_SET;
    }
  }

  /** The one that is due first; null if none is set. */
  @Nullable Entry first() {
    return entries.isEmpty() ? null : entries.get(0);
  }

  int size() {
    return entries.size();
  }

  /** Brings an entry from where it lies to where it belongs. */
  private void settle(Entry entry) {
    int place = entry.place;
    while (place > 0 && entry.isBefore(entries.get((place - 1) / 2))) {
      put(entries.get((place - 1) / 2), place);
      place = (place - 1) / 2;
    }
    int child = firstChild(place);
    while (child < entries.size() && entries.get(child).isBefore(entry)) {
      put(entries.get(child), place);
      place = child;
      child = firstChild(place);
    }
    put(entry, place);
  }

  /** Which of the two below a place is before the other; beyond the end if there is none. */
  private int firstChild(int place) {
    int left = 2 * place + 1;
    int right = left + 1;
    return right < entries.size() && entries.get(right).isBefore(entries.get(left)) ? right : left;
  }

  private void put(Entry entry, int place) {
    entries.set(place, entry);
    entry.place = place;
  }
}
