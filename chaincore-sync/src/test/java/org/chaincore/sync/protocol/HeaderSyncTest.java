package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.HeaderTree;
import org.chaincore.core.config.BodyRules;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.EngineSetup;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Target;
import org.chaincore.core.value.Work;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.settings.SyncTask;
import org.junit.jupiter.api.Test;

/** Who is asked for headers when, and what becomes of the answers. */
final class HeaderSyncTest {
  private static final int FEW = 5;

  private final ChainFixture chain = ChainFixture.begin();
  private final Swarm swarm = swarmThatNeeds(0);

  /** A node that wants the work of so many easy blocks. */
  private Swarm swarmThatNeeds(int blocks) {
    TestNode node = TestNode.on(chain, 1);
    ProtocolSetup plain = node.setup();
    ProtocolSetup setup =
        new ProtocolSetup(
            plain.engine(),
            plain.self(),
            plain.settings(),
            plain.memory(),
            plain.seed(),
            workOf(blocks));
    return new Swarm(setup, node.nowMillis());
  }

  private static Work workOf(int blocks) {
    Work one = Target.ofBits(TestHeaders.EASY).work();
    Work sum = Work.ZERO;
    for (int i = 0; i < blocks; i++) {
      sum = sum.plus(one);
    }
    return sum;
  }

  private List<BlockHeader> headers(int count, long salt) {
    List<BlockHeader> headers = new ArrayList<>();
    BlockHeader last = chain.genesis().header();
    for (int i = 0; i < count; i++) {
      last = TestHeaders.child(last, salt);
      headers.add(last);
    }
    return headers;
  }

  private static Message says(List<BlockHeader> headers) {
    return new Headers(headers);
  }

  /** Answers requests for headers from a list, until no more are made. */
  private static final class Library {
    private final List<BlockHeader> headers;
    private final Map<Hash256, Integer> places = new HashMap<>();
    int requests;

    Library(List<BlockHeader> headers) {
      this.headers = headers;
      for (BlockHeader header : headers) {
        places.put(header.hash(), places.size());
      }
    }

    List<BlockHeader> after(GetHeaders request) {
      requests++;
      int from = 0;
      for (Hash256 hash : request.locator().hashes()) {
        Integer place = places.get(hash);
        if (place != null) {
          from = place + 1;
          break;
        }
      }
      return headers.subList(from, Math.min(headers.size(), from + Headers.MAX_HEADERS));
    }
  }

  private static void answerAll(Swarm swarm, Peer peer, Library library) {
    answer(swarm, peer, library, Integer.MAX_VALUE);
  }

  private static int answer(Swarm swarm, Peer peer, Library library, int most) {
    int answered = 0;
    while (answered < most) {
      List<Message> asked =
          swarm.heardBy(peer).stream().filter(GetHeaders.class::isInstance).toList();
      if (asked.isEmpty()) {
        break;
      }
      for (Message request : asked) {
        swarm.says(peer, says(library.after((GetHeaders) request)));
        answered++;
      }
    }
    return answered;
  }

  private HeaderNode best() {
    return chain.engine().view().heaviestHeader();
  }

  @Test
  void established_peersOfBothKinds_asksOutboundAndThoseThatClaimMore() {
    swarm.connect(0, ConnectionKind.OUTBOUND);
    swarm.connect(0, ConnectionKind.INBOUND);
    swarm.connect(3, ConnectionKind.INBOUND);
    assertThat(swarm.takeTranscript())
        .isEqualTo(
            """
            0.000 peer 1 is there
            0.000 peer 1 < getheaders
            0.000 peer 2 is there
            0.000 peer 3 is there
            0.000 peer 3 < getheaders
            """);
  }

  @Test
  void headers_ofALongChain_goOnWithOnePeerAndThenAskTheOthers() {
    Library library = new Library(headers(4_500, 1));
    Swarm quiet = swarm.silently();
    Peer first = quiet.connect(4_500, ConnectionKind.OUTBOUND);
    Peer second = quiet.connect(4_500, ConnectionKind.OUTBOUND);
    assertThat(quiet.heardBy(second)).isEmpty();
    answerAll(quiet, first, library);
    assertThat(best().height()).isEqualTo(4_500);
    assertThat(library.requests).isEqualTo(3);
    assertThat(first.bestKnown()).isSameAs(best());
    // From below our best header, so that it shows that it has it.
    answerAll(quiet, second, library);
    assertThat(library.requests).isEqualTo(4);
    assertThat(second.bestKnown()).isSameAs(best());
  }

  @Test
  void headersMissing_ofTheOneThatSendsTheChain_cutsItAndAsksAnother() {
    swarm.connect(4_500, ConnectionKind.OUTBOUND);
    swarm.connect(4_500, ConnectionKind.OUTBOUND);
    swarm.pass(60_000);
    assertThat(swarm.takeTranscript())
        .isEqualTo(
            """
            0.000 peer 1 is there
            0.000 peer 1 < getheaders
            0.000 peer 2 is there
            20.000 peer 2 < getheaders
            30.000 peer 1 cut TIMEOUT (no headers)
            30.000 peer 1 leaves
            50.000 peer 2 cut TIMEOUT (no headers)
            50.000 peer 2 leaves
            """);
  }

  @Test
  void headers_floodOfLowWork_costsNoMemory() {
    Swarm careful = swarmThatNeeds(200_000).silently();
    Library library = new Library(headers(100_000, 1));
    Peer liar = careful.connect(100_000, ConnectionKind.INBOUND);
    long commitments = 0;
    for (int i = 0; i < 51; i++) {
      answer(careful, liar, library, 1);
      commitments = Math.max(commitments, careful.headerSync.weighedBytes());
    }
    assertThat(library.requests).isEqualTo(51);
    assertThat(best().height()).isZero();
    assertThat(commitments).isBetween(1L, 8L * 1024);
    assertThat(careful.headerSync.weighedBytes()).isZero();
    assertThat(careful.headerSync.turns().size()).isZero();
    assertThat(careful.faults).isEmpty();
  }

  @Test
  void headers_ofAChainWithEnoughWork_areDownloadedTwiceAndTaken() {
    Swarm careful = swarmThatNeeds(7_000).silently();
    Library library = new Library(headers(9_100, 1));
    Peer honest = careful.connect(9_100, ConnectionKind.OUTBOUND);
    answerAll(careful, honest, library);
    assertThat(best().height()).isEqualTo(9_100);
    assertThat(honest.bestKnown()).isSameAs(best());
    assertThat(library.requests).isEqualTo(4 + 5);
    assertThat(careful.faults).isEmpty();
  }

  @Test
  void headers_otherThanInTheFirstPass_areNotTaken() {
    Swarm careful = swarmThatNeeds(7_000).silently();
    Library heavy = new Library(headers(7_100, 1));
    Library other = new Library(headers(7_100, 2));
    Peer liar = careful.connect(7_100, ConnectionKind.OUTBOUND);
    assertThat(answer(careful, liar, heavy, 4)).isEqualTo(4);
    answer(careful, liar, other, 4);
    assertThat(best().height()).isZero();
    assertThat(careful.headerSync.weighedBytes()).isZero();
  }

  @Test
  void headers_ofALighterChain_areIgnoredOrWeighed() {
    chain.mine(300);
    Swarm ahead = swarmThatNeeds(0).silently();
    List<BlockHeader> side = headers(120, 3);
    Peer peer = ahead.connect(120, ConnectionKind.OUTBOUND);
    ahead.says(peer, says(side));
    assertThat(chain.engine().view().find(side.get(0).hash())).isEmpty();
    List<BlockHeader> near = headers(160, 4);
    ahead.says(peer, says(near));
    assertThat(chain.engine().view().find(near.get(159).hash())).isPresent();
    assertThat(ahead.faults).isEmpty();
  }

  /** Cheap branches that fork at genesis, until one is not taken any more; how many were. */
  private int flood(Swarm node, Peer liar, int length) {
    node.says(liar, says(headers(length + 1, 1_000)));
    int taken = 0;
    for (int salt = 1_001; salt < 1_070; salt++) {
      List<BlockHeader> branch = headers(length, salt);
      node.says(liar, says(branch));
      taken += chain.engine().view().find(branch.get(0).hash()).isPresent() ? 1 : 0;
    }
    return taken;
  }

  @Test
  void headers_floodOfDeepBranchesAgainstANewNode_areNotTaken() {
    Swarm fresh = swarmThatNeeds(0).silently();
    Peer liar = fresh.connect(1_500, ConnectionKind.INBOUND);
    assertThat(flood(fresh, liar, 1_499)).isZero();
    assertThat(best().height()).isEqualTo(1_500);
  }

  @Test
  void headers_ofTheHonestChainWhereTheTreeIsFull_areTaken() {
    Swarm fresh = swarmThatNeeds(0).silently();
    Peer liar = fresh.connect(1_500, ConnectionKind.INBOUND);
    flood(fresh, liar, 1_499);
    for (int salt = 1_001; salt <= 1_001 + HeaderTree.MAX_SIDE_HEADERS / 1_499; salt++) {
      // However they came there.
      chain.engine().acceptHeaders(headers(1_499, salt), chain.now());
    }
    BlockHeader probe = TestHeaders.child(chain.genesis().header(), 7);
    assertThat(chain.engine().acceptHeaders(List.of(probe), chain.now()).isComplete()).isFalse();
    List<BlockHeader> heavy = headers(9_000, 2_000);
    chain.engine().acceptHeaders(heavy, chain.now());
    Library library = new Library(headers(9_500, 1));
    Peer honest = fresh.connect(9_500, ConnectionKind.OUTBOUND);
    List<BlockHeader> rising = new ArrayList<>(heavy);
    for (int i = 0; i < 20; i++) {
      // The other chain grows while this one is weighed.
      answer(fresh, honest, library, 1);
      rising.add(TestHeaders.child(rising.get(rising.size() - 1), 2_000));
      chain.engine().acceptHeaders(rising.subList(rising.size() - 1, rising.size()), chain.now());
    }
    assertThat(best().height()).isEqualTo(9_500);
    assertThat(honest.bestKnown()).isSameAs(best());
    assertThat(fresh.faults).isEmpty();
  }

  @Test
  void headers_deepBranchBesideHeadersOnly_isMeasuredByTheHeaviestHeader() {
    ChainParams params = TestHeaders.network().bodyRules(BodyRules.HEADERS_ONLY).build();
    ChainEngine light = ChainEngine.open(EngineSetup.inMemory(params));
    ProtocolSetup plain = TestNode.on(chain, 1).setup();
    Swarm node =
        new Swarm(new ProtocolSetup(light, plain.self(), plain.settings(), 1), chain.now() * 1_000);
    light.acceptHeaders(headers(400, 1), chain.now());
    Peer behind = node.connect(200, ConnectionKind.OUTBOUND);
    List<BlockHeader> branch = headers(200, 2);
    node.says(behind, says(branch));
    assertThat(light.view().find(branch.get(0).hash())).isEmpty();
    node.silently().pass(ChainBehind.PERIOD_MILLIS + ChainBehind.ANSWER_MILLIS);
    assertThat(node.isConnected(behind)).isFalse();
  }

  @Test
  void headers_ofOurOwnChainBesideAHeavierOneWithoutBlocks_areTaken() {
    chain.mine(HeaderWorth.MARGIN_BLOCKS + 1);
    Block tip = chain.tip();
    List<BlockHeader> withheld = new ArrayList<>(List.of(tip.header()));
    for (int i = 0; i < 1_200; i++) {
      withheld.add(TestHeaders.child(withheld.get(i), 5));
    }
    Swarm node = swarmThatNeeds(0).silently();
    Peer withholder = node.connect(2_000, ConnectionKind.INBOUND);
    node.says(withholder, says(withheld.subList(1, 1_201)));
    Block next = chain.blockOn(tip);
    node.says(node.connect(146, ConnectionKind.OUTBOUND), says(List.of(next.header())));
    assertThat(chain.engine().view().find(next.hash())).isPresent();
  }

  @Test
  void setup_withoutAWord_demandsTheWorkThatTheNetworkNames() {
    ChainParams params = TestHeaders.network().minimumChainWork(workOf(9)).build();
    ProtocolSetup plain = TestNode.on(chain, 1).setup();
    ProtocolSetup setup =
        new ProtocolSetup(
            ChainEngine.open(EngineSetup.inMemory(params)), plain.self(), plain.settings(), 1);
    assertThat(setup.minimumChainWork()).isEqualTo(workOf(9));
    assertThat(Networks.bitcoinMainnet().minimumChainWork()).isGreaterThan(workOf(1));
  }

  @Test
  void headers_whileALiarIsWeighed_ofAnHonestPeerGoOn() {
    Swarm careful = swarmThatNeeds(5_000).silently();
    Library endless = new Library(headers(4_900, 2));
    Library library = new Library(headers(5_100, 1));
    Peer liar = careful.connect(9_000, ConnectionKind.OUTBOUND);
    Peer honest = careful.connect(5_100, ConnectionKind.OUTBOUND);
    answer(careful, liar, endless, 1);
    assertThat(careful.headerSync.state()).isInstanceOf(FetchState.WeighingHeaders.class);
    assertThat(careful.heardBy(honest)).isEmpty();
    // Nothing comes of it: one more gets a place.
    careful.pass(BulkTurns.OPENING_MILLIS + 1);
    answerAll(careful, honest, library);
    assertThat(best().height()).isEqualTo(5_100);
  }

  @Test
  void headers_whileLiarsHaveAllPlaces_ofAnHonestPeerComeToTheirTurn() {
    Swarm careful = swarmThatNeeds(90_000).silently();
    List<BlockHeader> low = headers(80_000, 2);
    List<Peer> liars = new ArrayList<>();
    List<Library> libraries = new ArrayList<>();
    for (int i = 0; i < BulkTurns.MAX_PLACES; i++) {
      liars.add(careful.connect(90_000, ConnectionKind.OUTBOUND));
      libraries.add(new Library(low));
    }
    Peer honest = careful.connect(90_000, ConnectionKind.INBOUND);
    boolean isAsked = false;
    int steps = 0;
    // Each answers as late as it may.
    for (; steps < 60 && !isAsked; steps++) {
      for (int i = 0; i < liars.size(); i++) {
        answer(careful, liars.get(i), libraries.get(i), 1);
      }
      careful.pass(25_000);
      isAsked = careful.heardBy(honest).stream().anyMatch(GetHeaders.class::isInstance);
      assertThat(careful.headerSync.turns().size()).isLessThanOrEqualTo(BulkTurns.MAX_PLACES);
      assertThat(careful.headerSync.weighedBytes()).isLessThan(BulkTurns.MAX_PLACES * 4_096L);
    }
    assertThat(isAsked).isTrue();
    assertThat(steps).isLessThan(30);
    assertThat(best().height()).isZero();
  }

  @Test
  void headers_withoutWorkOrOrder_areTheSendersFault() {
    List<BlockHeader> good = headers(FEW, 1);
    Peer first = swarm.connect(0, ConnectionKind.OUTBOUND);
    swarm.says(first, says(List.of(good.get(0), good.get(2))));
    Peer second = swarm.connect(0, ConnectionKind.OUTBOUND);
    swarm.says(second, says(List.of(TestHeaders.unmined(good.get(0)))));
    Peer third = swarm.connect(0, ConnectionKind.OUTBOUND);
    BlockHeader old =
        TestHeaders.child(chain.genesis().header(), 1, TestHeaders.GENESIS_TIME, TestHeaders.EASY);
    swarm.says(third, says(List.of(old)));
    Peer fourth = swarm.connect(0, ConnectionKind.OUTBOUND);
    BlockHeader early =
        TestHeaders.child(
            chain.genesis().header(), 1, TestHeaders.GENESIS_TIME + 900_000, TestHeaders.EASY);
    swarm.says(fourth, says(List.of(early)));
    assertThat(swarm.faults)
        .containsExactly(
            Misbehaviour.DISORDERED_HEADERS, Misbehaviour.BAD_HEADER, Misbehaviour.BAD_HEADER);
    assertThat(best().height()).isZero();
  }

  @Test
  void headers_thatLeadNowhere_areAFaultAfterTen() {
    Peer peer = swarm.connect(0, ConnectionKind.INBOUND);
    List<BlockHeader> lost = headers(2, 1).subList(1, 2);
    for (int i = 0; i < HeaderSync.MAX_UNCONNECTED; i++) {
      swarm.says(peer, says(lost));
    }
    assertThat(swarm.faults).isEmpty();
    assertThat(swarm.heardBy(peer)).isNotEmpty();
    swarm.says(peer, says(lost));
    assertThat(swarm.faults).containsExactly(Misbehaviour.NON_CONNECTING_HEADERS);
  }

  @Test
  void headers_aboveAnInvalidBlock_areHeldAgainstThoseWeChose() {
    Block block = chain.branch(chain.genesis(), 1).get(0);
    chain.deliver(block);
    chain.engine().invalidate(block.hash(), chain.now());
    BlockHeader child = TestHeaders.child(block.header(), 1);
    swarm.says(swarm.connect(2, ConnectionKind.INBOUND), says(List.of(child)));
    assertThat(swarm.faults).isEmpty();
    swarm.says(swarm.connect(2, ConnectionKind.OUTBOUND), says(List.of(child)));
    assertThat(swarm.faults).containsExactly(Misbehaviour.BAD_HEADER);
  }

  @Test
  void announced_byInv_asksOnceForWhatIsNotKnown() {
    List<Block> blocks = chain.branch(chain.genesis(), 3);
    chain.deliver(blocks.get(0));
    Peer peer = swarm.connect(0, ConnectionKind.INBOUND);
    swarm.takeTranscript();
    for (Block block : blocks) {
      InventoryItem item = new InventoryItem(InventoryType.BLOCK, block.hash());
      swarm.says(peer, new Inventory(List.of(item)));
    }
    assertThat(peer.bestKnown()).isNotNull();
    swarm.says(peer, says(List.of(blocks.get(0).header())));
    swarm.says(peer, says(List.of(blocks.get(1).header(), blocks.get(2).header())));
    assertThat(swarm.takeTranscript())
        .isEqualTo(
            """
            0.000 peer 1 > inv 1
            0.000 peer 1 > inv 1
            0.000 peer 1 < getheaders
            0.000 peer 1 > inv 1
            0.000 peer 1 > headers 1
            0.000 peer 1 < getheaders
            0.000 peer 1 > headers 2
            0.000 peer 1 < getdata 2
            """);
  }

  @Test
  void announced_byHeaderWhileThePeerIsWeighed_isNoPartOfTheWeighedChain() {
    chain.mine(HeaderWorth.MARGIN_BLOCKS + 1);
    Swarm careful = swarmThatNeeds(3_000).silently();
    Library library = new Library(headers(4_000, 1));
    Peer honest = careful.connect(4_000, ConnectionKind.OUTBOUND);
    assertThat(answer(careful, honest, library, 1)).isEqualTo(1);
    assertThat(careful.headerSync.state()).isInstanceOf(FetchState.WeighingHeaders.class);
    BlockHeader next = TestHeaders.child(chain.tip().header(), 9);
    careful.headerSync.announced(honest, next, careful.nowMillis);
    careful.finishStep();
    assertThat(careful.faults).isEmpty();
    answerAll(careful, honest, library);
    assertThat(best().height()).isEqualTo(4_000);
  }

  @Test
  void announced_byHeader_saysWhereItIs() {
    List<BlockHeader> good = headers(2, 1);
    Peer peer = swarm.connect(0, ConnectionKind.INBOUND);
    assertThat(swarm.headerSync.announced(peer, good.get(1), swarm.nowMillis)).isNull();
    HeaderNode node = swarm.headerSync.announced(peer, good.get(0), swarm.nowMillis);
    assertThat(node).isNotNull().isSameAs(best()).isSameAs(peer.bestKnown());
  }

  @Test
  void behindDue_outboundPeerThatStaysBehind_isAskedAndThenCut() {
    chain.mine(3);
    Peer good = swarm.connect(3, ConnectionKind.OUTBOUND);
    Peer behind = swarm.connect(0, ConnectionKind.BLOCK_RELAY);
    swarm.says(good, says(List.of(chain.tip().header())));
    swarm.says(behind, says(List.of()));
    swarm.takeTranscript();
    chain.mine(1);
    swarm.pass(ChainBehind.PERIOD_MILLIS + ChainBehind.ANSWER_MILLIS);
    // The good one has not moved either, but it is spared.
    swarm.pass(2 * ChainBehind.PERIOD_MILLIS);
    assertThat(swarm.isConnected(good)).isTrue();
    assertThat(swarm.isConnected(behind)).isFalse();
    assertThat(swarm.takeTranscript())
        .contains("1200.000 peer 2 < getheaders")
        .contains("1320.000 peer 2 cut BEHIND");
  }

  @Test
  void behindDue_whileThereIsNoBlock_cutsNobody() {
    Peer peer = swarm.connect(0, ConnectionKind.OUTBOUND);
    swarm.says(peer, says(List.of()));
    swarm.pass(3 * ChainBehind.PERIOD_MILLIS);
    assertThat(swarm.isConnected(peer)).isTrue();
    chain.mine(1);
    swarm.pass(3 * ChainBehind.PERIOD_MILLIS);
    assertThat(swarm.isConnected(peer)).as("it was not spared").isFalse();
  }

  @Test
  void compareTips_withPeers_finishesWhenAllHaveAnsweredOrHadTheTime() {
    Peer answering = swarm.connect(0, ConnectionKind.INBOUND);
    swarm.connect(0, ConnectionKind.INBOUND);
    swarm.headerSync.compareTips(7, swarm.nowMillis);
    swarm.finishStep();
    swarm.says(answering, says(headers(2, 1)));
    assertThat(swarm.finished).isEmpty();
    swarm.pass(30_000);
    assertThat(swarm.finished).hasSize(1);
    Outbox.FinishedTask task = swarm.finished.get(0);
    assertThat(task.task()).isEqualTo(SyncTask.CHAIN);
    assertThat(task.receipt()).isEqualTo(7);
    assertThat(task.succeeded()).isTrue();
    assertThat(task.figures()).isEqualTo(new TaskFigures(2, 0, 2, 2, 0, 2 * 93 + 27 + 2 * 81));
    assertThat(swarm.events)
        .contains(new SyncEvent.TaskFinished(SyncTask.CHAIN, 7, task.figures(), true));
  }

  @Test
  void compareTips_besideAPeerThatIsWeighed_doNotWaitForIt() {
    Swarm careful = swarmThatNeeds(200_000).silently();
    Library endless = new Library(headers(30_000, 1));
    Peer liar = careful.connect(100_000, ConnectionKind.INBOUND);
    answer(careful, liar, endless, 1);
    Peer honest = careful.connect(0, ConnectionKind.OUTBOUND);
    for (int round = 1; round <= 3; round++) {
      careful.headerSync.compareTips(round, careful.nowMillis);
      careful.finishStep();
      assertThat(careful.heardBy(honest)).hasSize(1);
      careful.says(honest, says(headers(1, 9)));
      assertThat(careful.finished).hasSize(round);
      careful.pass(25_000);
      answer(careful, liar, endless, 1);
    }
    assertThat(careful.headerSync.state()).isInstanceOf(FetchState.WeighingHeaders.class);
  }

  @Test
  void compareTips_ofARoundThatIsLate_beginsAnother() {
    Peer silent = swarm.connect(0, ConnectionKind.INBOUND);
    swarm.headerSync.compareTips(1, swarm.nowMillis);
    for (int i = 0; i < HeaderSync.MAX_UNCONNECTED - 1; i++) {
      // Each leads nowhere, so it is asked anew.
      swarm.pass(5_000);
      swarm.says(silent, says(headers(2, i).subList(1, 2)));
    }
    assertThat(swarm.finished).isEmpty();
    swarm.headerSync.compareTips(2, swarm.nowMillis);
    swarm.finishStep();
    assertThat(swarm.finished).extracting(Outbox.FinishedTask::receipt).containsExactly(1L);
  }

  @Test
  void announced_byAPeerThatWeChoseWhileAnotherHasTheTurn_isAskedAtOnce() {
    Swarm careful = swarmThatNeeds(200_000).silently();
    Library endless = new Library(headers(30_000, 1));
    Peer liar = careful.connect(100_000, ConnectionKind.INBOUND);
    answer(careful, liar, endless, 1);
    Peer honest = careful.connect(0, ConnectionKind.OUTBOUND);
    assertThat(careful.heardBy(honest)).hasSize(1);
    careful.says(honest, says(List.of()));
    careful.headerSync.announced(honest, headers(1, 5).get(0).hash(), careful.nowMillis);
    careful.finishStep();
    assertThat(careful.heardBy(honest)).hasSize(1);
  }

  @Test
  void compareTips_withoutPeers_isOverAtOnce() {
    swarm.headerSync.compareTips(0, swarm.nowMillis);
    swarm.finishStep();
    assertThat(swarm.finished)
        .containsExactly(new Outbox.FinishedTask(SyncTask.CHAIN, 0, TaskFigures.NONE, false));
    assertThat(swarm.events).isEmpty();
  }
}
