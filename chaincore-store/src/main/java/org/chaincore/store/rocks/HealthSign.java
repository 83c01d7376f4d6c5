package org.chaincore.store.rocks;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreHealth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the store is, and who wants to know. Thread-safe. */
final class HealthSign {
  private static final Logger LOG = LoggerFactory.getLogger(HealthSign.class);

  private final List<Consumer<StoreHealth>> listeners = new CopyOnWriteArrayList<>();
  private volatile StoreHealth health = new StoreHealth.Writable();

  StoreHealth health() {
    return health;
  }

  Runnable subscribe(Consumer<StoreHealth> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  void become(StoreHealth newHealth) {
    if (health.equals(newHealth)) {
      return;
    }
    health = newHealth;
    LOG.info("store is now {}", newHealth);
    for (Consumer<StoreHealth> listener : listeners) {
      try {
        listener.accept(newHealth);
      } catch (RuntimeException e) {
        LOG.warn("a listener to the store's health failed", e);
      }
    }
  }

  /** The first failure counts: those after it follow from it. */
  void fail(StoreException failure) {
    if (health instanceof StoreHealth.Writable) {
      become(new StoreHealth.ReadOnly(failure.fault(), String.valueOf(failure.getMessage())));
    }
  }

  /**
   * Lets through if changes are taken.
   *
   * @throws StoreException if not
   */
  void requireWritable() {
    StoreHealth now = health;
    if (now instanceof StoreHealth.ReadOnly broken) {
      throw new StoreException(broken.fault(), "store is read-only since " + broken.reason());
    }
    requireOpen();
  }

  void requireOpen() {
    if (health instanceof StoreHealth.Closed) {
      throw new StoreException(StoreFault.CLOSED, "store is closed");
    }
  }
}
