package org.chaincore.sync.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.identity.NodeSignature;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.statistics.GossipOutcome.Refusal;
import org.chaincore.sync.statistics.StatisticsGossip.Asking;
import org.chaincore.sync.statistics.StatisticsUpdate.Exchange;
import org.junit.jupiter.api.Test;

final class StatisticsGossipTest {
  private static final long START = Epoch.startSeconds(Nodes.EPOCH);
  private static final PeerId LEFT = new PeerId(1);
  private static final PeerId RIGHT = new PeerId(2);
  private static final Wish ANYTHING = new Wish(20, Wish.ANY, 0);

  private final StatisticsGossip left = gossip(1);
  private final StatisticsGossip right = gossip(2);

  private static StatisticsGossip gossip(int number) {
    return new StatisticsGossip(
        Nodes.key(number), Nodes.NETWORK, Nodes.SIGNATURES, GossipSettings.DEFAULT, number);
  }

  private void connect() {
    left.connected(RIGHT, Bytes.of((byte) 2));
    right.connected(LEFT, Bytes.of((byte) 1));
  }

  private static Asking round(StatisticsGossip gossip, int second) {
    return gossip.round(START + second, Nodes.SALT, Nodes.CHAIN, Nodes.NODE).orElseThrow();
  }

  private static void alone(StatisticsGossip gossip, int second) {
    gossip.round(START + second, Nodes.SALT, Nodes.CHAIN, Nodes.NODE);
  }

  private void exchange(int second) {
    Asking asking = round(left, second);
    right
        .receive(LEFT, asking.request())
        .answer()
        .flatMap(update -> left.receive(RIGHT, update).answer())
        .ifPresent(update -> right.receive(LEFT, update));
  }

  private static NetworkStatistics statistics(StatisticsGossip gossip) {
    return gossip.statistics().orElseThrow();
  }

  private static StatisticsUpdate update(
      long nonce, int own, List<SignedObservation> observations) {
    Exchange exchange = new Exchange(Nodes.EPOCH, nonce, 0);
    return new StatisticsUpdate(exchange, new Wish(0, 0, 0), Bytes.EMPTY, own, observations);
  }

  private static Refusal refusal(GossipOutcome outcome) {
    assertThat(outcome.answer()).isEmpty();
    return outcome.refusal().orElseThrow();
  }

  private static List<SignedObservation> nodes(int from, int to) {
    List<SignedObservation> signed = new ArrayList<>();
    for (int i = from; i < to; i++) {
      signed.add(Nodes.signed(i, 0));
    }
    return signed;
  }

  @Test
  void statistics_beforeTheFirstRound_areNone() {
    assertThat(left.statistics()).isEmpty();
  }

  @Test
  void round_withoutPeers_speaksToItselfOnly() {
    alone(left, 0);

    assertThat(statistics(left).nodes().total()).isEqualTo(1);
    assertThat(statistics(left).nodes().sources())
        .isEqualTo(new NetworkStatistics.Sources(1, 0, 0));
  }

  @Test
  void round_saltOfAnotherEpoch_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> left.round(START - 1, Nodes.SALT, Nodes.CHAIN, Nodes.NODE));
  }

  @Test
  void exchange_ofTwoNodes_bothKnowEachOtherAtFirstHand() {
    connect();
    alone(right, 0);
    exchange(0);

    assertThat(statistics(left).nodes().sources())
        .isEqualTo(new NetworkStatistics.Sources(1, 1, 0));
    assertThat(statistics(right).nodes().sources())
        .isEqualTo(new NetworkStatistics.Sources(1, 1, 0));
  }

  @Test
  void exchange_lateInTheEpoch_replacesWhatWasSaid() {
    connect();
    alone(right, 0);
    exchange(0);
    for (int second = 60; second <= 900; second += 60) {
      alone(right, second);
      exchange(second);
    }

    assertThat(statistics(left).nodes().total()).isEqualTo(2);
    assertThat(statistics(right).asOfSeconds()).isGreaterThan(START + 600);
  }

  @Test
  void round_nextEpoch_showsTheOneBeforeUntilItHasSettled() {
    connect();
    alone(right, 0);
    exchange(0);
    right.disconnected(LEFT);
    left.disconnected(RIGHT);
    EpochSalt next = EpochSalt.of(Nodes.NETWORK, Nodes.EPOCH + 1, Hash256.ZERO);
    long start = START + Epoch.SECONDS;
    left.round(start, next, Nodes.CHAIN, Nodes.NODE);

    assertThat(statistics(left).nodes().total()).isEqualTo(2);
    left.round(start + Epoch.SECONDS - 1, next, Nodes.CHAIN, Nodes.NODE);
    assertThat(statistics(left).nodes().total()).isEqualTo(1);
  }

  @Test
  void round_otherAnchorInTheSameEpoch_keepsWhatIsKnown() {
    connect();
    alone(right, 0);
    exchange(0);
    EpochSalt other =
        EpochSalt.of(
            Nodes.NETWORK,
            Nodes.EPOCH,
            Nodes.NETWORK.fingerprint().isZero() ? Hash256.parse("01".repeat(32)) : Hash256.ZERO);
    left.round(START + 60, other, Nodes.CHAIN, Nodes.NODE);

    assertThat(statistics(left).nodes().total()).isEqualTo(2);
  }

  @Test
  void receive_fromAStranger_isRefused() {
    connect();
    Asking asking = round(left, 0);

    assertThat(refusal(right.receive(new PeerId(9), asking.request())))
        .isEqualTo(Refusal.NOT_CONNECTED);
    assertThat(refusal(right.receive(new PeerId(9), update(1, 0xff, List.of()))))
        .isEqualTo(Refusal.NOT_CONNECTED);
  }

  @Test
  void receive_thirdRequestOfARound_isRefused() {
    connect();
    alone(right, 0);
    StatisticsRequest request = round(left, 0).request();

    assertThat(right.receive(LEFT, request).refusal()).isEmpty();
    assertThat(right.receive(LEFT, request).refusal()).isEmpty();
    assertThat(refusal(right.receive(LEFT, request))).isEqualTo(Refusal.TOO_OFTEN);
    alone(right, 60);
    assertThat(right.receive(LEFT, request).refusal()).isEmpty();
  }

  @Test
  void receive_requestOfAnotherEpochOrBeforeTheFirstRound_isSilent() {
    connect();
    StatisticsRequest request = round(left, 0).request();

    assertThat(right.receive(LEFT, request)).isEqualTo(GossipOutcome.SILENT);
    alone(right, 0);
    StatisticsRequest old = new StatisticsRequest(Nodes.EPOCH - 1, 1, ANYTHING, request.summary());
    assertThat(right.receive(LEFT, old)).isEqualTo(GossipOutcome.SILENT);
  }

  @Test
  void receive_updateNobodyAskedFor_isRefused() {
    connect();
    round(left, 0);

    assertThat(refusal(left.receive(RIGHT, update(77, 0xff, nodes(5, 6)))))
        .isEqualTo(Refusal.UNASKED);
    assertThat(statistics(left).nodes().total()).isEqualTo(1);
  }

  @Test
  void receive_answerAfterItWasGivenUp_isSilent() {
    connect();
    long nonce = round(left, 0).request().nonce();
    left.receive(RIGHT, update(nonce, 0xff, nodes(5, 6)));

    assertThat(left.receive(RIGHT, update(nonce, 0xff, nodes(6, 7))))
        .isEqualTo(GossipOutcome.SILENT);
    assertThat(statistics(left).nodes().total()).isEqualTo(2);
  }

  @Test
  void receive_moreThanThereWasRoomFor_isRefused() {
    connect();
    long nonce = round(left, 0).request().nonce();

    assertThat(refusal(left.receive(RIGHT, update(nonce, 0xff, nodes(5, 26)))))
        .isEqualTo(Refusal.TOO_MANY);
    assertThat(statistics(left).nodes().total()).isEqualTo(1);
  }

  @Test
  void receive_oneBadSignature_nothingOfTheUpdateIsUsed() {
    connect();
    long nonce = round(left, 0).request().nonce();
    List<SignedObservation> observations = nodes(5, 8);
    NodeSignature forged = new NodeSignature(Bytes.of(new byte[64]));
    observations.add(
        new SignedObservation(Nodes.key(9).id(), observations.get(0).observation(), forged));

    assertThat(refusal(left.receive(RIGHT, update(nonce, 0xff, observations))))
        .isEqualTo(Refusal.BAD_SIGNATURE);
    assertThat(statistics(left).nodes().total()).isEqualTo(1);
  }

  @Test
  void receive_peerThatIsAnotherNodeThanBeforeOrThisOne_isRefused() {
    connect();
    long nonce = round(left, 0).request().nonce();
    left.receive(RIGHT, update(nonce, 0, nodes(5, 6)));
    nonce = round(left, 60).request().nonce();

    assertThat(refusal(left.receive(RIGHT, update(nonce, 0, nodes(6, 7)))))
        .isEqualTo(Refusal.OTHER_NODE);
    nonce = round(left, 120).request().nonce();
    assertThat(refusal(left.receive(RIGHT, update(nonce, 0, nodes(1, 2)))))
        .isEqualTo(Refusal.OTHER_NODE);
    nonce = round(left, 180).request().nonce();
    assertThat(left.receive(RIGHT, update(nonce, 0xff, nodes(1, 2))).refusal()).isEmpty();
  }

  @Test
  void receive_manyNodesByOneGroup_fillOnlyItsShareEvenAfterReconnecting() {
    // What 400 rounds of one second may bring is not limited by bytes here.
    GossipSettings rich = new GossipSettings(60, 256, 10_000_000, 20, 8);
    StatisticsGossip node =
        new StatisticsGossip(Nodes.key(3), Nodes.NETWORK, Nodes.SIGNATURES, rich, 3);
    for (int group = 0; group < 10; group++) {
      node.connected(new PeerId(100 + group), Bytes.of((byte) (100 + group)));
    }
    node.connected(RIGHT, Bytes.of((byte) 2));
    int next = 1_000;
    for (int i = 0; i < 400; i++) {
      Asking asking = round(node, 1);
      if (asking.peer().equals(RIGHT)) {
        node.receive(RIGHT, update(asking.request().nonce(), 0xff, nodes(next, next + 10)));
        next += 10;
        node.disconnected(RIGHT);
        node.connected(RIGHT, Bytes.of((byte) 2));
      }
    }

    assertThat(next).isGreaterThan(1_100);
    assertThat(statistics(node).nodes().total())
        .isEqualTo(1 + GossipSettings.DEFAULT.sampleSize() / 4);
  }

  @Test
  void round_peerThatAsksForAPause_isLeftAloneForIt() {
    connect();
    long nonce = round(left, 0).request().nonce();
    Exchange pause = new Exchange(Nodes.EPOCH, nonce, 255);
    left.receive(RIGHT, new StatisticsUpdate(pause, ANYTHING, Bytes.EMPTY, 0xff, List.of()));
    int silent = 0;
    while (left.round(START + silent, Nodes.SALT, Nodes.CHAIN, Nodes.NODE).isEmpty()) {
      silent++;
    }

    assertThat(silent).isEqualTo(9);
  }

  @Test
  void receive_requestWhenTheBudgetIsSpent_isSilent() {
    GossipSettings poor = new GossipSettings(60, 256, 1_000, 20, 8);
    StatisticsGossip node =
        new StatisticsGossip(Nodes.key(3), Nodes.NETWORK, Nodes.SIGNATURES, poor, 3);
    connect();
    alone(node, 0);
    StatisticsRequest request = round(left, 0).request();
    int answered = 0;
    for (int i = 1; i <= 30; i++) {
      node.connected(new PeerId(i), Bytes.of((byte) i));
      answered += node.receive(new PeerId(i), request).answer().isPresent() ? 1 : 0;
    }

    assertThat(answered).isBetween(5, 20);
    assertThat(node.bytesOfRound()).isGreaterThan(1_000);
  }

  @Test
  void settings_outsideTheirRange_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GossipSettings(0, 256, 10_000, 20, 8))
        .withMessageContaining("roundSeconds");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GossipSettings(60, 1_025, 10_000, 20, 8))
        .withMessageContaining("1025");
  }
}
