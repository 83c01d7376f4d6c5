package org.chaincore.sync.statistics;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * How many nodes there are, from the sets of the last epochs.
 *
 * <p><b>Idea.</b> A set with room left holds every node, so its size is the number. In a full one
 * the k-th lowest rank says how densely ranks lie: (k−1) / rank, ranks taken as parts of one, is an
 * unbiased estimate with a standard error of 1/√(k−2) (Bar-Yossef and others, "Counting distinct
 * elements in a data stream", 2002; Beyer and others, "On synopses for distinct-value estimation
 * under multiset operations", 2007). Each epoch ranks anew, so the mean of E epochs has an error
 * smaller by √E: with k = 256 it is 6.3 % after one epoch and 1.8 % after twelve. A past epoch that
 * differs by more than luck explains was another network: it and what was before it do not count.
 *
 * <p>Not thread-safe.
 */
final class CountHistory {
  /** Parts of the count by which two epochs differ by luck once in some 10,000 times, times √k. */
  private static final double MOST_LUCK = 5.6;

  private static final double RANKS = 0x1p64;

  private final ArrayDeque<Double> newestFirst = new ArrayDeque<>();
  private final int epochs;
  private int sampleSize = 3;

  CountHistory(int epochs) {
    this.epochs = epochs;
  }

  /** A count with its standard error as a part of it, and the epochs it is made of. */
  record Count(double nodes, double relativeError, int epochs) {}

  /** An epoch ended with this set. */
  void add(ObservationSet set) {
    if (!set.isFull()) {
      newestFirst.clear();
      return;
    }
    newestFirst.addFirst(estimate(set));
    sampleSize = set.size();
    if (newestFirst.size() > epochs) {
      newestFirst.removeLast();
    }
  }

  /** The count if the newest set is this one, whether or not it was added. */
  Count with(ObservationSet newest, boolean isAdded) {
    if (!newest.isFull()) {
      return new Count(newest.size(), 0, 1);
    }
    Iterator<Double> older = newestFirst.iterator();
    if (isAdded && older.hasNext()) {
      older.next();
    }
    return mean(estimate(newest), older, newest.size());
  }

  /** The count of the epochs that ended; no nodes if none of them had a full set. */
  Count ended() {
    Iterator<Double> all = newestFirst.iterator();
    return all.hasNext() ? mean(all.next(), all, sampleSize) : new Count(0, 0, 0);
  }

  private Count mean(double newest, Iterator<Double> older, int size) {
    double sum = newest;
    int count = 1;
    double most = newest * MOST_LUCK / Math.sqrt(size);
    while (older.hasNext() && count < epochs) {
      double next = older.next();
      if (Math.abs(next - newest) > most) {
        break;
      }
      sum += next;
      count++;
    }
    return new Count(sum / count, 1 / Math.sqrt((size - 2.0) * count), count);
  }

  private static double estimate(ObservationSet full) {
    return (full.size() - 1) * RANKS / unsigned(full.highestRank());
  }

  static double unsigned(long rank) {
    return (rank >>> 11) * 0x1p11 + 1;
  }
}
