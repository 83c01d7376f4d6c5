package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.chaincore.core.block.Block;
import org.chaincore.core.chain.Locator;
import org.chaincore.core.fixture.BreakingStore;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.store.BodyRetention;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.GetBlockTransactions;
import org.chaincore.sync.message.GetBlocks;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.NotFound;
import org.chaincore.sync.message.Version;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.GroupingRule;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.peer.PeerMemory;
import org.chaincore.sync.peer.SeenAddress;
import org.chaincore.sync.peer.Services;
import org.junit.jupiter.api.Test;

/** Nodes that keep the last blocks only, as ourselves and as peers (BIP159). */
final class LimitedServiceTest {
  private static final long LIMITED = Services.NETWORK_LIMITED | Services.WITNESS;
  private static final int REORG_DEPTH = 100;

  private final BreakingStore store = new BreakingStore(InMemoryChainStore.create());
  private final ChainFixture chain = ChainFixture.on(store, REORG_DEPTH);

  private RelayStage stage(int blocks) {
    chain.mine(blocks);
    return RelayStage.of(TestNode.on(chain, 1));
  }

  private Block at(int height) {
    Hash256 hash = chain.engine().view().at(height).orElseThrow().hash();
    return chain.engine().block(hash).orElseThrow();
  }

  private static InventoryItem block(Block block) {
    return new InventoryItem(InventoryType.WITNESS_BLOCK, block.hash());
  }

  private static long offered(RelayStage stage) {
    PeerId peer = stage.talk.connects("zoe", ConnectionKind.INBOUND);
    stage.talk.says(peer, Greeting.plain().version(stage.talk.nowMillis() / 1_000, 99));
    long services = stage.talk.heardBy(peer, Version.class).get(0).node().services();
    stage.talk.leaves(peer);
    return services;
  }

  private List<Message> answer(RelayStage stage, Message question) {
    PeerId peer = stage.talk.greets("alice", ConnectionKind.INBOUND, Greeting.plain());
    stage.talk.heardBy(peer);
    stage.talk.says(peer, question);
    List<Message> answer = stage.talk.heardBy(peer);
    stage.talk.leaves(peer);
    return answer;
  }

  @Test
  void version_ofAStoreThatForgetsNothing_offersTheWholeChain() {
    assertThat(offered(stage(5))).isEqualTo(Services.NETWORK | Services.WITNESS);
  }

  @Test
  void version_ofAStoreThatPrunes_offersTheLastBlocksOnly() {
    RelayStage stage = stage(5);
    store.retain(new BodyRetention(0, 288));
    assertThat(offered(stage)).isEqualTo(LIMITED);
  }

  @Test
  void version_ofAStoreThatKeepsTooFew_offersNoBlocks() {
    RelayStage stage = stage(5);
    store.retain(new BodyRetention(0, 287));
    assertThat(offered(stage)).isEqualTo(Services.WITNESS);
  }

  @Test
  void version_afterASnapshot_offersTheLastBlocksOnceTheyAreThere() {
    RelayStage stage = stage(289);
    store.retain(new BodyRetention(2, Integer.MAX_VALUE));
    assertThat(offered(stage)).isEqualTo(Services.WITNESS);
    chain.mine(1);
    assertThat(offered(stage)).isEqualTo(LIMITED);
  }

  @Test
  void getData_ofAPrunedNode_givesTheLastBlocksAndNoOlderOne() {
    RelayStage stage = stage(300);
    store.retain(new BodyRetention(3, 288));

    assertThat(answer(stage, new GetData(List.of(block(at(9)), block(at(10))))))
        .containsExactly(new BlockMessage(at(10), true), new NotFound(List.of(block(at(9)))));
    // What is gone and what is only kept back look alike.
    assertThat(answer(stage, new GetData(List.of(block(at(2))))))
        .containsExactly(new NotFound(List.of(block(at(2)))));
    assertThat(answer(stage, new GetBlockTransactions(at(9).hash(), List.of(0)))).isEmpty();
    assertThat(answer(stage, new GetBlockTransactions(at(10).hash(), List.of(0))))
        .containsExactly(new BlockMessage(at(10), true));
  }

  @Test
  void getBlocks_ofAPrunedNode_tellsOfNothingThatItDoesNotGive() {
    RelayStage stage = stage(300);
    store.retain(new BodyRetention(3, 288));

    assertThat(answer(stage, new GetBlocks(locatorAt(8), Hash256.ZERO))).isEmpty();
    Inventory told = (Inventory) answer(stage, new GetBlocks(locatorAt(9), Hash256.ZERO)).get(0);
    assertThat(told.items()).hasSize(291);
    Headers all = (Headers) answer(stage, new GetHeaders(locatorAt(1), Hash256.ZERO)).get(0);
    assertThat(all.headers()).hasSize(299);
  }

  private Locator locatorAt(int height) {
    return new Locator(List.of(at(height).hash()));
  }

  /** The blocks of a chain that others have. */
  private static List<Block> others(int count) {
    ChainFixture elsewhere = ChainFixture.begin();
    elsewhere.mine(count);
    return IntStream.rangeClosed(1, count)
        .mapToObj(height -> elsewhere.engine().view().at(height).orElseThrow().hash())
        .map(hash -> elsewhere.engine().block(hash).orElseThrow())
        .toList();
  }

  @Test
  void fetch_fromALimitedPeer_asksForItsLastBlocksOnly() {
    List<Block> blocks = others(400);
    RelayStage stage = RelayStage.of(TestNode.on(chain, 1));
    PeerId limited =
        stage.talk.greets(
            "limited", ConnectionKind.OUTBOUND, Greeting.plain().withServices(LIMITED));
    stage.talk.says(limited, RelayStage.headers(blocks));
    assertThat(stage.askedOf(limited)).isEmpty();
    assertThat(stage.talk.protocol().status(stage.talk.nowMillis()).why())
        .isEqualTo("no peer serves block 1 of 400");

    PeerId full = stage.talk.greets("full", ConnectionKind.OUTBOUND, Greeting.plain());
    stage.talk.says(full, RelayStage.headers(blocks));
    for (int height = 1; height <= 400; height++) {
      Block next = blocks.get(height - 1);
      List<Hash256> ofLimited = stage.askedOf(limited);
      assertThat(ofLimited).isSubsetOf(hashes(blocks.subList(114, 400)));
      ofLimited.forEach(hash -> stage.talk.says(limited, message(blocks, hash)));
      if (chain.engine().view().height() < height) {
        stage.talk.says(full, new BlockMessage(next));
      }
    }
    assertThat(chain.engine().view().height()).isEqualTo(400);
  }

  private static List<Hash256> hashes(List<Block> blocks) {
    return blocks.stream().map(Block::hash).toList();
  }

  private static BlockMessage message(List<Block> blocks, Hash256 hash) {
    return new BlockMessage(
        blocks.stream().filter(block -> block.hash().equals(hash)).findFirst().orElseThrow());
  }

  @Test
  void fetch_fromASlowPeerBesideALimitedOne_goesOnAsking() {
    List<Block> blocks = others(400);
    RelayStage stage = RelayStage.of(TestNode.on(chain, 1));
    PeerId full = stage.talk.greets("full", ConnectionKind.OUTBOUND, Greeting.plain());
    stage.talk.says(full, RelayStage.headers(blocks));
    PeerId limited =
        stage.talk.greets("limited", ConnectionKind.MANUAL, Greeting.plain().withServices(LIMITED));
    stage.talk.says(limited, RelayStage.headers(blocks));
    List<Hash256> first = stage.askedOf(full);
    stage.talk.pass(Duration.ofMillis(BlockAssignment.OVERDUE_MILLIS + 1));

    first.forEach(hash -> stage.talk.says(full, message(blocks, hash)));

    assertThat(stage.askedOf(full)).isNotEmpty().doesNotContainAnyElementsOf(first);
    assertThat(chain.engine().view().height()).isEqualTo(first.size());
  }

  @Test
  void handshake_withALimitedPeer_isGoodForWhoHasCaughtUp() {
    RelayStage stage = stage(3);
    Greeting greeting = Greeting.plain().withServices(LIMITED);
    PeerId full = stage.talk.greets("full", ConnectionKind.OUTBOUND, Greeting.plain());
    stage.forget();

    stage.talk.greets("early", ConnectionKind.OUTBOUND, greeting);
    PeerId wanted = stage.talk.greets("wanted", ConnectionKind.MANUAL, greeting);
    PeerId guest = stage.talk.greets("guest", ConnectionKind.INBOUND, greeting);
    assertThat(stage.said()).isEqualTo("0.000 early cut UNSUITABLE (services 408)\n");

    for (PeerId peer : List.of(full, wanted, guest)) {
      stage.talk.says(peer, RelayStage.headers(chain.tip()));
    }
    stage.talk.greets("later", ConnectionKind.OUTBOUND, greeting);
    stage.talk.greets("witnessless", ConnectionKind.OUTBOUND, greeting.withServices(1 << 10));
    assertThat(stage.said()).isEqualTo("0.000 witnessless cut UNSUITABLE (services 400)\n");
  }

  @Test
  void handshake_withNobodyElse_takesALimitedPeer() {
    RelayStage stage = stage(3);
    stage.talk.greets("only", ConnectionKind.OUTBOUND, Greeting.plain().withServices(LIMITED));
    assertThat(stage.said()).isEmpty();
  }

  @Test
  void dial_ofALimitedAddress_waitsUntilTheChainIsHere() {
    chain.mine(3);
    PeerMemory memory = PeerMemory.of(3, GroupingRule.BY_PREFIX);
    TestNode node = TestNode.on(chain, 1).with(memory);
    NetworkAddress address = NetworkAddress.parse("20.1.0.1:8333");
    long now = node.nowMillis() / 1_000;
    RelayStage stage = RelayStage.of(node);
    PeerId full = stage.talk.greets("full", ConnectionKind.OUTBOUND, Greeting.plain());
    stage.talk.dialled();
    memory.book().add(List.of(new SeenAddress(address, LIMITED, now)), address, now);

    stage.talk.pass(Duration.ofSeconds(30));
    assertThat(stage.talk.dialled()).isEmpty();

    for (int second = 0; second < 90; second++) {
      if (!stage.talk.heardBy(full, GetHeaders.class).isEmpty()) {
        stage.talk.says(full, RelayStage.headers(chain.tip()));
      }
      stage.talk.pass(Duration.ofSeconds(1));
    }
    assertThat(stage.talk.dialled()).extracting(Output.Connect::address).contains(address);
  }
}
