package org.chaincore.store.rocks;

import java.nio.file.Path;
import org.chaincore.core.fixture.NodeMemoryContract;
import org.chaincore.core.store.NodeMemory;
import org.chaincore.core.store.StoreOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class RocksNodeMemoryTest extends NodeMemoryContract {
  @TempDir Path directory;
  private @Nullable RocksChainStore store;

  @Override
  protected NodeMemory create() {
    RocksChainStore opened = RocksChainStore.open(directory, StoreOptions.DEFAULT);
    store = opened;
    return opened.memory();
  }

  @Override
  protected NodeMemory reopen() {
    close();
    return create();
  }

  @AfterEach
  void close() {
    if (store != null) {
      store.close();
    }
  }
}
