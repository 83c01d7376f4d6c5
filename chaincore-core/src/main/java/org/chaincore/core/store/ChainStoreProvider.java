package org.chaincore.core.store;

import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * Opens chain stores in directories. Found by {@link ServiceLoader}, so that a host without a
 * durable store carries no code of one. Stateless and thread-safe.
 */
public interface ChainStoreProvider {
  /**
   * Opens the store of a directory, or begins one where there is none. It belongs to this process
   * alone until it is closed.
   *
   * @param directory created if its parent is there
   * @throws StoreException within a second if somebody else has it open, and if it is broken or
   *     cannot be used; {@link StoreException#fault} says which
   */
  DurableChainStore open(Path directory, StoreOptions options);

  /**
   * The provider that is there.
   *
   * @throws StoreException if there is none, {@link StoreFault#NO_PROVIDER}
   */
  static ChainStoreProvider find() {
    return ServiceLoader.load(ChainStoreProvider.class)
        .findFirst()
        .orElseThrow(
            () ->
                new StoreException(
                    StoreFault.NO_PROVIDER,
                    "no provider of durable stores; add org.chaincore:chaincore-store"));
  }
}
