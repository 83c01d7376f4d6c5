package org.chaincore.store.rocks;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.chaincore.core.fixture.SnapshotContract;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.StoreOptions;
import org.junit.jupiter.api.io.TempDir;

class RocksSnapshotContractTest extends SnapshotContract {
  @TempDir Path directory;
  private final Map<ChainStore, Path> places = new HashMap<>();

  @Override
  protected ChainStore create() {
    return open(directory.resolve("store" + places.size()));
  }

  private ChainStore open(Path place) {
    ChainStore store =
        RocksChainStore.open(place, StoreOptions.DEFAULT.withFsync(FsyncPolicy.GROUPED));
    places.put(store, place);
    return store;
  }

  @Override
  protected ChainStore reopen(ChainStore closed) {
    return open(Objects.requireNonNull(places.get(closed)));
  }
}
