package org.chaincore.bench.lock;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.chaincore.core.lock.LockRank;
import org.chaincore.core.lock.LockRegistry;

/** The locks that are compared. */
public enum LockKind {
  RANKED {
    @Override
    ReadWriteLock create() {
      return LockRegistry.create().lock("bench", LockRank.CHAIN);
    }
  },
  UNFAIR {
    @Override
    ReadWriteLock create() {
      return new ReentrantReadWriteLock(false);
    }
  },
  FAIR {
    @Override
    ReadWriteLock create() {
      return new ReentrantReadWriteLock(true);
    }
  },
  STAMPED {
    @Override
    ReadWriteLock create() {
      return new StampedLock().asReadWriteLock();
    }
  };

  abstract ReadWriteLock create();
}
