package org.chaincore.bench.workload;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.chaincore.core.lock.LockRank;
import org.chaincore.core.lock.LockRegistry;

/** Taking a lock for reading and giving it back, by one thread that nobody hinders. */
public final class LockReads {
  private static final int READS = 500_000;

  private LockReads() {}

  /** The lock that checks ranks, counts and cannot starve. */
  public static Work chaincore() {
    ReadWriteLock lock = LockRegistry.create().lock("bench", LockRank.CHAIN);
    return new Work("chaincore", READS, () -> () -> read(lock));
  }

  /** The JDK's, unfair, which is its faster one. */
  public static Work jdk() {
    ReadWriteLock lock = new ReentrantReadWriteLock();
    return new Work("limit: ReentrantReadWriteLock", READS, () -> () -> read(lock));
  }

  private static Object read(ReadWriteLock lock) {
    long sum = 0;
    for (int i = 0; i < READS; i++) {
      lock.readLock().lock();
      try {
        sum += i;
      } finally {
        lock.readLock().unlock();
      }
    }
    return sum;
  }
}
