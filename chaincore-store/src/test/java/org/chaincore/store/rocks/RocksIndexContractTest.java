package org.chaincore.store.rocks;

import java.nio.file.Path;
import org.chaincore.core.fixture.ChainIndexContract;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.store.StoreOptions.Indexes;
import org.junit.jupiter.api.io.TempDir;

class RocksIndexContractTest extends ChainIndexContract {
  @TempDir Path directory;

  @Override
  protected ChainStore createIndexed() {
    return RocksChainStore.open(
        directory.resolve("store"),
        StoreOptions.DEFAULT.withIndexes(new Indexes(true, true)).withFsync(FsyncPolicy.GROUPED));
  }

  @Override
  protected ChainStore reopen(ChainStore closed) {
    return createIndexed();
  }
}
