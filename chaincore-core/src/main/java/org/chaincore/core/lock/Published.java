package org.chaincore.core.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A cell through which one writer shows readers a snapshot, such as the view of the chain: the
 * writer sets it while it holds the lock that guards the data, readers get it without any lock.
 *
 * <p><b>Ordering.</b> {@link #set} is a release and {@link #get} an acquire: all that the writer
 * wrote before it set a value is there for a reader who got that value, so a reader never sees a
 * snapshot half made, and two gets of one thread never go back in time. Nothing more is promised:
 * unlike with a volatile field, what a thread reads after its own {@code set} may be older than
 * what another thread wrote before its {@code get}. A writer who must know what others published
 * holds the lock.
 *
 * <p>Thread-safe for any number of readers and one writer at a time.
 *
 * @param <T> an immutable type, or one that nobody changes once it is set
 */
public final class Published<T> {
  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(Published.class, "value", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("UnusedVariable") // read and written through the handle
  private T value;

  private Published(T value) {
    this.value = value;
    // The constructor's plain write would not be ordered for a reader who got this cell in a race.
    VarHandle.releaseFence();
  }

  public static <T> Published<T> of(T first) {
    return new Published<>(first);
  }

  /** Shows a new snapshot: orders all writes of the caller before it. */
  public void set(T next) {
    VALUE.setRelease(this, next);
  }

  /** The snapshot: orders all reads of the caller after it. */
  @SuppressWarnings("unchecked") // Only set and the constructor write the field, and both take a T.
  public T get() {
    return (T) VALUE.getAcquire(this);
  }
}
