package org.chaincore.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.fixture.ChainStoreContract;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.store.ChainCommit.TipMove;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

class InMemoryChainStoreTest extends ChainStoreContract {
  private static final ChainParams PARAMS = TestHeaders.network().build();
  private static final ChainIdentity IDENTITY = ChainIdentity.of(PARAMS);
  private static final BlockHeader GENESIS = PARAMS.genesis().header();
  private static final BlockHeader FIRST = TestHeaders.child(GENESIS, 1);
  private static final BlockHeader SECOND = TestHeaders.child(FIRST, 2);
  private static final BlockHeader SIBLING = TestHeaders.child(FIRST, 3);

  @Override
  protected ChainStore create() {
    return InMemoryChainStore.create();
  }

  @Override
  protected ChainStore reopen(ChainStore closed) {
    return closed;
  }

  @Test
  void load_refusedOfAClosedStore_leavesItClosed() {
    InMemoryChainStore store = InMemoryChainStore.create();
    store.load(IDENTITY);
    store.close();

    ChainIdentity other = new ChainIdentity(FIRST.hash(), FIRST.hash());
    assertThatThrownBy(() -> store.load(other)).hasMessageContaining("genesis");
    assertThatThrownBy(store::coinCount).hasMessage("store is closed");
  }

  @Test
  void isEmpty_ofACommit_isTrueUntilAnythingIsAdded() {
    Block block = TestBlocks.block(TestBlocks.coinbase(1, TestBlocks.pay(1)));
    TipMove move = new TipMove(List.of(), List.of(), Map.of(), FIRST.hash());

    assertThat(ChainCommit.create().isEmpty()).isTrue();
    assertThat(ChainCommit.create().header(FIRST).isEmpty()).isFalse();
    assertThat(ChainCommit.create().block(block).isEmpty()).isFalse();
    assertThat(ChainCommit.create().mark(FIRST.hash(), BlockMark.NONE).isEmpty()).isFalse();
    assertThat(ChainCommit.create().moveTip(move).isEmpty()).isFalse();
    assertThat(ChainCommit.create().moveTip(move).tipMove()).contains(move);
  }

  @Test
  void marks_ofACommit_keepTheirOrder() {
    ChainCommit commit = ChainCommit.create();
    List<Hash256> blocks = List.of(FIRST.hash(), SECOND.hash(), SIBLING.hash(), GENESIS.hash());
    blocks.forEach(block -> commit.mark(block, BlockMark.INVALID));

    assertThat(commit.marks().keySet()).containsExactlyElementsOf(blocks);
  }

  @Test
  void storeException_ofACause_keepsIt() {
    IllegalStateException cause = new IllegalStateException("disk");

    assertThat(new StoreException("broken", cause)).hasMessage("broken").hasCause(cause);
  }
}
