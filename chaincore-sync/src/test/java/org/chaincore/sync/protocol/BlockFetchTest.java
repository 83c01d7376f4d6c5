package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.config.BodyRules;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.EngineSetup;
import org.chaincore.core.fixture.BlockDraft;
import org.chaincore.core.fixture.BreakingStore;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.NotFound;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.Misbehaviour;
import org.junit.jupiter.api.Test;

/** Which blocks are asked of whom, and what becomes of those that come. */
final class BlockFetchTest {
  private final ChainFixture chain = ChainFixture.begin();
  private final Swarm swarm = swarmOn(chain);

  private static Swarm swarmOn(ChainFixture chain) {
    TestNode node = TestNode.on(chain, 1);
    return new Swarm(node.setup(), node.nowMillis());
  }

  private List<Block> blocks(int count) {
    List<Block> all = SyncSwarmTest.fromGenesis(chain, count);
    return all.subList(1, all.size());
  }

  private static Headers headersOf(List<Block> blocks) {
    return new Headers(blocks.stream().map(Block::header).toList());
  }

  /** A peer that has shown these headers. */
  private Peer peerWith(List<Block> blocks) {
    return peerWith(swarm, blocks);
  }

  private static Peer peerWith(Swarm swarm, List<Block> blocks) {
    Peer peer = swarm.connect(blocks.size(), ConnectionKind.OUTBOUND);
    for (int from = 0; from < blocks.size(); from += Headers.MAX_HEADERS) {
      swarm.says(
          peer,
          headersOf(blocks.subList(from, Math.min(blocks.size(), from + Headers.MAX_HEADERS))));
    }
    return peer;
  }

  private List<InventoryItem> askedOf(Peer peer) {
    List<InventoryItem> items = new ArrayList<>();
    for (Message message : swarm.heardBy(peer)) {
      if (message instanceof GetData request) {
        items.addAll(request.items());
      }
    }
    return items;
  }

  private void sends(Peer peer, Block block) {
    swarm.says(peer, new BlockMessage(block));
  }

  private HeaderNode node(Block block) {
    return swarm.view().find(block.hash()).orElseThrow();
  }

  @Test
  void fetch_twoPeersWithOneChain_asksEachForAPartOnce() {
    List<Block> blocks = blocks(100);
    Peer first = peerWith(blocks);
    Peer second = peerWith(blocks);
    List<InventoryItem> ofFirst = askedOf(first);
    List<InventoryItem> ofSecond = askedOf(second);
    assertThat(ofFirst).hasSize(64).doesNotContainAnyElementsOf(ofSecond);
    assertThat(ofSecond).hasSize(36);
    assertThat(ofFirst.get(0))
        .isEqualTo(new InventoryItem(InventoryType.WITNESS_BLOCK, blocks.get(0).hash()));
    assertThat(swarm.blockFetch.state().sentence())
        .isEqualTo("downloading blocks 1..100 of 100 from 2 peers");
    // The second part comes first, and waits.
    for (int i = 64; i < 100; i++) {
      sends(second, blocks.get(i));
    }
    assertThat(swarm.blockFetch.waiting().size()).isEqualTo(36);
    assertThat(swarm.view().height()).isZero();
    for (int i = 0; i < 64; i++) {
      sends(first, blocks.get(i));
    }
    assertThat(swarm.view().height()).isEqualTo(100);
    assertThat(swarm.blockFetch.waiting().bytes()).isZero();
    assertThat(askedOf(first)).isEmpty();
  }

  @Test
  void fetch_lastBlocksOfAPeerThatTrickles_areSharedWithAnother() {
    List<Block> blocks = blocks(100);
    Peer trickling = peerWith(blocks);
    Peer quick = peerWith(blocks);
    assertThat(askedOf(trickling)).hasSize(64);
    assertThat(askedOf(quick)).hasSize(36);
    for (int i = 64; i < 100; i++) {
      sends(quick, blocks.get(i));
    }
    swarm.pass(4_900);
    sends(trickling, blocks.get(0));
    assertThat(askedOf(quick)).isEmpty();
    swarm.pass(200);

    List<InventoryItem> shared = askedOf(quick);
    assertThat(shared).isNotEmpty();
    for (int i = 0; i < shared.size(); i++) {
      sends(quick, blocks.get(i + 1));
      shared.addAll(askedOf(quick));
    }

    assertThat(shared).hasSize(63).doesNotHaveDuplicates();
    assertThat(swarm.view().height()).isEqualTo(100);
    assertThat(swarm.cuts).isEmpty();
    // Not before it is found slow no more, where others can be asked.
    assertThat(swarm.blockFetch.isSlow(trickling, swarm.nowMillis)).isTrue();
  }

  @Test
  void fetch_lastBlocksOfAPeerThatDelivers_areNotShared() {
    List<Block> blocks = blocks(100);
    Peer steady = peerWith(blocks);
    Peer quick = peerWith(blocks);
    askedOf(quick);
    for (int i = 64; i < 100; i++) {
      sends(quick, blocks.get(i));
    }
    for (int i = 0; i < 62; i++) {
      swarm.pass(300);
      sends(steady, blocks.get(i));
    }
    assertThat(askedOf(quick)).isEmpty();
  }

  @Test
  void received_aFewBlocks_asTranscript() {
    List<Block> blocks = blocks(3);
    Peer peer = peerWith(blocks);
    blocks.forEach(block -> sends(peer, block));
    sends(peer, blocks.get(0));
    assertThat(swarm.takeTranscript())
        .isEqualTo(
            """
            0.000 peer 1 is there
            0.000 peer 1 < getheaders
            0.000 peer 1 > headers 3
            0.000 peer 1 < getdata 3
            0.000 peer 1 > block
            0.000 peer 1 > block
            0.000 peer 1 > block
            0.000 node CaughtUp
            0.000 peer 1 > block
            """);
  }

  @Test
  void received_aBodyOfAnotherHeader_blamesTheSenderAndAsksAnother() {
    List<Block> blocks = blocks(1);
    Peer liar = peerWith(blocks);
    Peer honest = peerWith(blocks);
    sends(liar, PlayedPeer.mutated(blocks.get(0)));
    assertThat(swarm.faults).containsExactly(Misbehaviour.MUTATED_BLOCK);
    assertThat(askedOf(honest)).hasSize(1);
    sends(honest, blocks.get(0));
    assertThat(swarm.view().height()).isEqualTo(1);
  }

  @Test
  void received_aMutatedBlockOfOneThatWasNotAsked_leavesTheRequestOfTheOther() {
    List<Block> blocks = blocks(1);
    Peer asked = peerWith(blocks);
    Peer liar = peerWith(blocks);
    sends(liar, PlayedPeer.mutated(blocks.get(0)));
    assertThat(swarm.faults).containsExactly(Misbehaviour.MUTATED_BLOCK);
    assertThat(swarm.blockFetch.isRequested(blocks.get(0).hash())).isTrue();
    assertThat(askedOf(asked)).hasSize(1);
  }

  @Test
  void received_mutatedBlocksThatWaited_areAllAskedAgainAtOnce() {
    List<Block> blocks = blocks(80);
    Peer first = peerWith(blocks);
    Peer liar = peerWith(blocks);
    for (int i = 64; i < 80; i++) {
      sends(liar, PlayedPeer.mutated(blocks.get(i)));
    }
    for (int i = 0; i < 64; i++) {
      sends(first, blocks.get(i));
    }
    assertThat(swarm.faults).containsExactly(Misbehaviour.MUTATED_BLOCK);
    assertThat(swarm.blockFetch.waiting().size()).isZero();
    for (int i = 64; i < 80; i++) {
      sends(first, blocks.get(i));
    }
    assertThat(swarm.view().height()).isEqualTo(80);
  }

  @Test
  void received_anInvalidBlock_blamesTheSenderAndForgetsWhatStandsOnIt() {
    List<Block> good = blocks(2);
    Block bad = BlockDraft.on(good.get(1).header(), 3).coinbaseHeight(9).make();
    Block above = BlockDraft.on(bad.header(), 4).make();
    List<Block> all = List.of(good.get(0), good.get(1), bad, above);
    Peer liar = peerWith(all);
    Peer other = peerWith(all);
    all.forEach(block -> sends(liar, block));
    assertThat(swarm.faults).containsExactly(Misbehaviour.INVALID_BLOCK);
    assertThat(other.bestKnown()).isSameAs(node(good.get(1)));
    assertThat(swarm.view().height()).isEqualTo(2);
    assertThat(askedOf(other)).isEmpty();
    // Asked for before it was known to be bad, or not: nobody is asked again.
    swarm.pass(100_000);
    assertThat(askedOf(other)).isEmpty();
    assertThat(swarm.blockFetch.state()).isEqualTo(new FetchState.CaughtUp(2));
  }

  @Test
  void notFound_ofOnePeer_asksAnotherAndNotTheSameAgain() {
    List<Block> blocks = blocks(1);
    Peer without = peerWith(blocks);
    InventoryItem item = askedOf(without).get(0);
    swarm.says(without, new NotFound(List.of(item)));
    assertThat(askedOf(without)).isEmpty();
    assertThat(swarm.blockFetch.state().sentence()).isEqualTo("no peer serves block 1 of 1");
    Peer with = peerWith(blocks);
    assertThat(askedOf(with)).containsExactly(item);
    swarm.says(without, new NotFound(List.of(item)));
    assertThat(swarm.blockFetch.isRequested(item.hash())).isTrue();
  }

  @Test
  void blockMissing_ofASilentPeer_asksASecondAndCutsTheFirst() {
    List<Block> blocks = blocks(2);
    Peer silent = peerWith(blocks);
    Peer second = peerWith(blocks);
    swarm.takeTranscript();
    swarm.pass(BlockAssignment.OVERDUE_MILLIS);
    assertThat(askedOf(second)).hasSize(2);
    sends(second, blocks.get(0));
    swarm.pass(BlockAssignment.SILENCE_MILLIS - BlockAssignment.OVERDUE_MILLIS - 1);
    assertThat(swarm.isConnected(silent)).isTrue();
    // Until the second peer, which now is the only source, has been silent for a minute as well.
    swarm.pass(BlockAssignment.OVERDUE_MILLIS + 1);
    assertThat(swarm.isConnected(silent)).isFalse();
    assertThat(swarm.takeTranscript())
        .isEqualTo(
            """
            5.000 peer 2 < getdata 2
            5.000 peer 2 > block
            60.000 peer 1 cut STALLING (no block for 60 s)
            60.000 peer 1 leaves
            65.000 peer 2 < getdata 1
            """);
    sends(second, blocks.get(1));
    assertThat(swarm.view().height()).isEqualTo(2);
  }

  @Test
  void blockMissing_ofTheOnlySource_waitsTenMinutes() {
    Peer only = peerWith(blocks(1));
    swarm.pass(BlockAssignment.SILENCE_MILLIS * (BlockAssignment.MAX_ASKED_IN_VAIN + 1L) - 1);
    assertThat(swarm.isConnected(only)).isTrue();
    swarm.pass(BlockAssignment.SILENCE_MILLIS + 1);
    assertThat(swarm.isConnected(only)).isFalse();
    assertThat(swarm.blockFetch.state()).isEqualTo(new FetchState.NoPeers());
  }

  @Test
  void stalled_peerThatHoldsUpTheWindow_isCutAndTheNextHasMoreTime() {
    swarm.silently();
    List<Block> blocks = blocks(3_000);
    Peer staller = peerWith(blocks);
    assertThat(askedOf(staller)).hasSize(64);
    PlayedPeer player =
        new PlayedPeer("p", PlayedPeer.Manner.HONEST, SyncSwarmTest.fromGenesis(chain, 3_000));
    swarm.connect(player, ConnectionKind.OUTBOUND, 1);
    swarm.pass(1_200);
    assertThat(swarm.blockFetch.waiting().size()).isEqualTo(DownloadPath.WINDOW_BLOCKS - 64);
    assertThat(swarm.isConnected(staller)).isTrue();
    swarm.pass(1_500);
    assertThat(swarm.isConnected(staller)).isFalse();
    assertThat(swarm.cuts).containsExactly(DisconnectReason.Cause.STALLING);
    assertThat(swarm.blockFetch.assignment().stallWatch().millis())
        .isBetween(StallWatch.FIRST_MILLIS, 2 * StallWatch.FIRST_MILLIS);
    swarm.pass(5_000);
    assertThat(swarm.view().height()).isEqualTo(3_000);
  }

  @Test
  void received_unasked_isJudgedIfItCouldBeNext() {
    List<Block> blocks = blocks(3);
    Peer miner = swarm.connect(0, ConnectionKind.INBOUND);
    sends(miner, blocks.get(0));
    assertThat(swarm.view().height()).isEqualTo(1);
    assertThat(miner.bestKnown()).isSameAs(node(blocks.get(0)));
    Block bad = BlockDraft.on(blocks.get(0).header(), 2).coinbaseHeight(9).make();
    sends(miner, bad);
    assertThat(swarm.faults).containsExactly(Misbehaviour.INVALID_BLOCK);
  }

  @Test
  void received_unaskedWithLessWork_isIgnored() {
    chain.mine(10);
    Block old = chain.branch(chain.genesis(), 1).get(0);
    Peer peer = swarm.connect(0, ConnectionKind.INBOUND);
    assertThat(swarm.blockFetch.received(peer, old, swarm.nowMillis)).isEqualTo(Arrival.UNWANTED);
    assertThat(swarm.view().find(old.hash())).isEmpty();
    assertThat(swarm.blockFetch.received(peer, chain.tip(), swarm.nowMillis))
        .isEqualTo(Arrival.KNOWN);
    assertThat(swarm.faults).isEmpty();
  }

  @Test
  void received_unaskedWithoutParent_waitsAmongTheOrphansAndIsAskedFor() {
    List<Block> blocks = blocks(2);
    Peer peer = swarm.connect(0, ConnectionKind.INBOUND);
    sends(peer, blocks.get(1));
    assertThat(swarm.takeTranscript())
        .isEqualTo(
            """
            0.000 peer 1 is there
            0.000 peer 1 > block
            0.000 peer 1 < getheaders
            """);
    assertThat(chain.engine().orphans()).hasSize(1);
    sends(peer, blocks.get(0));
    assertThat(swarm.view().height()).isEqualTo(2);
    assertThat(chain.engine().orphans()).isEmpty();
  }

  @Test
  void rejected_anOrphanThatWaited_blamesWhoSentIt() {
    Block parent = blocks(1).get(0);
    Block bad = BlockDraft.on(parent.header(), 2).coinbaseHeight(9).make();
    Peer liar = swarm.connect(0, ConnectionKind.INBOUND);
    Peer honest = swarm.connect(0, ConnectionKind.INBOUND);
    sends(liar, bad);
    sends(honest, parent);
    assertThat(swarm.faults).containsExactly(Misbehaviour.INVALID_BLOCK);
    assertThat(swarm.isConnected(honest)).isTrue();
  }

  @Test
  void claim_ofABlock_keepsItFromBeingAskedForUntilReleased() {
    List<Block> blocks = blocks(2);
    Peer peer = swarm.connect(0, ConnectionKind.INBOUND);
    HeaderNode first = swarm.headerSync.announced(peer, blocks.get(0).header(), swarm.nowMillis);
    assertThat(first).isNotNull();
    swarm.blockFetch.claim(peer, node(blocks.get(0)), swarm.nowMillis);
    swarm.finishStep();
    assertThat(askedOf(peer)).isEmpty();
    assertThat(swarm.blockFetch.isRequested(blocks.get(0).hash())).isTrue();
    swarm.blockFetch.release(peer, blocks.get(0).hash());
    swarm.finishStep();
    assertThat(askedOf(peer)).hasSize(1);
  }

  @Test
  void rebuilt_badBlocks_blameNobody() {
    List<Block> blocks = blocks(1);
    Peer peer = peerWith(blocks);
    swarm.blockFetch.claim(peer, node(blocks.get(0)), swarm.nowMillis);
    Block mutated = PlayedPeer.mutated(blocks.get(0));
    assertThat(swarm.blockFetch.rebuilt(peer, mutated, swarm.nowMillis)).isEqualTo(Arrival.MUTATED);
    Block bad = BlockDraft.on(chain.genesis().header(), 1).coinbaseHeight(9).make();
    assertThat(swarm.blockFetch.rebuilt(peer, bad, swarm.nowMillis)).isEqualTo(Arrival.INVALID);
    swarm.finishStep();
    assertThat(swarm.faults).isEmpty();
    assertThat(swarm.blockFetch.rebuilt(peer, blocks.get(0), swarm.nowMillis).isThere()).isTrue();
  }

  @Test
  void fetch_aChainPastTheReorgLimit_getsItsBodiesOnceAndLeavesTheRestToTheHost() {
    ChainFixture shallow = ChainFixture.on(InMemoryChainStore.create(), 2);
    shallow.mine(5);
    Swarm careful = swarmOn(shallow).silently();
    List<Block> other = SyncSwarmTest.branch(List.of(shallow.genesis()), 8, 77);
    PlayedPeer player = new PlayedPeer("p", PlayedPeer.Manner.HONEST, other);
    careful.connect(player, ConnectionKind.OUTBOUND, 1);
    careful.pass(600_000);
    assertThat(player.blocksSent).isEqualTo(8);
    assertThat(careful.view().height()).isEqualTo(5);
    assertThat(careful.blockFetch.state().sentence())
        .isEqualTo(
            "a chain of more work needs a reorganisation of 5 blocks, more than the limit of 2:"
                + " the host decides");
    shallow.engine().allowDeepReorg(shallow.now());
    careful.finishStep();
    assertThat(careful.isAt(player)).isTrue();
  }

  @Test
  void fetch_afterTheTipWasInvalidated_goesBackToWhatPeersHave() {
    List<Block> theirs = blocks(3);
    chain.mine(5);
    Peer peer = peerWith(theirs);
    assertThat(askedOf(peer)).isEmpty();
    chain.engine().invalidate(swarm.view().at(1).orElseThrow().hash(), chain.now());
    swarm.finishStep();
    assertThat(askedOf(peer)).hasSize(3);
  }

  @Test
  void fetch_ofANetworkByHeadersOnly_asksForNoBodies() {
    ChainParams params = TestHeaders.network().bodyRules(BodyRules.HEADERS_ONLY).build();
    ChainEngine engine = ChainEngine.open(EngineSetup.inMemory(params));
    ProtocolSetup plain = TestNode.begin().setup();
    Swarm light =
        new Swarm(new ProtocolSetup(engine, plain.self(), plain.settings(), 1), swarm.nowMillis);
    Block block = BlockDraft.on(params.genesis().header(), 1).make();
    Peer peer = peerWith(light, List.of(block));
    light.says(peer, new BlockMessage(block));
    assertThat(light.transcript).doesNotContain("getdata");
    assertThat(light.faults).isEmpty();
    assertThat(light.blockFetch.state()).isEqualTo(new FetchState.CaughtUp(1));
  }

  @Test
  void received_whileTheStoreIsBroken_isAskedForAgain() {
    BreakingStore store = new BreakingStore(InMemoryChainStore.create());
    ChainFixture broken = ChainFixture.on(store, 100);
    Swarm swarmOnIt = swarmOn(broken);
    List<Block> blocks = blocks(3);
    Peer peer = peerWith(swarmOnIt, blocks);
    swarmOnIt.says(peer, new BlockMessage(blocks.get(1)));
    store.breakAfter(0);
    assertThatThrownBy(() -> swarmOnIt.says(peer, new BlockMessage(blocks.get(0))))
        .isInstanceOf(StoreException.class);
    swarmOnIt.finishStep();
    assertThat(swarmOnIt.blockFetch.assignment().requests().againCount()).isZero();
    swarmOnIt.says(peer, new BlockMessage(blocks.get(0)));
    swarmOnIt.says(peer, new BlockMessage(blocks.get(2)));
    assertThat(swarmOnIt.view().height()).isEqualTo(3);
  }

  @Test
  void caughtUp_afterALongAbsence_isToldAgain() {
    swarm.silently();
    List<Block> all = SyncSwarmTest.fromGenesis(chain, 300);
    PlayedPeer player = new PlayedPeer("p", PlayedPeer.Manner.HONEST, all.subList(0, 11));
    Peer peer = swarm.connect(player, ConnectionKind.OUTBOUND, 1);
    swarm.pass(1_000);
    player.follow(all.subList(0, 21));
    swarm.headerSync.ask(peer, swarm.nowMillis);
    swarm.finishStep();
    swarm.pass(1_000);
    assertThat(swarm.events).containsExactly(new SyncEvent.CaughtUp(10, all.get(10).hash()));
    player.follow(all);
    swarm.headerSync.ask(peer, swarm.nowMillis);
    swarm.finishStep();
    swarm.pass(1_000);
    assertThat(swarm.events).hasSize(2).contains(new SyncEvent.CaughtUp(300, all.get(300).hash()));
  }
}
