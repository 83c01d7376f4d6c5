package org.chaincore.core.store;

import org.chaincore.core.fixture.NodeMemoryContract;

class InMemoryNodeMemoryTest extends NodeMemoryContract {
  private final NodeMemory memory = InMemoryNodeMemory.create();

  @Override
  protected NodeMemory create() {
    return memory;
  }

  @Override
  protected NodeMemory reopen() {
    return memory;
  }
}
