package org.chaincore.store.rocks;

import java.nio.file.Path;
import org.chaincore.core.store.ChainStoreProvider;
import org.chaincore.core.store.DurableChainStore;
import org.chaincore.core.store.StoreOptions;

/** What {@link java.util.ServiceLoader} finds. Stateless and thread-safe. */
public final class RocksChainStoreProvider implements ChainStoreProvider {
  /** For the service loader. */
  public RocksChainStoreProvider() {}

  @Override
  public DurableChainStore open(Path directory, StoreOptions options) {
    return RocksChainStore.open(directory, options);
  }
}
