package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.Pong;
import org.chaincore.sync.peer.Anchors;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.ConnectionSlots;
import org.chaincore.sync.peer.GroupingRule;
import org.chaincore.sync.peer.KnownAddress;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.NetworkGroup;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.peer.PeerMemory;
import org.chaincore.sync.peer.SeenAddress;
import org.chaincore.sync.peer.Services;
import org.chaincore.sync.peer.SlotLimits;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.PeerLimits;
import org.chaincore.sync.settings.SyncTask;
import org.junit.jupiter.api.Test;

/** Whom a node dials, when, and again. */
final class ConnectionKeeperTest {
  private static final long ALL = Services.NETWORK | Services.WITNESS;

  private final ChainFixture chain = ChainFixture.begin();
  private final PeerMemory memory = PeerMemory.of(3, GroupingRule.BY_PREFIX);
  private final TestNode node = TestNode.on(chain, 1).with(memory);
  private final List<PeerId> there = new ArrayList<>();
  private Conversation conversation = node.converse();

  ConnectionKeeperTest() {
    // What is done here is done by the keeper alone.
    OperationalSettings settings = OperationalSettings.DEFAULT;
    for (SyncTask task : SyncTask.values()) {
      settings = settings.withEnabled(task, false);
    }
    node.setup().settings().useOwn(settings);
  }

  private static NetworkAddress at(int group, int host) {
    return NetworkAddress.parse("20." + group + ".0." + host + ":8333");
  }

  private void knows(NetworkAddress address, long services) {
    long now = node.nowMillis() / 1_000;
    memory.book().add(List.of(new SeenAddress(address, services, now)), address, now);
  }

  private void knowsGroups(int from, int to) {
    for (int i = from; i <= to; i++) {
      knows(at(i, 1), ALL);
    }
  }

  private void wake() {
    conversation.happens(new Input.Woken());
  }

  private List<NetworkAddress> dialled() {
    return conversation.dialled().stream().map(Output.Connect::address).toList();
  }

  private void fail(Output.Connect connect) {
    conversation.happens(new Input.ConnectFailed(connect.address(), connect.kind()));
  }

  private PeerId answer(Output.Connect connect) {
    return conversation.greets(connect.address().toString(), connect.address(), connect.kind());
  }

  /** Lets everybody answer who is dialled, and whenever they are asked whether they are there. */
  private List<Output.Connect> letAnswer(Duration time) {
    List<Output.Connect> answered = new ArrayList<>();
    for (long second = 0; second < time.toSeconds(); second++) {
      for (Output.Connect connect : conversation.dialled()) {
        PeerId peer = answer(connect);
        answered.add(connect);
        if (connect.kind() == ConnectionKind.FEELER) {
          conversation.leaves(peer);
        } else {
          there.add(peer);
        }
      }
      there.forEach(this::answerPings);
      conversation.pass(Duration.ofSeconds(1));
    }
    return answered;
  }

  private void answerPings(PeerId peer) {
    conversation
        .heardBy(peer, Ping.class)
        .forEach(ping -> conversation.says(peer, new Pong(ping.nonce())));
  }

  private PeerStats stats() {
    return conversation.protocol().peerStats();
  }

  @Test
  void wake_withAnEmptyBook_isWantedOnceAMinuteAtMost() {
    // Alone, as the tasks of the schedule wake a node more often.
    MachineContext context = new MachineContext(node.setup());
    ConnectionKeeper keeper =
        new ConnectionKeeper(
            context,
            ConnectionSlots.of(SlotLimits.DEFAULT, GroupingRule.BY_PREFIX),
            new OwnAddresses(null));
    long end = node.nowMillis() + 3_600_000;
    keeper.followSettings(node.nowMillis());
    int wakes = 0;
    for (long at = node.nowMillis(); at <= end; at = context.timers().nextMillis()) {
      TimerTable.Due due = context.timers().takeDue(at);
      assertThat(due).isEqualTo(new TimerTable.Due(Timer.CONNECTIONS, null));
      keeper.due(at);
      wakes++;
    }
    assertThat(wakes).isBetween(60, 61);
    assertThat(context.out().take()).isEmpty();
  }

  @Test
  void pass_anHourWithAnEmptyBook_dialsNobody() {
    wake();
    conversation.pass(Duration.ofHours(1));
    assertThat(dialled()).isEmpty();
    assertThat(stats().status()).hasToString("isolated");
  }

  @Test
  void start_withoutPeers_dialsSeveralAtOnceAndOneOfAGroup() {
    knowsGroups(1, 20);
    knows(at(1, 2), ALL);
    wake();

    List<NetworkAddress> dialled = dialled();
    Set<NetworkGroup> groups = new TreeSet<>();
    dialled.forEach(address -> groups.add(GroupingRule.BY_PREFIX.groupOf(address)));
    assertThat(dialled).hasSize(DialPace.MAX_HURRIED_DIALS);
    assertThat(groups).hasSameSizeAs(dialled);
  }

  @Test
  void dials_thatAreAnswered_fillTheSlotsAndStop() {
    knowsGroups(1, 40);
    wake();
    List<Output.Connect> answered = letAnswer(Duration.ofMinutes(1));

    assertThat(answered.stream().filter(dial -> dial.kind() == ConnectionKind.OUTBOUND)).hasSize(6);
    assertThat(answered.stream().filter(dial -> dial.kind() == ConnectionKind.BLOCK_RELAY))
        .hasSize(2);
    assertThat(answered).hasSize(8);
    assertThat(stats().status()).hasToString("well-connected");
    assertThat(stats().outbound()).isEqualTo(8);
    assertThat(stats().counters().successfulConnections()).isEqualTo(8);
    assertThat(memory.anchors().addresses()).hasSize(2);
  }

  @Test
  void dials_withEnoughForTheLeast_areFewAtOnce() {
    knowsGroups(1, 40);
    wake();
    conversation.dialled().subList(0, 2).forEach(this::answer);
    conversation.pass(Duration.ofSeconds(1));
    assertThat(stats().status()).hasToString("establishing");
    conversation.others();
    for (int minute = 0; minute < 2; minute++) {
      conversation.pass(Duration.ofMinutes(1));
      assertThat(dialled().size()).isLessThanOrEqualTo(3 * DialPace.MAX_DIALS);
    }
  }

  @Test
  void start_withAnchors_dialsThemFirstForBlocksAndForgetsThem() {
    knowsGroups(1, 20);
    memory.keep(new Anchors(List.of(at(50, 1), at(51, 1))));
    wake();

    List<Output.Connect> dialled = conversation.dialled();
    assertThat(dialled.subList(0, 2))
        .containsExactly(
            new Output.Connect(at(50, 1), ConnectionKind.BLOCK_RELAY),
            new Output.Connect(at(51, 1), ConnectionKind.BLOCK_RELAY));
    assertThat(memory.anchors()).isEqualTo(Anchors.NONE);
  }

  @Test
  void anchors_ofPeersThatLeave_areKeptUntilOthersCome() {
    PeerId blocks = conversation.greets("blocks", at(1, 1), ConnectionKind.BLOCK_RELAY);
    conversation.leaves(blocks);

    assertThat(memory.anchors().addresses()).containsExactly(at(1, 1));
  }

  @Test
  void dial_thatFails_isRepeatedLaterAndLater() {
    knows(at(1, 1), ALL);
    List<PeerId> others =
        List.of(
            conversation.greets("other", at(2, 1), ConnectionKind.OUTBOUND),
            conversation.greets("another", at(3, 1), ConnectionKind.OUTBOUND));
    List<Long> atSeconds = new ArrayList<>();
    for (int second = 0; second < 3_600; second++) {
      for (Output.Connect connect : conversation.dialled()) {
        if (connect.address().equals(at(1, 1))) {
          atSeconds.add((long) second);
        }
        fail(connect);
      }
      others.forEach(this::answerPings);
      conversation.pass(Duration.ofSeconds(1));
    }
    assertThat(atSeconds.size()).isBetween(5, 80);
    for (int i = 1; i < atSeconds.size(); i++) {
      assertThat(atSeconds.get(i) - atSeconds.get(i - 1))
          .isGreaterThanOrEqualTo(DialPace.RETRY_SECONDS);
    }
    assertThat(stats().counters().failedConnections()).isEqualTo(atSeconds.size());
  }

  @Test
  void dial_thatIsNeverAnswered_countsAsFailedAndFreesItsSlot() {
    knowsGroups(1, 8);
    wake();
    assertThat(dialled()).hasSize(8);
    conversation.pass(Duration.ofMillis(Dials.TIMEOUT_MILLIS));

    assertThat(stats().counters().failedConnections()).isEqualTo(8);
    conversation.pass(Duration.ofMinutes(1));
    assertThat(dialled()).isNotEmpty();
  }

  @Test
  void dial_ofTheOnlyAddressKnown_isRepeatedAsLongAsItFails() {
    knows(at(1, 1), ALL);
    wake();
    int dials = 0;
    for (int second = 0; second < 3_600; second++) {
      List<Output.Connect> dialled = conversation.dialled();
      dials += dialled.size();
      dialled.forEach(this::fail);
      conversation.pass(Duration.ofSeconds(1));
    }
    assertThat(dials).isBetween(15, 30);
  }

  @Test
  void dials_ofNobodyWhoAnswers_becomeRare() {
    knowsGroups(1, 200);
    wake();
    int dials = 0;
    for (int second = 0; second < 3_600; second++) {
      List<Output.Connect> dialled = conversation.dialled();
      dials += second >= 1_800 ? dialled.size() : 0;
      dialled.forEach(this::fail);
      conversation.pass(Duration.ofSeconds(1));
    }
    assertThat(dials).isLessThanOrEqualTo(500);
  }

  @Test
  void dial_ofWhoOffersTooLittleOrIsBannedOrDiscouraged_isNotDone() {
    long now = node.nowMillis() / 1_000;
    knows(at(1, 1), Services.NETWORK);
    knows(at(2, 1), ALL);
    knows(at(3, 1), ALL);
    knows(at(4, 1), 0);
    memory.bans().ban(at(2, 1), now + 1_000, now);
    memory.bans().discourage(at(3, 1), now);
    wake();

    assertThat(dialled()).containsExactly(at(4, 1));
  }

  @Test
  void peer_thatTurnsOutUnsuitable_isNotDialledAgainForAnHour() {
    knows(at(1, 1), 0);
    wake();
    for (Output.Connect connect : conversation.dialled()) {
      PeerId peer =
          conversation.greets(
              "useless", connect.address(), connect.kind(), Greeting.full().withServices(0));
      conversation.leaves(peer);
    }
    conversation.pass(Duration.ofMinutes(59));
    assertThat(dialled()).isEmpty();
    conversation.pass(Duration.ofMinutes(10));
    assertThat(dialled()).isNotEmpty();
  }

  @Test
  void feelers_whenTheSlotsAreFull_goOutEveryTwoMinutesAndEndAtOnce() {
    knowsGroups(1, 40);
    wake();
    letAnswer(Duration.ofMinutes(1));
    List<Output.Connect> later = letAnswer(Duration.ofMinutes(20));

    assertThat(later).allMatch(dial -> dial.kind() == ConnectionKind.FEELER);
    assertThat(later.size()).isBetween(8, 13);
    assertThat(conversation.transcript()).contains("cut FEELER_DONE");
    assertThat(memory.book().known(later.get(0).address()).orElseThrow().isTried()).isTrue();
  }

  /** Fills all slots, and has the place of a connected peer, or of another one, contested. */
  private NetworkAddress contest(boolean isConnected) {
    knowsGroups(1, 40);
    wake();
    List<Output.Connect> answered = letAnswer(Duration.ofSeconds(20));
    long now = conversation.nowMillis() / 1_000;
    NetworkAddress holder = isConnected ? answered.get(0).address() : at(99, 1);
    memory.book().reached(holder, ALL, now - 5 * 3_600);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; memory.book().contested(random).isEmpty(); i++) {
      assertThat(i).isLessThan(500_000);
      int host = random.nextInt(0x4000_0000, 0x5000_0000);
      ByteWriter bytes = ByteWriter.create().int32(host);
      NetworkAddress other = NetworkAddress.ofIp(bytes.toBytes(), 8333);
      memory.book().reached(other, ALL, now);
    }
    assertThat(memory.book().contested(random)).contains(holder);
    return holder;
  }

  @Test
  void feeler_whenAPlaceIsContested_goesToItsHolderWhoLosesItByNotAnswering() {
    NetworkAddress holder = contest(false);
    conversation.pass(Duration.ofMillis(ConnectionKeeper.FEELER_MILLIS * 5 / 4));

    Output.Connect feeler = new Output.Connect(holder, ConnectionKind.FEELER);
    assertThat(conversation.dialled()).contains(feeler);
    fail(feeler);
    assertThat(memory.book().known(holder).map(KnownAddress::isTried).orElse(false)).isFalse();
  }

  @Test
  void feeler_whenThePlaceOfAConnectedPeerIsContested_isNotSentAndThePeerKeepsIt() {
    NetworkAddress holder = contest(true);
    conversation.pass(Duration.ofMillis(ConnectionKeeper.FEELER_MILLIS * 5 / 4));

    assertThat(dialled()).doesNotContain(holder);
    assertThat(memory.book().contested(new SplittableRandom(1))).isEmpty();
    assertThat(memory.book().known(holder).orElseThrow().isTried()).isTrue();
  }

  @Test
  void feeler_toAContestedHolderWhoIsBanned_isNotSentAndTheHolderLosesThePlace() {
    NetworkAddress holder = contest(false);
    long now = conversation.nowMillis() / 1_000;
    memory.bans().ban(holder, now + 10_000, now);
    conversation.pass(Duration.ofMillis(ConnectionKeeper.FEELER_MILLIS * 5 / 4));

    assertThat(dialled()).doesNotContain(holder);
    assertThat(memory.book().known(holder).map(KnownAddress::isTried).orElse(false)).isFalse();
  }

  @Test
  void connect_wantedByTheHost_isDoneAtOnceAndAgainWithLongerWaits() {
    conversation.happens(new Input.ConnectRequested(at(1, 1)));
    List<Long> atSeconds = new ArrayList<>();
    for (long second = 0; second < 3_600; second++) {
      for (Output.Connect connect : conversation.dialled()) {
        assertThat(connect.kind()).isEqualTo(ConnectionKind.MANUAL);
        atSeconds.add(second);
        fail(connect);
      }
      conversation.pass(Duration.ofSeconds(1));
    }
    assertThat(atSeconds).startsWith(0L, 5L, 15L, 35L, 75L, 155L, 315L, 635L, 1_235L);
  }

  @Test
  void connection_ofTheHost_thatIsLostIsMadeAgain() {
    conversation.happens(new Input.ConnectRequested(at(1, 1)));
    PeerId friend = answer(conversation.dialled().get(0));
    conversation.others();
    conversation.leaves(friend);
    conversation.pass(Duration.ofSeconds(5));

    assertThat(dialled()).containsExactly(at(1, 1));
  }

  @Test
  void connection_ofTheHost_thatTheHostEndsIsNotMadeAgain() {
    conversation.happens(new Input.ConnectRequested(at(1, 1)));
    PeerId friend = answer(conversation.dialled().get(0));
    conversation.happens(new Input.DisconnectRequested(friend));
    conversation.leaves(friend);
    conversation.others();
    conversation.pass(Duration.ofMinutes(9));
    assertThat(dialled()).isEmpty();
  }

  @Test
  void connection_ofTheHost_thatTheHostBansIsNotMadeAgain() {
    conversation.happens(new Input.ConnectRequested(at(1, 1)));
    fail(conversation.dialled().get(0));
    long until = conversation.nowMillis() / 1_000 + 60;
    conversation.happens(new Input.BanRequested(at(1, 1), until));
    conversation.happens(new Input.ConnectRequested(at(1, 1)));
    assertThat(conversation.others())
        .containsExactly(
            new Output.Emit(
                new SyncEvent.ConnectionRefused(
                    at(1, 1), DisconnectReason.of(DisconnectReason.Cause.BANNED))));
    conversation.pass(Duration.ofMinutes(10));
    assertThat(dialled()).isEmpty();
  }

  @Test
  void connects_wantedByAHostThatGoesWrong_areBounded() {
    wake();
    conversation.others();
    for (int i = 0; i < 100; i++) {
      conversation.happens(new Input.ConnectRequested(at(i, 1)));
    }
    List<Output> others = conversation.others();
    assertThat(others.stream().filter(Output.Connect.class::isInstance)).hasSize(32);
    assertThat(others.stream().filter(Output.Emit.class::isInstance)).hasSize(68);
  }

  @Test
  void connect_wantedTwice_isDoneOnce() {
    conversation.happens(new Input.ConnectRequested(at(1, 1)));
    conversation.happens(new Input.ConnectRequested(at(1, 1)));
    assertThat(dialled()).containsExactly(at(1, 1));
  }

  @Test
  void address_whereTheNodeMeetsItself_isDialledOnceOnly() {
    conversation.happens(new Input.ConnectRequested(at(1, 1)));
    PeerId self = conversation.connects("self", at(1, 1), ConnectionKind.MANUAL);
    long nonce =
        conversation.heardBy(self, org.chaincore.sync.message.Version.class).get(0).nonce();
    conversation.says(self, Greeting.full().version(0, nonce));
    conversation.leaves(self);
    conversation.others();
    conversation.pass(Duration.ofMinutes(10));
    assertThat(dialled()).isEmpty();

    conversation.happens(new Input.ConnectRequested(at(1, 1)));
    assertThat(conversation.transcript()).contains("ConnectionRefused");
  }

  @Test
  void settings_withLargerLimits_areDialledForAtOnce() {
    conversation = node.converse();
    node.setup().settings().useOwn(OperationalSettings.DEFAULT.withPeers(new PeerLimits(1, 1, 1)));
    knowsGroups(1, 40);
    wake();
    assertThat(letAnswer(Duration.ofMinutes(1))).hasSize(1);

    node.setup()
        .settings()
        .useOwn(OperationalSettings.DEFAULT.withPeers(new PeerLimits(3, 10, 20)));
    conversation.others();
    wake();
    assertThat(dialled()).hasSize(8);
  }

  @Test
  void status_withTheFirstPeer_isUnderConnected() {
    conversation.greets("bob", ConnectionKind.INBOUND);
    assertThat(stats().status()).hasToString("under-connected");
    assertThat(stats().inbound()).isEqualTo(1);
    assertThat(stats().connected()).isEqualTo(1);
  }

  @Test
  void peer_thatFallsSilent_isCountedAsATimeout() {
    conversation.greets("bob", ConnectionKind.INBOUND);
    PeerId bob = new PeerId(1);
    conversation.pass(Duration.ofMinutes(3));
    conversation.leaves(bob);
    assertThat(stats().counters().peerTimeouts()).isEqualTo(1);
  }
}
