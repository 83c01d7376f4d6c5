package org.chaincore.core.mempool;

/** The sums over a package of transactions. Mutable; its owner keeps it exact. */
final class Totals {
  private int count;
  private long virtualBytes;
  private long fees;

  Totals() {}

  Totals copy() {
    Totals copy = new Totals();
    copy.count = count;
    copy.virtualBytes = virtualBytes;
    copy.fees = fees;
    return copy;
  }

  void add(MempoolEntry entry) {
    count++;
    virtualBytes += entry.virtualSize();
    fees += entry.fee().units();
  }

  void subtract(MempoolEntry entry) {
    count--;
    virtualBytes -= entry.virtualSize();
    fees -= entry.fee().units();
  }

  /** Becomes the sum of these. */
  void become(Iterable<PoolNode> nodes) {
    count = 0;
    virtualBytes = 0;
    fees = 0;
    for (PoolNode node : nodes) {
      add(node.entry());
    }
  }

  int count() {
    return count;
  }

  long virtualBytes() {
    return virtualBytes;
  }

  long fees() {
    return fees;
  }
}
