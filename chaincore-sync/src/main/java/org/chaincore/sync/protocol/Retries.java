package org.chaincore.sync.protocol;

import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each of some things was tried. What did not help stays in the difference of two
 * mempools, as a transaction does that the other side refuses; tried every time it would cost its
 * bytes for ever. So it is tried the first, second, fourth, eighth time and so on.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class Retries<K> {
  private final int most;
  private final Map<K, Integer> times = new LinkedHashMap<>(0);

  Retries(int most) {
    this.most = most;
  }

  /** Counts one more time; how many there were, this one included. */
  int count(K key) {
    int count = times.merge(key, 1, Integer::sum);
    if (times.size() > most) {
      Iterator<K> oldest = times.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    return count;
  }

  /** Whether something is worth a try that has come up so often. */
  static boolean isTurn(int count) {
    return Integer.bitCount(count) == 1;
  }

  /** Forgets all but these: the others are settled. */
  void keepOnly(Collection<K> open) {
    if (!times.isEmpty()) {
      times.keySet().retainAll(new HashSet<>(open));
    }
  }

  int size() {
    return times.size();
  }
}
