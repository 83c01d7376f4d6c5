package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.fixture.BreakingStore;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.PeerId;
import org.junit.jupiter.api.Test;

/** A body that the store has damaged is had from peers again. */
final class BodyRepairTest {
  private final BreakingStore store = new BreakingStore(InMemoryChainStore.create());
  private final ChainFixture chain = ChainFixture.on(store, 10);
  private final List<Block> mined = chain.mine(4);
  private final Conversation talk = TestNode.on(chain, 1).converse();
  private final PeerId alice = knows("alice");

  private PeerId knows(String name) {
    PeerId peer = talk.greets(name, ConnectionKind.OUTBOUND);
    talk.says(peer, new Headers(List.of(mined.get(3).header())));
    return peer;
  }

  private Block damage(int place) {
    Block block = mined.get(place);
    store.damage(block.hash());
    assertThat(catchThrowable(() -> chain.engine().block(block.hash()))).isNotNull();
    return block;
  }

  private List<GetData> asked(PeerId peer) {
    return talk.heardBy(peer, GetData.class);
  }

  @Test
  void damagedBody_isAskedForAndPutBack() {
    Block hurt = damage(1);
    talk.pass(Duration.ofMinutes(1));
    assertThat(asked(alice))
        .singleElement()
        .satisfies(
            request ->
                assertThat(request.items())
                    .singleElement()
                    .satisfies(item -> assertThat(item.hash()).isEqualTo(hurt.hash())));

    talk.says(alice, new BlockMessage(hurt, true));
    assertThat(chain.engine().damagedBlocks()).isEmpty();
    assertThat(chain.engine().block(hurt.hash())).contains(hurt);
  }

  @Test
  void wrongBody_blamesItsSenderAndAsksAnother() {
    PeerId bob = knows("bob");
    Block hurt = damage(1);
    talk.pass(Duration.ofMinutes(1));
    assertThat(asked(alice)).hasSize(1);
    talk.says(alice, new BlockMessage(new Block(hurt.header(), mined.get(2).transactions()), true));
    assertThat(talk.transcript()).contains("alice cut MISBEHAVING");

    talk.pass(Duration.ofMinutes(1));
    assertThat(asked(bob)).hasSize(1);
    talk.says(bob, new BlockMessage(hurt, true));
    assertThat(chain.engine().block(hurt.hash())).contains(hurt);
  }
}
