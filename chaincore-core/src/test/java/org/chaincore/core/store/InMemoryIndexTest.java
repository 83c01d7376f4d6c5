package org.chaincore.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.chaincore.core.fixture.ChainIndexContract;
import org.junit.jupiter.api.Test;

class InMemoryIndexTest extends ChainIndexContract {
  @Override
  protected ChainStore createIndexed() {
    return InMemoryChainStore.indexed();
  }

  @Override
  protected ChainStore reopen(ChainStore closed) {
    return closed;
  }

  @Test
  void indexes_ofAStoreWithout_areNotThere() {
    InMemoryChainStore plain = InMemoryChainStore.create();
    assertThat(plain.transactionIndex()).isEmpty();
    assertThat(plain.addressIndex()).isEmpty();
    assertThat(plain.buildIndexes(1).isComplete()).isTrue();
  }
}
