package org.chaincore.store.rocks;

import java.nio.file.Path;
import org.chaincore.core.fixture.ChainStoreContract;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.StoreOptions;
import org.junit.jupiter.api.io.TempDir;

class RocksChainStoreContractTest extends ChainStoreContract {
  @TempDir Path directory;

  @Override
  protected ChainStore create() {
    return RocksChainStore.open(directory.resolve("store"), StoreOptions.DEFAULT);
  }

  @Override
  protected ChainStore reopen(ChainStore closed) {
    return create();
  }
}
