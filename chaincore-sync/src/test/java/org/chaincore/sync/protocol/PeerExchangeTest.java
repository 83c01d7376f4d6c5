package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.Addresses;
import org.chaincore.sync.message.AddressesV2;
import org.chaincore.sync.message.GetAddresses;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.Pong;
import org.chaincore.sync.message.TimestampedAddress;
import org.chaincore.sync.peer.AddressBook;
import org.chaincore.sync.peer.AddressNetwork;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.GroupingRule;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.peer.PeerMemory;
import org.chaincore.sync.peer.SeenAddress;
import org.chaincore.sync.peer.Services;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SyncTask;
import org.junit.jupiter.api.Test;

/** What is asked, answered and passed on of addresses. */
final class PeerExchangeTest {
  private static final long ALL = Services.NETWORK | Services.WITNESS;
  private static final NetworkAddress OURS = NetworkAddress.parse("30.1.0.1:8333");
  private static final NetworkAddress ONION =
      new NetworkAddress(AddressNetwork.TOR_V3, Bytes.of(new byte[32]), 8333);

  private static final long MEMORY_SEED = 3;

  private final PeerMemory memory = PeerMemory.of(MEMORY_SEED, GroupingRule.BY_PREFIX);
  private final TestNode node = TestNode.on(ChainFixture.begin(), 1).with(memory);
  private Conversation conversation = node.converse();

  PeerExchangeTest() {
    // What is discovered here is discovered by hand.
    OperationalSettings settings = OperationalSettings.DEFAULT;
    for (SyncTask task : SyncTask.values()) {
      settings = settings.withEnabled(task, false);
    }
    node.setup().settings().useOwn(settings);
  }

  private static NetworkAddress at(int group, int host) {
    return NetworkAddress.parse("20." + group + ".0." + host + ":8333");
  }

  private long nowSeconds() {
    return conversation.nowMillis() / 1_000;
  }

  private TimestampedAddress told(NetworkAddress address) {
    return new TimestampedAddress(nowSeconds(), ALL, address);
  }

  private void knows(NetworkAddress address) {
    memory.book().add(List.of(new SeenAddress(address, ALL, nowSeconds())), address, nowSeconds());
  }

  private PeerId greets(String name, int group, ConnectionKind kind) {
    return conversation.greets(name, at(group, 1), kind);
  }

  private List<NetworkAddress> toldTo(PeerId peer) {
    List<NetworkAddress> told = new ArrayList<>();
    for (Message message : conversation.heardBy(peer)) {
      if (message instanceof AddressesV2 news) {
        news.addresses().forEach(one -> told.add(one.address()));
      } else if (message instanceof Addresses news) {
        news.addresses().forEach(one -> told.add(one.address()));
      } else if (message instanceof Ping ping) {
        conversation.says(peer, new Pong(ping.nonce()));
      }
    }
    return told;
  }

  private boolean isAsked(PeerId peer) {
    return !conversation.heardBy(peer, GetAddresses.class).isEmpty();
  }

  private void reachableAt(NetworkAddress address) {
    conversation = node.with(node.setup().self().at(address)).converse();
  }

  @Test
  void greeting_ofPeersOfAllKinds_isFollowedByAQuestionToThoseThatWeDialled() {
    assertThat(isAsked(greets("in", 1, ConnectionKind.INBOUND))).isFalse();
    assertThat(isAsked(greets("out", 2, ConnectionKind.OUTBOUND))).isTrue();
    assertThat(isAsked(greets("manual", 3, ConnectionKind.MANUAL))).isTrue();
    assertThat(isAsked(greets("blocks", 4, ConnectionKind.BLOCK_RELAY))).isFalse();
    assertThat(isAsked(greets("feeler", 5, ConnectionKind.FEELER))).isFalse();
  }

  @Test
  void getaddr_ofWhoDialledUs_isAnsweredOnceByWhatIsWelcome() {
    IntStream.range(1, 11).forEach(group -> knows(at(group, 1)));
    knows(ONION);
    memory.bans().ban(at(1, 1), nowSeconds() + 100, nowSeconds());
    memory.bans().discourage(at(2, 1), nowSeconds());
    PeerId bob = greets("bob", 50, ConnectionKind.INBOUND);
    conversation.says(bob, new GetAddresses());
    assertThat(toldTo(bob)).hasSize(9).contains(at(3, 1), ONION);

    conversation.says(bob, new GetAddresses());
    assertThat(toldTo(bob)).isEmpty();
  }

  @Test
  void getaddr_ofWhoKnowsOnlyTheOldForm_isAnsweredInIt() {
    knows(at(1, 1));
    knows(ONION);
    PeerId bob = conversation.greets("bob", at(50, 1), ConnectionKind.INBOUND, Greeting.plain());
    conversation.says(bob, new GetAddresses());
    List<Addresses> answers = conversation.heardBy(bob, Addresses.class);
    assertThat(answers).hasSize(1);
    assertThat(answers.get(0).addresses())
        .extracting(TimestampedAddress::address)
        .containsExactly(at(1, 1));
  }

  @Test
  void getaddr_fromASmallBook_isAnsweredAgainWhenTheAnswerHasChanged() {
    knows(at(1, 1));
    PeerId bob = greets("bob", 50, ConnectionKind.INBOUND);
    conversation.says(bob, new GetAddresses());
    knows(at(2, 1));
    conversation.says(bob, new GetAddresses());
    assertThat(toldTo(bob)).containsExactly(at(1, 1));

    conversation.pass(Duration.ofSeconds(PeerExchange.SMALL_BOOK_SECONDS * 2));
    conversation.says(bob, new GetAddresses());
    assertThat(toldTo(bob)).containsExactlyInAnyOrder(at(1, 1), at(2, 1));
  }

  @Test
  void getaddr_fromALargeBook_isAnsweredTheSameForADay() {
    for (int group = 0; group < 256; group++) {
      knows(at(group, 1));
      knows(at(group, 2));
    }
    PeerId bob = greets("bob", 50, ConnectionKind.INBOUND);
    PeerId carol = greets("carol", 51, ConnectionKind.INBOUND);
    conversation.says(bob, new GetAddresses());
    List<NetworkAddress> first = toldTo(bob);
    conversation.pass(Duration.ofMinutes(2));
    toldTo(carol);
    conversation.says(carol, new GetAddresses());

    assertThat(first.size()).isBetween(100, 130);
    assertThat(toldTo(carol)).isEqualTo(first);
  }

  @Test
  void getaddr_ofWhomWeDialled_isNotAnswered() {
    knows(at(1, 1));
    PeerId bob = greets("bob", 50, ConnectionKind.OUTBOUND);
    conversation.says(bob, new GetAddresses());
    assertThat(toldTo(bob)).isEmpty();
  }

  @Test
  void addresses_ofAnAnswer_areAllTakenAndNotPassedOn() {
    PeerId bob = greets("bob", 50, ConnectionKind.OUTBOUND);
    PeerId carol = greets("carol", 51, ConnectionKind.OUTBOUND);
    conversation.says(
        bob, new AddressesV2(IntStream.range(0, 9).mapToObj(i -> told(at(i, 1))).toList()));
    conversation.pass(Duration.ofMinutes(2));

    assertThat(memory.book().size()).isEqualTo(2 + 9);
    assertThat(toldTo(carol)).isEmpty();
  }

  /**
   * Those of so many addresses of which none keeps another out of the book: else how many are kept
   * would depend on which of them are chosen.
   */
  private List<NetworkAddress> withPlacesOfTheirOwn(int candidates, NetworkAddress source) {
    AddressBook book = PeerMemory.of(MEMORY_SEED, GroupingRule.BY_PREFIX).book();
    List<NetworkAddress> placed = new ArrayList<>();
    for (int i = 0; i < candidates; i++) {
      NetworkAddress address = at(i / 2, i % 2);
      SeenAddress seen = new SeenAddress(address, ALL, nowSeconds());
      if (book.add(List.of(seen), source, nowSeconds()) > 0) {
        placed.add(address);
      }
    }
    return placed;
  }

  @Test
  void addresses_thatNobodyAskedFor_areTakenAtTheirRateOnly() {
    PeerId bob = greets("bob", 50, ConnectionKind.INBOUND);
    List<NetworkAddress> placed = withPlacesOfTheirOwn(400, at(50, 1));
    List<NetworkAddress> first = placed.subList(0, 150);
    List<NetworkAddress> second = placed.subList(150, 300);
    conversation.says(bob, new AddressesV2(first.stream().map(this::told).toList()));
    assertThat(memory.book().size()).isEqualTo(1);

    conversation.pass(Duration.ofSeconds(100));
    conversation.says(bob, new AddressesV2(second.stream().map(this::told).toList()));
    assertThat(memory.book().size()).isEqualTo(11);
  }

  @Test
  void addresses_thatAreOursOrUnwelcome_areNotKept() {
    reachableAt(OURS);
    memory.bans().ban(at(1, 1), nowSeconds() + 100, nowSeconds());
    memory.bans().discourage(at(2, 1), nowSeconds());
    PeerId bob = greets("bob", 50, ConnectionKind.OUTBOUND);
    conversation.says(bob, new AddressesV2(List.of(told(OURS), told(at(1, 1)), told(at(2, 1)))));

    assertThat(memory.book().size()).isEqualTo(1);
  }

  @Test
  void addresses_onAConnectionForBlocks_areNotListenedTo() {
    PeerId blocks = greets("blocks", 50, ConnectionKind.BLOCK_RELAY);
    conversation.says(blocks, new AddressesV2(List.of(told(at(1, 1)))));
    assertThat(memory.book().known(at(1, 1))).isEmpty();
  }

  @Test
  void addresses_newToUs_areDialledForIfPeersAreWanted() {
    PeerId bob = greets("bob", 50, ConnectionKind.OUTBOUND);
    conversation.others();
    conversation.says(bob, new AddressesV2(List.of(told(at(1, 1)))));
    conversation.pass(Duration.ofSeconds(1));
    assertThat(conversation.dialled())
        .containsExactly(new Output.Connect(at(1, 1), ConnectionKind.OUTBOUND));
  }

  private List<PeerId> newsBesides(TimestampedAddress news) {
    PeerId source = greets("source", 90, ConnectionKind.INBOUND);
    List<PeerId> others = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      others.add(greets("out" + i, 60 + i, ConnectionKind.OUTBOUND));
    }
    others.forEach(conversation::heardBy);
    conversation.says(source, new AddressesV2(List.of(news)));
    conversation.pass(Duration.ofMillis(PeerExchange.MAX_GATHER_MILLIS));
    List<PeerId> told = new ArrayList<>();
    for (PeerId other : others) {
      if (toldTo(other).contains(news.address())) {
        told.add(other);
      }
    }
    assertThat(toldTo(source)).isEmpty();
    return told;
  }

  @Test
  void news_ofAnAddressSeenJustNow_goToTwoPeersAndNotTwice() {
    assertThat(newsBesides(told(at(1, 1)))).hasSize(2);

    PeerId again = greets("again", 91, ConnectionKind.INBOUND);
    conversation.says(again, new AddressesV2(List.of(told(at(1, 1)))));
    conversation.pass(Duration.ofMillis(PeerExchange.MAX_GATHER_MILLIS));
    assertThat(conversation.transcript().lines().filter(line -> line.contains("< addrv2")))
        .hasSize(2);
  }

  @Test
  void news_ofAnOverlay_goToOnePeer() {
    assertThat(newsBesides(told(ONION))).hasSize(1);
  }

  @Test
  void news_thatAreOld_goNowhere() {
    long old = nowSeconds() - AddressRelay.FRESH_SECONDS - 1;
    assertThat(newsBesides(new TimestampedAddress(old, ALL, at(1, 1)))).isEmpty();
  }

  @Test
  void news_ofWhereNobodyCanBe_goNowhere() {
    assertThat(newsBesides(told(NetworkAddress.parse("127.0.0.1:8333")))).isEmpty();
  }

  @Test
  void news_toWhoDialledUs_goOnlyToThoseWhoSpokeOfAddresses() {
    PeerId source = greets("source", 90, ConnectionKind.INBOUND);
    PeerId silent = greets("silent", 91, ConnectionKind.INBOUND);
    PeerId asker = greets("asker", 92, ConnectionKind.INBOUND);
    conversation.says(asker, new GetAddresses());
    conversation.says(source, new AddressesV2(List.of(told(at(1, 1)))));
    conversation.pass(Duration.ofMillis(PeerExchange.MAX_GATHER_MILLIS));

    assertThat(toldTo(silent)).isEmpty();
    assertThat(toldTo(asker)).containsExactly(at(1, 1));
  }

  @Test
  void ourAddress_isToldToWhomWeDialAtOnceAndToAllOnceADay() {
    reachableAt(OURS);
    PeerId out = greets("out", 50, ConnectionKind.OUTBOUND);
    PeerId in = greets("in", 51, ConnectionKind.INBOUND);
    PeerId blocks = greets("blocks", 52, ConnectionKind.BLOCK_RELAY);
    assertThat(toldTo(out)).containsExactly(OURS);

    List<NetworkAddress> toOut = new ArrayList<>();
    List<NetworkAddress> toIn = new ArrayList<>();
    List<NetworkAddress> toBlocks = new ArrayList<>();
    for (int minute = 0; minute < 31 * 60; minute++) {
      conversation.pass(Duration.ofMinutes(1));
      toOut.addAll(toldTo(out));
      toIn.addAll(toldTo(in));
      toBlocks.addAll(toldTo(blocks));
    }
    assertThat(toIn).containsExactly(OURS);
    assertThat(toOut.size()).isBetween(0, 1);
    assertThat(toBlocks).isEmpty();
  }

  /** The schedule's own runs would ask peers, and end the runs of the host, in between. */
  private void onlyByHand() {
    conversation.happens(
        new Input.OwnSettings(OperationalSettings.DEFAULT.withEnabled(SyncTask.DISCOVERY, false)));
  }

  @Test
  void discovery_asksTwoPeersAndEndsWithTheirAnswers() {
    onlyByHand();
    PeerId a = greets("a", 50, ConnectionKind.OUTBOUND);
    PeerId b = greets("b", 51, ConnectionKind.OUTBOUND);
    greets("c", 52, ConnectionKind.OUTBOUND);
    conversation.pass(Duration.ofSeconds(60));
    conversation.transcript();
    conversation.others();
    conversation.happens(new Input.TaskRequested(SyncTask.DISCOVERY, 7));
    conversation.says(a, new AddressesV2(List.of(told(at(1, 1)))), 48);
    conversation.says(b, new AddressesV2(List.of(told(at(1, 1)), told(at(2, 1)))), 70);

    assertThat(conversation.transcript())
        .startsWith(
            """
                60.000 * TaskRequested
                60.000 a < getaddr
                60.000 b < getaddr
                60.000 a > addrv2
                60.000 b > addrv2
                60.000 . TaskFinished
            """);
    assertThat(conversation.others())
        .contains(
            new Output.Emit(
                new SyncEvent.TaskFinished(
                    SyncTask.DISCOVERY,
                    7,
                    new TaskFigures(2, 0, 3, 2, 1, 24 + 24 + 48 + 70),
                    true)));
    assertThat(conversation.protocol().peerStats().counters().discoveryAttempts()).isEqualTo(1);
  }

  private List<TaskFigures> finished() {
    return conversation.others().stream()
        .filter(Output.Emit.class::isInstance)
        .map(output -> ((Output.Emit) output).event())
        .filter(SyncEvent.TaskFinished.class::isInstance)
        .map(event -> ((SyncEvent.TaskFinished) event).figures())
        .toList();
  }

  @Test
  void discovery_withoutAnyPeer_endsAtOnce() {
    conversation.happens(new Input.TaskRequested(SyncTask.DISCOVERY, 7));
    assertThat(finished()).containsExactly(TaskFigures.NONE);
  }

  @Test
  void discovery_thatIsNotAnswered_endsAfterAWhileOrWithThePeerOrWithTheNext() {
    onlyByHand();
    PeerId a = greets("a", 50, ConnectionKind.OUTBOUND);
    TaskFigures nothing = new TaskFigures(1, 0, 0, 0, 0, 24);
    conversation.others();
    conversation.happens(new Input.TaskRequested(SyncTask.DISCOVERY, 7));
    assertThat(finished()).isEmpty();
    conversation.pass(Duration.ofMillis(PeerExchange.ROUND_MILLIS));
    assertThat(finished()).containsExactly(nothing);

    conversation.happens(new Input.TaskRequested(SyncTask.DISCOVERY, 8));
    conversation.happens(new Input.TaskRequested(SyncTask.DISCOVERY, 9));
    assertThat(finished()).isEmpty();
    // A second lies between two runs by hand.
    conversation.pass(Duration.ofSeconds(1));
    assertThat(finished()).containsExactly(nothing);
    conversation.leaves(a);
    assertThat(finished()).containsExactly(nothing);
  }

  @Test
  void discovery_looksForPeersAtOnce() {
    knows(at(1, 1));
    conversation.happens(new Input.TaskRequested(SyncTask.DISCOVERY, 7));
    assertThat(conversation.dialled())
        .containsExactly(new Output.Connect(at(1, 1), ConnectionKind.OUTBOUND));
  }
}
