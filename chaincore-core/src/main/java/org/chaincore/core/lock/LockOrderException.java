package org.chaincore.core.lock;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An acquire against the rules, found before it could block: a lock of smaller or equal order than
 * one that the thread holds, or a write lock by a thread that holds only the read lock. A bug of
 * the caller; nothing was taken. The stack trace is the place of the acquire.
 */
public final class LockOrderException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final String requested;
  private final String held;
  private final transient @Nullable StackTraceElement heldSite;

  LockOrderException(
      String message, String requested, String held, @Nullable StackTraceElement heldSite) {
    super(message);
    this.requested = requested;
    this.held = held;
    this.heldSite = heldSite;
  }

  /** The name of the lock that was asked for. */
  public String requested() {
    return requested;
  }

  /** The name of the lock that forbids it. */
  public String held() {
    return held;
  }

  /** Where the held lock was taken, if the registry records sites. */
  public Optional<StackTraceElement> heldSite() {
    return Optional.ofNullable(heldSite);
  }
}
