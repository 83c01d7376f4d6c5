package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.fixture.BlockDraft;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.MempoolRequest;
import org.chaincore.sync.message.NotFound;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.peer.BanList;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.PeerLimits;
import org.junit.jupiter.api.Test;

/** Who is let in, who has to go, and what follows from faults. */
final class PeerSafetyTest {
  private final TestNode node = TestNode.begin();
  private final BanList bans = node.setup().memory().bans();
  private final Conversation conversation = node.converse();

  private static NetworkAddress at(int group, int host) {
    return NetworkAddress.parse("20." + group + ".0." + host + ":8333");
  }

  private long nowSeconds() {
    return conversation.nowMillis() / 1_000;
  }

  private PeerId inbound(int group, int host) {
    return conversation.connects(group + "." + host, at(group, host), ConnectionKind.INBOUND);
  }

  private List<PeerId> fill() {
    List<PeerId> peers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      peers.add(inbound(i, 1));
    }
    return peers;
  }

  /** Lines of the transcript about cuts, without the times. */
  private List<String> cuts() {
    return conversation
        .transcript()
        .lines()
        .map(line -> line.substring(line.indexOf('.') + 5))
        .filter(line -> line.contains(" cut "))
        .toList();
  }

  private void misbehave(PeerId peer) {
    conversation.happens(new Input.Malformed(peer, Input.Malformed.Reason.NO_FRAME, "nonsense"));
  }

  @Test
  void malformed_fromAPeer_isToldCutAndDiscouraged() {
    PeerId mallory = conversation.connects("mallory", at(1, 1), ConnectionKind.INBOUND);
    misbehave(mallory);

    assertThat(conversation.transcript())
        .isEqualTo(
            """
                 0.000 mallory connects inbound
                 0.000 * Malformed
                 0.000 . PeerMisbehaved
                 0.000 mallory cut MISBEHAVING (MALFORMED_FRAME: nonsense)
            """);
    assertThat(bans.isDiscouraged(at(1, 1), nowSeconds())).isTrue();
  }

  @Test
  void malformed_fromAPeerOfTheHost_isCutButNotDiscouraged() {
    PeerId friend = conversation.connects("friend", at(1, 1), ConnectionKind.MANUAL);
    misbehave(friend);

    assertThat(cuts()).containsExactly("friend cut MISBEHAVING (MALFORMED_FRAME: nonsense)");
    assertThat(bans.isDiscouraged(at(1, 1), nowSeconds())).isFalse();
  }

  @Test
  void malformed_throughALoopbackThatManyShare_isCutButNotDiscouraged() {
    NetworkAddress proxy = NetworkAddress.parse("127.0.0.1:40000");
    misbehave(conversation.connects("tor", proxy, ConnectionKind.INBOUND));

    assertThat(cuts()).hasSize(1);
    assertThat(bans.isDiscouraged(proxy, nowSeconds())).isFalse();
  }

  @Test
  void malformed_withALongReason_isShownInPart() {
    PeerId mallory = inbound(1, 1);
    conversation.happens(
        new Input.Malformed(mallory, Input.Malformed.Reason.NO_FRAME, "x".repeat(10_000)));

    assertThat(cuts().get(0)).hasSizeLessThan(300);
  }

  private String cutOf(PeerId peer, Input.Malformed.Reason reason) {
    conversation.happens(new Input.Malformed(peer, reason, "bytes"));
    return cuts().get(0);
  }

  @Test
  void malformed_ofAnotherNetwork_isCutAndNobodysFault() {
    assertThat(cutOf(inbound(1, 1), Input.Malformed.Reason.OTHER_NETWORK))
        .isEqualTo("1.1 cut UNSUITABLE (WRONG_NETWORK: bytes)");
    assertThat(bans.isDiscouraged(at(1, 1), nowSeconds())).isFalse();
  }

  @Test
  void malformed_asOfAnotherNetworkFromWhoSpokeOurs_isItsFault() {
    PeerId bob = conversation.greets("bob", at(1, 1), ConnectionKind.INBOUND);
    assertThat(cutOf(bob, Input.Malformed.Reason.OTHER_NETWORK))
        .isEqualTo("bob cut MISBEHAVING (MALFORMED_FRAME: bytes)");
    assertThat(bans.isDiscouraged(at(1, 1), nowSeconds())).isTrue();
  }

  @Test
  void malformed_otherwise_isWeighedByItsKind() {
    assertThat(cutOf(inbound(1, 1), Input.Malformed.Reason.OVERSIZE))
        .isEqualTo("1.1 cut MISBEHAVING (OVERSIZE: bytes)");
    assertThat(cutOf(inbound(2, 1), Input.Malformed.Reason.NO_MESSAGE))
        .isEqualTo("2.1 cut MISBEHAVING (MALFORMED_MESSAGE: bytes)");
    conversation.happens(
        new Input.Malformed(new PeerId(999), Input.Malformed.Reason.OTHER_NETWORK, "of nobody"));
    assertThat(cuts()).isEmpty();
  }

  @Test
  void unknown_aFew_areNoFault() {
    PeerId bob = conversation.greets("bob", ConnectionKind.INBOUND);
    for (int i = 0; i < 100; i++) {
      conversation.happens(new Input.Unknown(bob, "future", 1_000));
    }
    assertThat(cuts()).isEmpty();
  }

  @Test
  void unknown_asManyBytesAsALineCarries_areAFlood() {
    PeerId bob = conversation.greets("bob", ConnectionKind.INBOUND);
    for (int i = 0; i < 400; i++) {
      conversation.happens(new Input.Unknown(bob, "future", 4_000_000));
    }
    assertThat(cuts()).containsExactly("bob cut MISBEHAVING (FLOOD: unknown message future)");
  }

  @Test
  void complaints_smallOnes_addUpUntilThePeerIsCut() {
    PeerId bob = conversation.greets("bob", ConnectionKind.INBOUND);
    for (int i = 0; i < 9; i++) {
      conversation.says(bob, new Verack());
    }
    assertThat(cuts()).isEmpty();

    conversation.says(bob, new Verack());
    assertThat(cuts()).containsExactly("bob cut MISBEHAVING (UNEXPECTED_MESSAGE: verack)");
  }

  @Test
  void complaints_withTimeBetweenThem_fade() {
    PeerId bob = conversation.greets("bob", ConnectionKind.INBOUND);
    for (int i = 0; i < 50; i++) {
      conversation.says(bob, new Verack());
      for (int minute = 0; minute < 10; minute++) {
        conversation.pass(Duration.ofMinutes(1));
        conversation.says(bob, new MempoolRequest());
        conversation
            .heardBy(bob, Ping.class)
            .forEach(
                ping -> conversation.says(bob, new org.chaincore.sync.message.Pong(ping.nonce())));
      }
    }
    assertThat(cuts()).isEmpty();
  }

  @Test
  void flood_ofMessages_isComplainedOfTwiceAndThenOver() {
    PeerId bob = conversation.greets("bob", ConnectionKind.INBOUND);
    conversation.transcript();
    int said = 0;
    while (cuts().isEmpty()) {
      conversation.says(bob, new Ping(said++));
    }

    assertThat(said)
        .isBetween(
            MessageBudget.MESSAGES_A_SECOND * MessageBudget.SECONDS_SAVED,
            MessageBudget.MESSAGES_A_SECOND * (MessageBudget.SECONDS_SAVED + 2));
    assertThat(bans.isDiscouraged(Conversation.addressOf(1), nowSeconds())).isTrue();
  }

  @Test
  void connect_ofABannedOwner_isRefusedOnWhateverPortUntilTheBanEnds() {
    conversation.happens(new Input.BanRequested(at(1, 1), nowSeconds() + 60));
    conversation.connects("in", at(1, 1).withPort(999), ConnectionKind.INBOUND);
    conversation.connects("out", at(1, 1), ConnectionKind.OUTBOUND);
    conversation.connects("manual", at(1, 1), ConnectionKind.MANUAL);
    assertThat(cuts()).containsExactly("in cut BANNED", "out cut BANNED", "manual cut BANNED");

    conversation.pass(Duration.ofMinutes(1));
    conversation.connects("in", at(1, 1), ConnectionKind.INBOUND);
    assertThat(cuts()).isEmpty();
  }

  @Test
  void ban_ofSomebodyWhoIsConnected_cutsHimAndNobodyElse() {
    inbound(1, 1);
    inbound(1, 2);
    conversation.happens(new Input.BanRequested(at(1, 1).withPort(0), nowSeconds() + 60));

    assertThat(cuts()).containsExactly("1.1 cut BANNED");
  }

  @Test
  void forgive_ofABannedOrDiscouraged_letsHimInAgain() {
    conversation.happens(new Input.BanRequested(at(1, 1), nowSeconds() + 60));
    bans.discourage(at(1, 1), nowSeconds());
    conversation.happens(new Input.ForgiveRequested(at(1, 1)));
    inbound(1, 1);

    assertThat(cuts()).isEmpty();
    assertThat(bans.isDiscouraged(at(1, 1), nowSeconds())).isFalse();
  }

  @Test
  void disconnect_wantedByTheHost_isDoneOnceAndForStrangersNot() {
    PeerId bob = inbound(1, 1);
    conversation.happens(new Input.DisconnectRequested(bob));
    conversation.happens(new Input.DisconnectRequested(bob));
    conversation.happens(new Input.DisconnectRequested(new PeerId(99)));

    assertThat(cuts()).containsExactly("1.1 cut REQUESTED");
  }

  @Test
  void connect_whenAllSlotsAreTaken_takesThatOfTheLargestGroup() {
    for (int i = 1; i <= 4; i++) {
      inbound(i, 1);
      conversation.pass(Duration.ofMillis(1));
    }
    for (int host = 1; host <= 8; host++) {
      inbound(9, host);
      conversation.pass(Duration.ofMillis(1));
    }
    inbound(5, 1);

    assertThat(cuts()).containsExactly("9.8 cut EVICTED");
  }

  @Test
  void connect_ofMoreAndMore_neverHoldsMoreThanTheSlots() {
    int cut = 0;
    for (int i = 0; i < 100; i++) {
      inbound(i, 1);
      cut += cuts().size();
    }
    assertThat(cut).isEqualTo(88);
  }

  @Test
  void connect_ofADiscouragedOwner_isLetInButNotIntoTheLastSlot() {
    for (int i = 0; i < 10; i++) {
      inbound(i, 1);
    }
    bans.discourage(at(50, 1), nowSeconds());
    bans.discourage(at(51, 1), nowSeconds());
    inbound(50, 1);
    inbound(51, 1);

    assertThat(cuts()).containsExactly("51.1 cut BANNED");
  }

  @Test
  void connect_whenAllSlotsAreTaken_evictsTheDiscouragedFirst() {
    List<PeerId> peers = fill();
    bans.discourage(at(3, 1), nowSeconds());
    conversation.transcript();
    inbound(60, 1);

    assertThat(peers).hasSize(12);
    assertThat(cuts()).containsExactly("3.1 cut EVICTED");
  }

  @Test
  void connect_ofWhomWeDialledWithoutRoom_isRefused() {
    for (int i = 0; i < 7; i++) {
      conversation.connects("out" + i, at(i, 1), ConnectionKind.OUTBOUND);
    }
    assertThat(cuts()).containsExactly("out6 cut FULL");
  }

  @Test
  void settings_withSmallerLimits_cutTheSurplusAtOnce() {
    fill();
    for (int i = 20; i < 26; i++) {
      conversation.connects("out" + i, at(i, 1), ConnectionKind.OUTBOUND);
    }
    conversation.connects("blocks", at(30, 1), ConnectionKind.BLOCK_RELAY);
    conversation.transcript();
    node.setup().settings().useOwn(OperationalSettings.DEFAULT.withPeers(new PeerLimits(1, 2, 4)));
    conversation.happens(new Input.Woken());

    List<String> cuts = cuts();
    assertThat(cuts).hasSize(10 + 4 + 1);
    assertThat(cuts)
        .containsSubsequence(
            "out25 cut FULL",
            "out24 cut FULL",
            "out23 cut FULL",
            "out22 cut FULL",
            "blocks cut FULL");
  }

  @Test
  void block_thatIsKnownSentWithoutEnd_isAFlood() {
    ChainFixture chain = ChainFixture.begin();
    Block block = BlockDraft.on(chain.genesis().header(), 1).make();
    Conversation known = TestNode.on(chain, 1).converse();
    PeerId mallory = known.greets("mallory", at(1, 1), ConnectionKind.INBOUND);
    known.says(mallory, new BlockMessage(block, true));
    int affordable = MessageBudget.VAIN_BYTES_A_SECOND * MessageBudget.SECONDS_SAVED / block.size();
    for (int i = 0; i < affordable; i++) {
      known.says(mallory, new BlockMessage(block, true));
    }
    assertThat(known.transcript()).doesNotContain("FLOOD");
    for (int i = 0; i <= 2_000_000 / block.size(); i++) {
      known.says(mallory, new BlockMessage(block, true));
    }
    assertThat(known.transcript()).contains("mallory cut MISBEHAVING");
  }

  @Test
  void notfound_ofWhatNobodyAskedFor_isAFlood() {
    PeerId mallory = conversation.greets("mallory", at(1, 1), ConnectionKind.INBOUND);
    InventoryItem item = new InventoryItem(InventoryType.TRANSACTION, Hash256.ZERO);
    NotFound all = new NotFound(Collections.nCopies(InventoryItem.MAX_IN_MESSAGE, item));
    int affordable =
        MessageBudget.VAIN_BYTES_A_SECOND
            * MessageBudget.SECONDS_SAVED
            / (InventoryItem.MAX_IN_MESSAGE * InventoryItem.BYTES);
    for (int i = 0; i < affordable + 4; i++) {
      conversation.says(mallory, all);
    }
    assertThat(conversation.transcript()).contains("mallory cut MISBEHAVING");
  }
}
