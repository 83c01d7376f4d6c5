package org.chaincore.core.archive;

import org.chaincore.core.fixture.SnapshotContract;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.InMemoryChainStore;

class InMemorySnapshotTest extends SnapshotContract {
  @Override
  protected ChainStore create() {
    return InMemoryChainStore.create();
  }

  @Override
  protected ChainStore reopen(ChainStore closed) {
    return closed;
  }
}
