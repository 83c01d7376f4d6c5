package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.NotFound;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.peer.Services;
import org.junit.jupiter.api.Test;

/** Blocks that the host wants for itself. */
final class WantedBlocksTest {
  private final ChainFixture chain = ChainFixture.begin();
  private final List<Block> blocks = chain.mine(40);
  private final RelayStage stage = RelayStage.of(TestNode.on(chain, 1));
  private final PeerId alice = stage.peer("alice", ConnectionKind.OUTBOUND);

  private void want(Block... wanted) {
    want(List.of(wanted));
  }

  private void want(List<Block> wanted) {
    stage.talk.happens(new Input.BlocksWanted(wanted.stream().map(Block::hash).toList()));
  }

  private List<Block> fetched() {
    List<Block> fetched = new ArrayList<>();
    for (Output output : stage.talk.others()) {
      if (output instanceof Output.Emit emit
          && emit.event() instanceof SyncEvent.BlockFetched came) {
        fetched.add(came.block());
      }
    }
    return fetched;
  }

  private void brings(PeerId peer, Block block) {
    stage.talk.says(peer, new BlockMessage(block, true));
  }

  @Test
  void want_ofABlockThatPeersHave_fetchesIt() {
    stage.askedOf(alice);
    want(blocks.get(3), blocks.get(5));
    assertThat(stage.askedOf(alice)).containsExactly(blocks.get(3).hash(), blocks.get(5).hash());

    brings(alice, blocks.get(5));
    assertThat(fetched()).containsExactly(blocks.get(5));
    brings(alice, blocks.get(3));
    assertThat(fetched()).containsExactly(blocks.get(3));
    brings(alice, blocks.get(3));
    assertThat(fetched()).isEmpty();
    assertThat(stage.faults()).isEmpty();
  }

  @Test
  void want_ofManyBlocks_spreadsThemOverThePeers() {
    PeerId bob = stage.peer("bob", ConnectionKind.OUTBOUND);
    stage.askedOf(alice);
    stage.askedOf(bob);
    want(blocks);
    List<Hash256> ofAlice = stage.askedOf(alice);
    List<Hash256> ofBob = stage.askedOf(bob);
    assertThat(ofAlice).hasSize(WantedBlocks.MAX_OF_PEER).doesNotContainAnyElementsOf(ofBob);
    assertThat(ofBob).hasSize(WantedBlocks.MAX_OF_PEER);

    brings(bob, block(ofBob.get(0)));
    assertThat(stage.askedOf(bob)).hasSize(1);
  }

  private Block block(Hash256 hash) {
    return chain.engine().block(hash).orElseThrow();
  }

  @Test
  void want_fromWhoIsSilentOrHasNothing_isAskedElsewhere() {
    want(blocks.get(3));
    PeerId bob = stage.peer("bob", ConnectionKind.OUTBOUND);
    stage.talk.pass(Duration.ofMillis(WantedBlocks.PATIENCE_MILLIS));
    assertThat(stage.askedOf(bob)).containsExactly(blocks.get(3).hash());
    brings(alice, blocks.get(3));
    assertThat(fetched()).isEmpty();

    stage.askedOf(alice);
    InventoryItem missing = new InventoryItem(InventoryType.WITNESS_BLOCK, blocks.get(3).hash());
    stage.talk.says(bob, new NotFound(List.of(missing)));
    stage.talk.pass(Duration.ofSeconds(5));
    assertThat(stage.askedOf(alice)).containsExactly(blocks.get(3).hash());
    assertThat(stage.faults()).isEmpty();
  }

  @Test
  void want_fromAPeerThatLeaves_isAskedElsewhere() {
    want(blocks.get(3));
    PeerId bob = stage.peer("bob", ConnectionKind.OUTBOUND);
    stage.talk.leaves(alice);
    stage.talk.pass(Duration.ofSeconds(2));
    assertThat(stage.askedOf(bob)).containsExactly(blocks.get(3).hash());
  }

  @Test
  void want_ofABlockThatCame_isAskedOfAnother() {
    PeerId bob = stage.peer("bob", ConnectionKind.OUTBOUND);
    stage.askedOf(bob);
    want(blocks.get(3));
    brings(alice, new Block(blocks.get(3).header(), blocks.get(4).transactions()));
    assertThat(fetched()).hasSize(1);

    want(blocks.get(3));
    assertThat(stage.askedOf(bob)).containsExactly(blocks.get(3).hash());
  }

  @Test
  void want_ofNothing_endsIt() {
    PeerId bob = stage.peer("bob", ConnectionKind.OUTBOUND);
    stage.askedOf(bob);
    want(blocks.get(3));
    want();
    stage.talk.pass(Duration.ofMinutes(2));
    brings(alice, blocks.get(3));
    assertThat(fetched()).isEmpty();
    assertThat(stage.askedOf(bob)).isEmpty();
  }

  @Test
  void want_ofOldBlocks_isNotAskedOfLimitedPeers() {
    RelayStage limited = RelayStage.withBlocks(400);
    PeerId peer =
        limited.peer(
            "limited",
            ConnectionKind.MANUAL,
            Greeting.plain().withServices(Services.NETWORK_LIMITED | Services.WITNESS));
    limited.askedOf(peer);
    Hash256 old = limited.chain.engine().view().at(50).orElseThrow().hash();
    Hash256 young = limited.chain.engine().view().at(350).orElseThrow().hash();
    limited.talk.happens(new Input.BlocksWanted(List.of(old, young, Hash256.ZERO)));
    assertThat(limited.askedOf(peer)).containsExactly(young);
  }

  @Test
  void blocksWanted_tooMany_isRefused() {
    List<Hash256> many = Collections.nCopies(Input.BlocksWanted.MAX_BLOCKS + 1, Hash256.ZERO);
    assertThatThrownBy(() -> new Input.BlocksWanted(many))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
