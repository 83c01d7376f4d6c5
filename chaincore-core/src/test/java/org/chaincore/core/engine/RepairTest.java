package org.chaincore.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.MerkleProof;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.fixture.BreakingStore;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RepairTest {
  private final BreakingStore store = new BreakingStore(InMemoryChainStore.create());
  private final ChainFixture chain = ChainFixture.on(store, 10);
  private final List<Block> mined = chain.mine(4);

  private Block damage(int place) {
    Block block = mined.get(place);
    store.damage(block.hash());
    assertThatThrownBy(() -> chain.engine().block(block.hash())).isInstanceOf(StoreException.class);
    return block;
  }

  @Test
  void block_thatIsDamaged_isNamedUntilItIsRepaired() {
    Block hurt = damage(1);
    assertThat(chain.engine().damagedBlocks()).containsExactly(hurt.hash());

    assertThat(chain.engine().repair(hurt))
        .isInstanceOfSatisfying(
            RepairOutcome.Repaired.class,
            repaired -> assertThat(repaired.block().height()).isEqualTo(2));
    assertThat(chain.engine().damagedBlocks()).isEmpty();
    assertThat(chain.engine().block(hurt.hash())).contains(hurt);
  }

  @Test
  void repair_withABodyOfOtherTransactions_isRejected() {
    Block hurt = damage(1);

    Block foreign = new Block(hurt.header(), mined.get(2).transactions());
    assertThat(chain.engine().repair(foreign))
        .isInstanceOfSatisfying(
            RepairOutcome.Rejected.class,
            rejected ->
                assertThat(rejected.rejection().code()).isEqualTo(RejectionCode.BAD_MERKLE_ROOT));
    assertThat(chain.engine().damagedBlocks()).containsExactly(hurt.hash());
    assertThat(chain.engine().view().find(hurt.hash()))
        .isPresent()
        .get()
        .matches(node -> !node.isInvalid());
  }

  @Test
  void repair_ofWhatNeedsNone_doesNothing() {
    Block unknown = chain.branch(chain.tip(), 1).get(0);
    chain.engine().acceptHeaders(List.of(unknown.header()), chain.now());

    assertThat(chain.engine().repair(mined.get(0))).isEqualTo(new RepairOutcome.NotNeeded());
    assertThat(chain.engine().repair(chain.genesis())).isEqualTo(new RepairOutcome.NotNeeded());
    assertThat(chain.engine().repair(unknown)).isEqualTo(new RepairOutcome.NotNeeded());
    assertThat(chain.engine().repair(chain.branch(unknown, 1).get(0)))
        .isEqualTo(new RepairOutcome.NotNeeded());
  }

  @Test
  void reportDamaged_ofABlock_isForgottenWhenTheStoreHasItWhole() {
    chain.engine().reportDamaged(mined.get(0).hash());
    assertThat(chain.engine().damagedBlocks()).containsExactly(mined.get(0).hash());

    chain.engine().repair(mined.get(0));
    assertThat(chain.engine().damagedBlocks()).isEmpty();
  }

  @Test
  void block_thatTheStoreFoundDamagedItself_isNamedUntilItIsRepaired() {
    Block hurt = mined.get(2);
    store.damage(hurt.hash());
    store.find(hurt.hash());
    assertThat(chain.engine().damagedBlocks()).containsExactly(hurt.hash());
    assertThat(chain.engine().repair(hurt)).isInstanceOf(RepairOutcome.Repaired.class);
    assertThat(chain.engine().damagedBlocks()).isEmpty();
  }

  @Test
  void reportDamaged_ofMoreThanAThousand_keepsTheFirst() {
    for (int i = 0; i < StoredBlocks.MAX_DAMAGED + 5; i++) {
      byte[] wire = new byte[Hash256.BYTES];
      wire[0] = (byte) i;
      wire[1] = (byte) (i >> 8);
      chain.engine().reportDamaged(Hash256.ofWire(wire, 0));
    }
    store.find(mined.get(0).hash());
    assertThat(chain.engine().damagedBlocks()).hasSize(StoredBlocks.MAX_DAMAGED);
  }

  @Test
  void reorganisation_overADamagedBlock_isTakenUpAfterItsRepair() {
    Block fork = mined.get(1);
    List<Block> heavier = chain.branch(fork, 3);
    Block hurt = mined.get(2);
    store.damage(hurt.hash());
    chain.deliver(heavier.subList(0, 2));
    assertThatThrownBy(() -> chain.deliver(heavier.get(2))).isInstanceOf(StoreException.class);
    assertThat(chain.engine().damagedBlocks()).containsExactly(hurt.hash());

    chain.engine().repair(hurt);
    chain.deliver(heavier.get(2));
    assertThat(chain.tip()).isEqualTo(heavier.get(2));
  }

  @Test
  void repair_fromWithinAChange_isABug() {
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    store.onCommit(
        () -> {
          try {
            chain.engine().repair(mined.get(0));
          } catch (IllegalStateException e) {
            thrown.set(e);
          }
        },
        () -> {});
    chain.mine(1);
    assertThat(thrown.get()).hasMessageContaining("from within a change");
  }

  @Test
  void txids_ofABlock_proveItsTransactions() {
    for (Block block : List.of(mined.get(2), chain.genesis())) {
      List<Hash256> txids = chain.engine().txids(block.hash()).orElseThrow();
      MerkleProof proof = MerkleTree.prove(txids, 0);
      assertThat(proof.proves(block.txids().get(0), block.header().merkleRoot())).isTrue();
    }
    assertThat(chain.engine().txids(Hash256.ZERO)).isEmpty();
  }

  @Test
  void body_thatIsGone_isDamagedToo() {
    Block gone = mined.get(3);
    HeaderNode node = chain.engine().view().find(gone.hash()).orElseThrow();
    StoredBlocks empty = new StoredBlocks(InMemoryChainStore.create());
    assertThatThrownBy(() -> empty.of(node, null)).hasMessageContaining("has lost the block");
    assertThat(empty.damaged()).containsExactly(gone.hash());
  }
}
