package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.store.AddressIndex;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.IndexProgress;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whether an answer from the store's indexes is of the chain that the asker sees. */
final class StoredOwnershipTest {
  private final ChainStore store = InMemoryChainStore.indexed();
  private final ChainFixture chain = ChainFixture.on(store, 100);
  private final AddressIndex whole = store.addressIndex().orElseThrow();

  /** Where the store is when it is ahead of what readers see. */
  private @Nullable Hash256 ahead;

  private final StoredOwnership ownership =
      new StoredOwnership(
          new AddressIndex() {
            @Override
            public Page outputs(Bytes script, Position after, int most) {
              return whole.outputs(script, after, most);
            }

            @Override
            public IndexProgress progress() {
              return whole.progress();
            }

            @Override
            public Hash256 tip() {
              Hash256 elsewhere = ahead;
              return elsewhere == null ? whole.tip() : elsewhere;
            }
          },
          store.transactionIndex().orElseThrow(),
          chain.engine());

  @Test
  void isStillAt_onTheChainThatIsSeen_isTrueUntilItGoesOn() {
    chain.mine(2);
    HeaderNode tip = ownership.follow();
    assertThat(ownership.isStillAt(tip)).isTrue();
    chain.mine(1);
    assertThat(ownership.isStillAt(tip)).isFalse();
  }

  @Test
  void isStillAt_withTheStoreAsHighOnAnotherBranch_isFalse() {
    chain.mine(2);
    ChainFixture.Fork fork = chain.fork(1, 1);
    chain.deliver(fork.left());
    HeaderNode tip = ownership.follow();
    ahead = fork.right().get(0).hash();
    assertThat(ownership.isStillAt(tip)).isFalse();
  }
}
