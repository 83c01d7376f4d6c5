package org.chaincore.core.lock;

/**
 * Who goes first among those that wait for one lock. It orders waiters only; nobody who holds a
 * lock is ever disturbed, and a waiter is passed over a bounded number of times.
 */
public enum LockPriority {
  /** Work that moves the chain: the default of {@link RankedReadWriteLock}. */
  CONSENSUS,

  /** Questions from outside that can wait a moment. */
  API
}
