package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.chaincore.core.fixture.ChainFixture.Fork;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.NodeSignature;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.message.GetStatistics;
import org.chaincore.sync.message.StatisticsMessage;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.settings.TaskCounters;
import org.chaincore.sync.statistics.ChainFigures;
import org.chaincore.sync.statistics.NetworkId;
import org.chaincore.sync.statistics.NetworkStatistics;
import org.chaincore.sync.statistics.NodeFigures;
import org.chaincore.sync.statistics.Observation;
import org.chaincore.sync.statistics.SetSummary;
import org.chaincore.sync.statistics.SignedObservation;
import org.chaincore.sync.statistics.StatisticsRequest;
import org.chaincore.sync.statistics.StatisticsUpdate;
import org.chaincore.sync.statistics.Wish;
import org.junit.jupiter.api.Test;

/** A node that exchanges statistics with peers that a test plays. */
final class StatisticsExchangeTest {
  private static final long RECEIPT = 7;
  private static final Input WISH = new Input.TaskRequested(SyncTask.STATISTICS, RECEIPT);

  private final TestNode node = TestNode.begin();
  private final Conversation conversation = node.converse();
  private final NetworkId network = NetworkId.of(node.chain().engine().params());

  private PeerId greets(String name) {
    return conversation.greets(name, ConnectionKind.INBOUND);
  }

  /** The transcript, but of nothing else than this machine. */
  private String said() {
    return conversation
        .transcript()
        .lines()
        .filter(line -> line.matches(".*(netstats| cut |TaskFinished|PeerMisbehaved).*"))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private GetStatistics asked(PeerId peer) {
    List<GetStatistics> requests = conversation.heardBy(peer, GetStatistics.class);
    assertThat(requests).hasSize(1);
    return requests.get(0);
  }

  private static NodeKey key(int number) {
    byte[] seed = new byte[NodeKey.SEED_BYTES];
    Arrays.fill(seed, (byte) (100 + number));
    return NodeKey.ofSeed(seed);
  }

  private SignedObservation of(int number, long epoch) {
    ChainFigures chain = new ChainFigures(40 + number, 1, 0x207fffff, 9_000, 1);
    NodeFigures figures = new NodeFigures(3, 0, 5, 0, "played");
    Observation observation = new Observation(epoch, 900, chain, figures);
    return SignedObservation.sign(key(number), network, observation, Signatures.ed25519());
  }

  private static StatisticsMessage answer(GetStatistics asked, SignedObservation... observations) {
    StatisticsRequest request = asked.request();
    return new StatisticsMessage(
        new StatisticsUpdate(
            new StatisticsUpdate.Exchange(request.epoch(), request.nonce(), 0),
            new Wish(20, Wish.ANY, 0),
            Bytes.of((byte) 1),
            observations.length == 0 ? StatisticsUpdate.NONE : 0,
            List.of(observations)));
  }

  private GetStatistics request(long nonce) {
    long epoch = conversation.nowMillis() / 1_000 / 1_800;
    return new GetStatistics(
        new StatisticsRequest(
            epoch, nonce, new Wish(20, Wish.ANY, 0), new SetSummary(0, Bytes.EMPTY)));
  }

  private List<Misbehaviour> faults() {
    return events(SyncEvent.PeerMisbehaved.class).stream()
        .map(SyncEvent.PeerMisbehaved::misbehaviour)
        .toList();
  }

  private <E extends SyncEvent> List<E> events(Class<E> kind) {
    return conversation.others().stream()
        .filter(Output.Emit.class::isInstance)
        .map(output -> ((Output.Emit) output).event())
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  private TaskCounters counters() {
    return Objects.requireNonNull(conversation.protocol().tasks().get(SyncTask.STATISTICS));
  }

  private NetworkStatistics statistics() {
    return conversation.protocol().networkStatistics().orElseThrow();
  }

  @Test
  void exchange_thatTheHostWants_asksAndTellsAndEnds() {
    PeerId alice = greets("alice");
    conversation.transcript();
    conversation.happens(WISH);
    GetStatistics asked = asked(alice);
    conversation.pass(Duration.ofMillis(250));
    conversation.says(alice, answer(asked, of(1, asked.request().epoch())));

    assertThat(said())
        .isEqualTo(
            """
                 0.000 alice < getnetstats
                 0.250 alice > netstats 1
                 0.250 alice < netstats 1
                 0.250 . TaskFinished
            """);
    assertThat(events(SyncEvent.TaskFinished.class))
        .singleElement()
        .satisfies(
            done -> {
              assertThat(done.receipt()).isEqualTo(RECEIPT);
              assertThat(done.figures().peersAsked()).isOne();
              assertThat(done.figures().offered()).isOne();
              assertThat(done.figures().wanted()).isOne();
              assertThat(done.figures().received()).isOne();
              assertThat(done.figures().bytes()).isBetween(300L, 500L);
            });
    assertThat(counters().successes()).isOne();
    assertThat(statistics().nodes().total()).isEqualTo(2);
    assertThat(statistics().nodes().sources()).isEqualTo(new NetworkStatistics.Sources(1, 1, 0));
    assertThat(statistics().chainLength().max()).isEqualTo(41);
  }

  @Test
  void schedule_ofAMinute_asksAgainAndAgain() {
    PeerId alice = greets("alice");
    for (int step = 0; step < 12 * 12; step++) {
      conversation.pass(Duration.ofSeconds(5));
      conversation
          .heardBy(alice, GetStatistics.class)
          .forEach(asked -> conversation.says(alice, answer(asked)));
    }

    assertThat(counters().attempts()).isBetween(10L, 14L);
    assertThat(counters().successes()).isGreaterThanOrEqualTo(counters().attempts() - 1);
  }

  @Test
  void exchange_withNobodyWhoCan_tellsOfThisNodeAlone() {
    conversation.greets("bob", ConnectionKind.INBOUND, Greeting.plain());
    conversation.greets(
        "carol", ConnectionKind.INBOUND, Greeting.full(EnumSet.of(Extension.MEMPOOL_SYNC)));
    assertThat(conversation.protocol().networkStatistics()).isEmpty();
    conversation.transcript();
    conversation.happens(new Input.OwnHashRate(5_000));
    conversation.happens(WISH);

    assertThat(said()).isEqualTo("     0.000 . TaskFinished\n");
    assertThat(counters().successes()).isOne();
    assertThat(statistics().nodes().total()).isOne();
    assertThat(statistics().peers().max()).isEqualTo(2);
    assertThat(statistics().mining().miningNodes()).isOne();
  }

  @Test
  void exchange_withoutAnAnswer_failsAfterTenSeconds() {
    greets("alice");
    conversation.transcript();
    conversation.happens(WISH);
    conversation.pass(Duration.ofSeconds(20));

    assertThat(said())
        .isEqualTo(
            """
                 0.000 alice < getnetstats
                10.000 . TaskFinished
            """);
    assertThat(counters().failures()).isOne();
    assertThat(events(SyncEvent.TaskFinished.class).get(0).figures().peersAsked()).isOne();
  }

  @Test
  void exchange_whosePeerLeaves_failsAtOnce() {
    PeerId alice = greets("alice");
    conversation.happens(WISH);
    conversation.leaves(alice);

    assertThat(counters().failures()).isOne();
    assertThat(events(SyncEvent.TaskFinished.class)).hasSize(1);
  }

  @Test
  void exchange_wantedAgainAtOnce_isNotMadeAgain() {
    PeerId alice = greets("alice");
    conversation.happens(WISH);
    conversation.says(alice, answer(asked(alice)));
    conversation.pass(Duration.ofSeconds(2));
    conversation.others();
    conversation.happens(WISH);

    assertThat(conversation.heardBy(alice, GetStatistics.class)).isEmpty();
    assertThat(events(SyncEvent.TaskFinished.class))
        .extracting(SyncEvent.TaskFinished::figures)
        .containsExactly(TaskFigures.NONE);
  }

  @Test
  void exchange_wantedWhileOneIsUnderWay_isTheSame() {
    PeerId alice = greets("alice");
    conversation.happens(WISH);
    conversation.pass(Duration.ofSeconds(2));
    conversation.happens(new Input.TaskRequested(SyncTask.STATISTICS, 8));
    conversation.says(alice, answer(asked(alice)));

    assertThat(events(SyncEvent.TaskFinished.class))
        .extracting(SyncEvent.TaskFinished::receipt)
        .containsExactly(7L, 8L);
  }

  @Test
  void request_ofAPeer_isAnsweredFromTheFirstRoundOn() {
    PeerId alice = greets("alice");
    conversation.says(alice, request(1));
    assertThat(conversation.heardBy(alice, StatisticsMessage.class)).isEmpty();

    conversation.happens(WISH);
    conversation.says(alice, request(2));
    assertThat(conversation.heardBy(alice, StatisticsMessage.class))
        .singleElement()
        .satisfies(
            message -> {
              SignedObservation own = message.update().observations().get(0);
              assertThat(own.node()).isEqualTo(node.setup().self().key().id());
              assertThat(own.isValid(network, Signatures.ed25519())).isTrue();
              assertThat(own.observation().node().software()).isEqualTo("chaincore:test");
              assertThat(own.observation().node().features()).isEqualTo(0b1111);
              assertThat(own.observation().node().peers()).isOne();
            });
  }

  @Test
  void request_moreOftenThanAnyoneNeeds_isAFlood() {
    PeerId alice = greets("alice");
    conversation.happens(WISH);
    for (int i = 0; i <= StatisticsExchange.REQUESTS_AT_ONCE; i++) {
      conversation.says(alice, request(i));
    }

    assertThat(conversation.heardBy(alice, StatisticsMessage.class)).hasSizeLessThanOrEqualTo(2);
    assertThat(faults()).containsExactly(Misbehaviour.FLOOD);
  }

  @Test
  void message_ofAPeerWithoutTheExtension_isAFault() {
    PeerId bob = conversation.greets("bob", ConnectionKind.INBOUND, Greeting.plain());
    conversation.says(bob, request(1));
    conversation.says(bob, answer(request(2)));

    assertThat(faults())
        .containsExactly(Misbehaviour.UNNEGOTIATED_MESSAGE, Misbehaviour.UNNEGOTIATED_MESSAGE);
    assertThat(conversation.heardBy(bob, StatisticsMessage.class)).isEmpty();
  }

  @Test
  void update_thatNobodyAskedFor_isAFault() {
    PeerId alice = greets("alice");
    conversation.happens(WISH);
    conversation.says(alice, answer(request(99)));

    assertThat(faults()).containsExactly(Misbehaviour.UNREQUESTED_ANSWER);
    assertThat(counters().isRunning()).isTrue();
  }

  @Test
  void answer_withAForgedObservation_isAFaultAndTellsNothing() {
    PeerId alice = greets("alice");
    conversation.happens(WISH);
    GetStatistics asked = asked(alice);
    SignedObservation good = of(1, asked.request().epoch());
    SignedObservation forged =
        new SignedObservation(
            key(2).id(),
            good.observation(),
            new NodeSignature(Bytes.of(new byte[NodeSignature.BYTES])));
    conversation.says(alice, answer(asked, good, forged));

    assertThat(faults()).containsExactly(Misbehaviour.BAD_OBSERVATION);
    assertThat(statistics().nodes().total()).isOne();
    assertThat(counters().failures()).isOne();
  }

  @Test
  void answer_afterItWasGivenUp_isStillHeard() {
    PeerId alice = greets("alice");
    conversation.happens(WISH);
    GetStatistics asked = asked(alice);
    conversation.pass(Duration.ofSeconds(15));
    conversation.says(alice, answer(asked, of(1, asked.request().epoch())));

    assertThat(faults()).isEmpty();
    assertThat(statistics().nodes().total()).isEqualTo(2);
    assertThat(counters().failures()).isOne();
  }

  @Test
  void ownFigures_afterALongRunOfBlocks_tellTheMeanTimeOfTheLast() {
    assertThat(OwnFigures.chain(node.chain().engine()).blockMillis()).isZero();
    node.chain().mine(1);
    assertThat(OwnFigures.chain(node.chain().engine()).blockMillis()).isZero();
    node.chain().mine(199);

    ChainFigures figures = OwnFigures.chain(node.chain().engine());
    long last = node.chain().tip().header().time();
    long first =
        node.chain()
            .engine()
            .view()
            .at(200 - OwnFigures.BLOCK_TIME_GAPS)
            .orElseThrow()
            .header()
            .time();

    assertThat(figures.height()).isEqualTo(200);
    assertThat(figures.tip()).isEqualTo(ChainFigures.tipOf(node.chain().tip().hash()));
    assertThat(figures.blockMillis())
        .isEqualTo((last - first) * 1_000 / OwnFigures.BLOCK_TIME_GAPS)
        .isPositive();
  }

  @Test
  void ownFigures_afterForks_tellHowManyAreKnownUpToTheMost() {
    node.chain().mine(2);
    assertThat(OwnFigures.chain(node.chain().engine()).forks()).isZero();
    Fork fork = node.chain().fork(2, 1);
    node.chain().deliver(fork.left());
    node.chain().deliver(fork.right());
    assertThat(OwnFigures.chain(node.chain().engine()).forks()).isOne();

    for (int i = 0; i < ChainFigures.MOST_FORKS; i++) {
      node.chain().deliver(node.chain().branch(fork.left().get(0), 1));
    }
    assertThat(OwnFigures.chain(node.chain().engine()).forks()).isEqualTo(ChainFigures.MOST_FORKS);
    node.chain().mine(ChainFigures.FORK_WINDOW_BLOCKS);
    assertThat(OwnFigures.chain(node.chain().engine()).forks()).isZero();
  }
}
