package org.chaincore.bench.compare;

import java.lang.management.ManagementFactory;

/** The CPU time of the current thread: what a busy neighbour cannot take away. */
final class CpuClock {
  private CpuClock() {}

  static long nanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
