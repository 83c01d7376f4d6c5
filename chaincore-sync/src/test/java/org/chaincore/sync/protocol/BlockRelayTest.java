package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.CompactBlock;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.SendCompact;
import org.chaincore.sync.message.SendHeaders;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.PeerId;
import org.junit.jupiter.api.Test;

/** How peers are told of blocks, and whose compact blocks are asked for. */
final class BlockRelayTest {
  private static final String[] NEWS = {"inv", "headers", "cmpctblock", "sendcmpct"};

  private final RelayStage stage = RelayStage.withBlocks(5);

  private PeerId peer(String name) {
    return stage.peer(name, ConnectionKind.INBOUND);
  }

  /** Somebody mines on the node's chain. */
  private List<Block> mined(int blocks) {
    List<Block> mined = stage.chain.mine(blocks);
    stage.wake();
    return mined;
  }

  private static SendCompact compact(boolean unasked) {
    return new SendCompact(unasked, 2);
  }

  @Test
  void established_peersOfSeveralVersions_areToldOfWhatTheyKnow() {
    assertThat(optionsToldTo(70_011)).isEmpty();
    assertThat(optionsToldTo(70_012)).isEqualTo("sendheaders ");
    assertThat(optionsToldTo(70_014)).isEqualTo("sendheaders sendcmpct ");
  }

  private String optionsToldTo(int version) {
    PeerId peer =
        stage.talk.greets(
            "v" + version, ConnectionKind.INBOUND, Greeting.plain().withVersion(version));
    StringBuilder options = new StringBuilder();
    stage.talk.heardBy(peer).stream()
        .filter(message -> message instanceof SendHeaders || message instanceof SendCompact)
        .forEach(message -> options.append(message.command()).append(' '));
    return options.toString();
  }

  @Test
  void tip_isToldToEachPeerInItsWay() {
    PeerId plain = peer("plain");
    PeerId header = peer("header");
    stage.talk.says(header, new SendHeaders());
    PeerId compact = peer("compact");
    stage.talk.says(compact, compact(true));
    PeerId old = peer("old");
    stage.talk.says(old, new SendCompact(true, 1));
    stage.forget();

    List<Block> mined = mined(1);

    assertThat(stage.said(NEWS))
        .isEqualTo(
            """
            0.000 plain < inv 1
            0.000 header < headers 1
            0.000 compact < cmpctblock
            0.000 old < inv 1
            """);
    assertThat(stage.talk.heardBy(compact, CompactBlock.class).get(0).header())
        .isEqualTo(mined.get(0).header());
    assertThat(stage.talk.heardBy(plain, Inventory.class).get(0).items())
        .containsExactly(new InventoryItem(InventoryType.BLOCK, mined.get(0).hash()));
  }

  @Test
  void tip_ofAPeerThatBroughtIt_isNotToldBack() {
    PeerId bringer = peer("bringer");
    peer("other");
    Block block = stage.chain.blockOn(stage.chain.tip());

    stage.talk.says(bringer, RelayStage.headers(block));
    stage.talk.says(bringer, new BlockMessage(block));

    assertThat(stage.said("inv")).isEqualTo("0.000 other < inv 1\n");
  }

  @Test
  void tip_toAPeerWhoseChainIsUnknown_isToldByInv() {
    RelayStage old = RelayStage.withBlocks(BlockRelay.MAX_HEADERS_TOLD);
    PeerId quiet = old.talk.greets("quiet", ConnectionKind.INBOUND, Greeting.plain());
    old.talk.says(quiet, new SendHeaders());
    old.talk.says(quiet, compact(true));
    old.forget();

    old.chain.mine(1);
    old.wake();

    assertThat(old.said(NEWS)).isEqualTo("0.000 quiet < inv 1\n");
  }

  @Test
  void tip_toAPeerThatNamedItsParentInALocator_isToldByHeaders() {
    PeerId follower = stage.talk.greets("follower", ConnectionKind.INBOUND, Greeting.bitcoinj());
    stage.talk.says(follower, new SendHeaders());
    stage.talk.says(follower, new GetHeaders(stage.chain.engine().view().locator(), Hash256.ZERO));
    stage.forget();

    mined(1);

    assertThat(stage.said(NEWS)).isEqualTo("0.000 follower < headers 1\n");
  }

  @Test
  void firstBlock_toAPeerThatHasShownNothing_isToldByHeaders() {
    RelayStage young = RelayStage.withBlocks(0);
    PeerId peer = young.talk.greets("peer", ConnectionKind.INBOUND, Greeting.plain());
    young.talk.says(peer, new SendHeaders());
    young.forget();

    young.chain.mine(1);
    young.wake();

    assertThat(young.said(NEWS)).isEqualTo("0.000 peer < headers 1\n");
  }

  @Test
  void blocks_thatConnectTogether_areToldTogether() {
    PeerId header = peer("header");
    stage.talk.says(header, new SendHeaders());
    PeerId compact = peer("compact");
    stage.talk.says(compact, new SendHeaders());
    stage.talk.says(compact, compact(true));
    stage.forget();

    mined(3);

    assertThat(stage.said(NEWS))
        .isEqualTo(
            """
            0.000 header < headers 3
            0.000 compact < headers 3
            """);
    mined(1);
    assertThat(stage.said(NEWS))
        .isEqualTo(
            """
            0.000 header < headers 1
            0.000 compact < cmpctblock
            """);
  }

  @Test
  void blocks_moreThanHeadersCanTell_areToldByTheTip() {
    PeerId header = peer("header");
    stage.talk.says(header, new SendHeaders());
    stage.forget();

    mined(BlockRelay.MAX_HEADERS_TOLD);
    mined(BlockRelay.MAX_HEADERS_TOLD + 1);

    assertThat(stage.said(NEWS))
        .isEqualTo(
            """
            0.000 header < headers 8
            0.000 header < inv 1
            """);
  }

  @Test
  void reorg_isToldFromTheForkOn() {
    Block fork = stage.chain.tip();
    mined(2);
    PeerId header = peer("header");
    stage.talk.says(header, new SendHeaders());
    stage.forget();

    List<Block> branch = stage.chain.branch(fork, 3);
    stage.chain.deliver(branch);
    stage.wake();

    assertThat(stage.said(NEWS)).isEqualTo("0.000 header < headers 3\n");
    List<Headers> told = stage.talk.heardBy(header, Headers.class);
    assertThat(told.get(told.size() - 1)).isEqualTo(RelayStage.headers(branch));
  }

  @Test
  void blocks_takenAwayByTheHost_areNotTold() {
    peer("peer");

    stage.chain.engine().invalidate(stage.tip(), stage.chain.now());
    stage.wake();

    assertThat(stage.said(NEWS)).isEmpty();
  }

  @Test
  void tip_whileCatchingUp_isNotTold() {
    PeerId ahead = stage.talk.greets("ahead", ConnectionKind.OUTBOUND, Greeting.plain());
    peer("peer");
    List<Block> blocks = stage.chain.branch(stage.chain.tip(), 12);
    stage.talk.says(ahead, RelayStage.headers(blocks));
    stage.talk.says(ahead, compact(false));
    stage.forget();

    blocks.subList(0, 3).forEach(block -> stage.talk.says(ahead, new BlockMessage(block)));
    assertThat(stage.said(NEWS)).isEmpty();

    // Whoever withholds a few blocks must not silence us.
    stage.talk.says(ahead, new BlockMessage(blocks.get(3)));
    assertThat(stage.said(NEWS))
        .isEqualTo(
            """
            0.000 ahead < sendcmpct
            0.000 peer < inv 1
            """);
  }

  @Test
  void tip_whileManyHeavierHeadersHaveNoBlocks_isTold() {
    PeerId withholder = stage.talk.greets("withholder", ConnectionKind.INBOUND, Greeting.plain());
    peer("peer");
    List<Block> withheld = stage.chain.branch(stage.chain.tip(), BlockRelay.MAX_HEADERS_TOLD + 4);
    stage.talk.says(withholder, RelayStage.headers(withheld));
    stage.forget();

    mined(1);
    assertThat(stage.said("inv")).contains("peer < inv 1");

    // Also on the way to them, when nothing more comes.
    stage.chain.engine().invalidate(stage.tip(), stage.chain.now());
    stage.talk.pass(Duration.ofMillis(BlockAssignment.OVERDUE_MILLIS + 1));
    stage.chain.deliver(withheld.get(0));
    stage.forget();
    stage.wake();
    assertThat(stage.said("inv")).contains("peer < inv 1");
  }

  @Test
  void tip_besideAChainThatIsTooFarAwayToFollow_isTold() {
    ChainFixture chain = ChainFixture.on(InMemoryChainStore.create(), 3);
    RelayStage far = RelayStage.of(TestNode.on(chain, 1));
    chain.mine(5);
    List<Block> other = chain.branch(chain.genesis(), 20);
    far.peer("peer", ConnectionKind.INBOUND);
    chain.deliver(other);
    far.wake();
    assertThat(chain.engine().view().height()).isEqualTo(5);
    far.forget();

    chain.mine(1);
    far.wake();

    assertThat(far.said("inv")).isEqualTo("0.000 peer < inv 1\n");
  }

  @Test
  void highBandwidth_goesToTheLastThreeThatWereFirst() {
    List<PeerId> peers = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d")) {
      peers.add(bringer(name, ConnectionKind.INBOUND));
    }

    for (int turn : List.of(0, 1, 2, 0, 3)) {
      brings(peers.get(turn));
    }

    // The second was first longest ago, as the first brought another block since.
    assertThat(stage.said("sendcmpct"))
        .isEqualTo(
            """
            0.000 a < sendcmpct
            0.000 b < sendcmpct
            0.000 c < sendcmpct
            0.000 b < sendcmpct
            0.000 d < sendcmpct
            """);
    assertThat(stage.talk.heardBy(peers.get(1), SendCompact.class))
        .endsWith(compact(true), compact(false));
    assertThat(stage.talk.heardBy(peers.get(3), SendCompact.class)).endsWith(compact(true));
  }

  @Test
  void highBandwidth_keepsAPlaceForAPeerThatWeChose() {
    List<PeerId> peers = new ArrayList<>(List.of(bringer("chosen", ConnectionKind.OUTBOUND)));
    for (String name : List.of("a", "b", "c")) {
      peers.add(bringer(name, ConnectionKind.INBOUND));
    }

    peers.forEach(this::brings);

    assertThat(stage.said("sendcmpct"))
        .isEqualTo(
            """
            0.000 chosen < sendcmpct
            0.000 a < sendcmpct
            0.000 b < sendcmpct
            0.000 a < sendcmpct
            0.000 c < sendcmpct
            """);
    brings(peers.get(0));
    brings(bringer("another", ConnectionKind.OUTBOUND));
    assertThat(stage.talk.heardBy(peers.get(2), SendCompact.class)).endsWith(compact(false));
  }

  private PeerId bringer(String name, ConnectionKind kind) {
    PeerId peer = stage.peer(name, kind);
    stage.talk.says(peer, compact(false));
    stage.forget();
    return peer;
  }

  private void brings(PeerId peer) {
    Block block = stage.chain.blockOn(stage.chain.tip());
    stage.talk.says(peer, RelayStage.headers(block));
    stage.talk.says(peer, new BlockMessage(block));
    assertThat(stage.tip()).isEqualTo(block.hash());
  }

  @Test
  void highBandwidth_isNotAskedOfAPeerThatCannot() {
    brings(peer("plain"));

    assertThat(stage.said("sendcmpct")).isEmpty();
  }

  @Test
  void highBandwidth_ofAPeerThatLeft_isFree() {
    List<PeerId> peers = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d")) {
      peers.add(bringer(name, ConnectionKind.INBOUND));
    }
    peers.subList(0, 3).forEach(this::brings);
    stage.talk.leaves(peers.get(1));
    stage.forget();

    brings(peers.get(3));

    assertThat(stage.said("sendcmpct")).isEqualTo("0.000 d < sendcmpct\n");
  }

  @Test
  void highBandwidth_isNotGivenForABlockThatSomebodyElseBrought() {
    PeerId first = bringer("first", ConnectionKind.INBOUND);
    PeerId second = bringer("second", ConnectionKind.INBOUND);
    Block block = stage.chain.blockOn(stage.chain.tip());
    stage.talk.says(second, RelayStage.headers(block));
    stage.talk.says(first, RelayStage.headers(block));
    stage.talk.says(first, new BlockMessage(block));
    stage.talk.says(second, new BlockMessage(block));

    assertThat(stage.said("sendcmpct")).isEqualTo("0.000 first < sendcmpct\n");
    stage.talk.pass(Duration.ofSeconds(1));
    assertThat(stage.said("sendcmpct")).isEmpty();
  }
}
