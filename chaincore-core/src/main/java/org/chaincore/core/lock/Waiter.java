package org.chaincore.core.lock;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One wait of one thread at a {@link Turnstile}: made for it, never used again, so that "the same
 * waiter" means "the same wait". The turnstile's monitor guards what changes, except that {@link
 * #granted} is read without it.
 */
final class Waiter {
  final Thread thread;
  final boolean write;
  final LockPriority priority;

  /** Whether the wait ends by itself, so that it cannot be part of a deadlock. */
  final boolean timed;

  /** When the wait began, by the turnstile's clock. */
  long sinceNanos;

  /** The place in the order of arrival. */
  long ticket;

  /** How many were served before this one although they came later. */
  int passedOver;

  /** Whether the lock is this waiter's now. */
  volatile boolean granted;

  /**
   * Those let in together with this one whom it has to wake. If the thread that lets readers in
   * woke them all, they would push it off its processor before it is done, and it would wait for a
   * time slice of each.
   */
  List<Waiter> toWake = List.of();

  /** Whether it has been the {@link Lookout} for its moment. */
  boolean watched;

  /** The deadlock that this wait closed and has to give up for. */
  @Nullable DeadlockReport victimOf;

  /** Whether a deadlock with this wait in it was reported already. */
  boolean reported;

  Waiter(Thread thread, boolean write, LockPriority priority, boolean timed) {
    this.thread = thread;
    this.write = write;
    this.priority = priority;
    this.timed = timed;
  }
}
