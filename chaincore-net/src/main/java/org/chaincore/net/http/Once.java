package org.chaincore.net.http;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that is made when it is asked for first, and kept. A node that starts has no time for
 * what most nodes are never asked for. Thread-safe.
 */
final class Once<T> implements Supplier<T> {
  private final Supplier<T> maker;
  private volatile @Nullable T made;

  Once(Supplier<T> maker) {
    this.maker = maker;
  }

  @Override
  public T get() {
    T there = made;
    return there == null ? make() : there;
  }

  private synchronized T make() {
    T there = made;
    if (there == null) {
      there = maker.get();
      made = there;
    }
    return there;
  }
}
