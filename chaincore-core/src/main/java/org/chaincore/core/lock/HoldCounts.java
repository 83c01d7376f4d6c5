package org.chaincore.core.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/** How many of the measured holds took how long. Thread-safe. */
final class HoldCounts {
  private final AtomicLongArray counts = new AtomicLongArray(HoldTimes.BUCKETS);

  void add(long nanos) {
    counts.getAndIncrement(HoldTimes.bucketOf(nanos));
  }

  HoldTimes times() {
    List<Long> snapshot = new ArrayList<>();
    for (int i = 0; i < counts.length(); i++) {
      snapshot.add(counts.get(i));
    }
    return new HoldTimes(snapshot);
  }
}
