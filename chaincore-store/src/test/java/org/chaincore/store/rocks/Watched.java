package org.chaincore.store.rocks;

import java.util.EnumMap;
import java.util.Map;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.store.directory.StoreDirectory;

/** A machine whose disk a test can fill, and whose store can be stopped at a point. */
final class Watched implements Surroundings {
  private final Map<StorePoint, Runnable> actions = new EnumMap<>(StorePoint.class);
  private boolean isFull;

  @Override
  public long usableBytes(StoreDirectory directory) {
    return isFull ? 0 : Long.MAX_VALUE / 2;
  }

  void fill() {
    isFull = true;
  }

  void free() {
    isFull = false;
  }

  void at(StorePoint point, Runnable action) {
    actions.put(point, action);
  }

  void failAt(StorePoint point, StoreFault fault) {
    at(
        point,
        () -> {
          throw new StoreException(fault, "failed at " + point);
        });
  }

  /** The next time it comes there, and not again. */
  void failOnceAt(StorePoint point, StoreFault fault) {
    at(
        point,
        () -> {
          nothingAt(point);
          throw new StoreException(fault, "failed at " + point);
        });
  }

  void nothingAt(StorePoint point) {
    actions.remove(point);
  }

  @Override
  public void reached(StorePoint point) {
    actions.getOrDefault(point, () -> {}).run();
  }
}
