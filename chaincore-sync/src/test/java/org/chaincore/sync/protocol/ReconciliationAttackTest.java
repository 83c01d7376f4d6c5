package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.fixture.Words;
import org.chaincore.sync.message.BisectionRequest;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.ReconcileDifference;
import org.chaincore.sync.message.ReconcileRequest;
import org.chaincore.sync.message.SketchExtensionRequest;
import org.chaincore.sync.message.SketchMessage;
import org.chaincore.sync.message.TransactionMessage;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.sketch.CapacityEstimate;
import org.chaincore.sync.sketch.ShortIds;
import org.chaincore.sync.sketch.Sketch;
import org.chaincore.sync.sketch.SketchPart;
import org.junit.jupiter.api.Test;

/** Peers that lie, flood or fall silent in the middle of a reconciliation. */
final class ReconciliationAttackTest {
  private static final long NOW = ChainFixture.begin().now() * 1_000;

  private final SplittableRandom random = new SplittableRandom(3);
  private final ChainFixture chain = chainWithPayments();
  private final Side node = new Side(chain, ConnectionKind.OUTBOUND, Greeting.full());

  /** One machine and what it depends on, so that complaints are in view. */
  private static final class Side {
    final MachineContext context;
    final Machines machines;
    final Peer peer;
    long now = NOW;

    Side(ChainFixture chain, ConnectionKind kind, Greeting greeting) {
      context = new MachineContext(TestNode.on(chain, 1).setup());
      machines = new Machines(context);
      peer = new Peer(new PeerId(1), Conversation.addressOf(1), kind, NOW);
      context.peers().add(peer);
      machines.handshake.connected(peer, NOW);
      List<Message> words = new ArrayList<>();
      words.add(greeting.version(NOW / 1_000, 99));
      Bytes fingerprint = Bytes.of(chain.engine().params().fingerprint().toWire());
      words.addAll(greeting.betweenVersionAndVerack(fingerprint));
      words.add(new Verack());
      for (Message word : words) {
        machines.handshake.received(peer, word, NOW);
      }
      machines.established(peer, NOW);
      context.out().take();
    }

    void reconciles() {
      machines.reconciliation.reconcile(1, now);
    }

    void hears(Message message) {
      machines.dispatch(peer, message, now);
    }

    void passes(long millis) {
      now += millis;
      for (TimerTable.Due due = context.timers().takeDue(now);
          due != null;
          due = context.timers().takeDue(now)) {
        if (due.timer() == Timer.RECONCILIATION) {
          machines.reconciliation.answerMissing(peer, now);
        }
      }
    }

    /** What the peer was told, in words. */
    List<String> said() {
      return messages().stream().map(Words::of).toList();
    }

    List<Message> messages() {
      List<Message> messages = new ArrayList<>();
      for (Output output : context.out().take()) {
        if (output instanceof Output.Send send) {
          messages.add(send.message());
        }
      }
      return messages;
    }

    List<Misbehaviour> faults() {
      return context.out().takeComplaints().stream().map(Outbox.Complaint::misbehaviour).toList();
    }
  }

  private static ChainFixture chainWithPayments() {
    ChainFixture chain = ChainFixture.begin();
    chain.mine(8);
    for (int i = 0; i < 3; i++) {
      chain.offer(chain.pay(chain.coin(), 1_000 + i));
    }
    return chain;
  }

  private static SketchMessage sketchOf(int capacity, int... ids) {
    Sketch sketch = Sketch.ofCapacity(capacity);
    sketch.toggleAll(ids);
    return new SketchMessage(sketch.toBytes());
  }

  private SketchMessage noise(int capacity) {
    byte[] bytes = new byte[4 * capacity];
    random.nextBytes(bytes);
    return new SketchMessage(Bytes.of(bytes));
  }

  /** The peer answers every question with noise until it is asked nothing more. */
  private List<String> liesToTheEnd() {
    node.hears(noise(CapacityEstimate.MAX_INITIAL_CAPACITY));
    List<String> all = new ArrayList<>();
    for (List<String> said = node.said(); said.size() == 1; said = node.said()) {
      all.addAll(said);
      node.hears(
          noise(
              said.get(0).equals("reqbisec")
                  ? Sketch.MAX_CAPACITY
                  : CapacityEstimate.MAX_INITIAL_CAPACITY));
    }
    return all;
  }

  @Test
  void sketch_ofNoise_endsAfterAllPartsAndIsAnnouncedInstead() {
    node.reconciles();
    assertThat(node.said()).containsExactly("reqrecon");
    node.hears(noise(CapacityEstimate.MAX_INITIAL_CAPACITY));
    node.hears(noise(CapacityEstimate.MAX_INITIAL_CAPACITY));
    for (int i = 1; i < 1 << SketchPart.MAX_SPLITS; i++) {
      node.hears(noise(Sketch.MAX_CAPACITY));
    }
    List<String> expected = new ArrayList<>(List.of("reqsketchext"));
    expected.addAll(Collections.nCopies((1 << SketchPart.MAX_SPLITS) - 1, "reqbisec"));
    expected.addAll(List.of("reconcildiff", "inv 3"));
    assertThat(node.said()).isEqualTo(expected);
    node.hears(noise(CapacityEstimate.MAX_INITIAL_CAPACITY));
    assertThat(node.said()).isEmpty();
    assertThat(node.faults()).containsExactly(Misbehaviour.BAD_RECONCILIATION);
  }

  @Test
  void sketch_ofNoiseInEveryRound_isSplitOnceInAWhile() {
    int splits = 0;
    for (int round = 0; round < 24; round++) {
      node.reconciles();
      node.said();
      splits += liesToTheEnd().contains("reqbisec") ? 1 : 0;
      node.passes(MempoolReconciliation.GAP_MILLIS);
    }
    long minutes = 24 * MempoolReconciliation.GAP_MILLIS / MempoolReconciliation.SPLIT_GAP_MILLIS;
    assertThat(splits).isBetween(2, (int) minutes + 1);
    assertThat(node.machines.reconciliation.counters().splits()).isEqualTo(splits);
  }

  @Test
  void sketch_ofAPartInAnotherSize_endsTheRound() {
    node.reconciles();
    node.hears(noise(CapacityEstimate.MAX_INITIAL_CAPACITY));
    node.hears(noise(CapacityEstimate.MAX_INITIAL_CAPACITY));
    node.hears(noise(CapacityEstimate.MAX_INITIAL_CAPACITY));
    assertThat(node.said()).endsWith("reqbisec", "inv 3");
    assertThat(node.faults()).containsExactly(Misbehaviour.BAD_RECONCILIATION);
  }

  private void asksForAllOfTheWhole() {
    node.hears(new ReconcileRequest(3, 0));
    for (int i = 0; i < 6; i++) {
      node.hears(new SketchExtensionRequest());
    }
    node.said();
    node.faults();
  }

  @Test
  void partRequested_afterTheWhole_isAnsweredOncePerPart() {
    asksForAllOfTheWhole();
    node.hears(new BisectionRequest(new SketchPart(2)));
    assertThat(node.said()).containsExactly("sketch");
    assertThat(node.faults()).isEmpty();
    node.hears(new BisectionRequest(new SketchPart(2)));
    assertThat(node.said()).isEmpty();
    assertThat(node.faults()).containsExactly(Misbehaviour.BAD_RECONCILIATION);
  }

  @Test
  void partRequested_outOfTurn_isAComplaint() {
    node.hears(new BisectionRequest(new SketchPart(2)));
    node.hears(new ReconcileRequest(3, 0));
    node.hears(new BisectionRequest(new SketchPart(2)));
    assertThat(node.said()).containsExactly("sketch");
    assertThat(node.faults()).hasSize(2).containsOnly(Misbehaviour.BAD_RECONCILIATION);
  }

  @Test
  void partRequested_inEveryRound_isAnsweredAFewTimes() {
    int answers = 0;
    for (int round = 0; round < 2 * MempoolReconciliation.SPLIT_AT_ONCE; round++) {
      asksForAllOfTheWhole();
      node.hears(new BisectionRequest(new SketchPart(2)));
      answers += node.said().size();
      node.passes(MempoolReconciliation.GAP_MILLIS);
    }
    assertThat(answers).isEqualTo(MempoolReconciliation.SPLIT_AT_ONCE);
    assertThat(node.faults()).containsOnly(Misbehaviour.BAD_RECONCILIATION).isNotEmpty();
  }

  @Test
  void sketch_largerThanAny_isRefusedUnread() {
    node.reconciles();
    node.hears(noise(CapacityEstimate.MAX_INITIAL_CAPACITY + 1));
    assertThat(node.faults()).containsExactly(Misbehaviour.BAD_RECONCILIATION);
    assertThat(node.machines.reconciliation.counters().sketchFailures()).isOne();
  }

  @Test
  void sketch_empty_isRefused() {
    node.reconciles();
    node.hears(new SketchMessage(Bytes.EMPTY));
    assertThat(node.faults()).containsExactly(Misbehaviour.BAD_RECONCILIATION);
  }

  @Test
  void sketch_ofIdsThatAreNothing_isALieThatIsAskedForEverMoreSeldom() {
    int asked = 0;
    int lies = 0;
    for (int round = 0; round < 16; round++) {
      node.reconciles();
      node.hears(sketchOf(8, 1, 2, 3));
      for (Message message : node.messages()) {
        asked += message instanceof ReconcileDifference it && !it.shortIds().isEmpty() ? 1 : 0;
      }
      node.passes(MempoolReconciliation.ANSWER_MILLIS);
      lies += node.faults().contains(Misbehaviour.LYING_SKETCH) ? 1 : 0;
    }
    assertThat(asked).isEqualTo(5);
    assertThat(lies).isEqualTo(5);
  }

  @Test
  void sketch_ofIdsThatABlockTookAway_isNoLie() {
    node.reconciles();
    node.hears(sketchOf(8, 1, 2, 3));
    chain.mine(1);
    node.passes(MempoolReconciliation.ANSWER_MILLIS);
    assertThat(node.faults()).isEmpty();
  }

  @Test
  void sketch_thatNobodyAskedFor_isAComplaint() {
    node.hears(sketchOf(8));
    assertThat(node.faults()).containsExactly(Misbehaviour.BAD_RECONCILIATION);
  }

  @Test
  void sketch_afterTheDeadline_isLateAndNoFault() {
    node.reconciles();
    node.passes(MempoolReconciliation.ANSWER_MILLIS);
    node.hears(sketchOf(8));
    assertThat(node.faults()).isEmpty();
  }

  @Test
  void requested_withoutEnd_isAnsweredAFewTimes() {
    for (int i = 0; i < 50; i++) {
      node.hears(new ReconcileRequest(1_000, 0xffff));
    }
    assertThat(node.said()).hasSize(MempoolReconciliation.ANSWERED_AT_ONCE).containsOnly("sketch");
    assertThat(node.faults())
        .hasSize(50 - MempoolReconciliation.ANSWERED_AT_ONCE)
        .containsOnly(Misbehaviour.BAD_RECONCILIATION);
  }

  @Test
  void requested_ofImpossibleSize_isAnsweredWithABoundedSketch() {
    node.hears(new ReconcileRequest(0xffff, 0xffff));
    SketchMessage sketch = (SketchMessage) node.messages().get(0);
    assertThat(sketch.data().length())
        .isLessThanOrEqualTo(4 * CapacityEstimate.MAX_INITIAL_CAPACITY);
  }

  @Test
  void requested_byAPeerThatDoesNotRead_isNotAnswered() {
    node.peer.setQueuedBytes(SyncProtocol.SEND_QUEUE_BYTES + 1);
    node.hears(new ReconcileRequest(3, 0));
    assertThat(node.said()).isEmpty();
  }

  @Test
  void requested_beforeThePeerSentWhatItOffered_endsThatRound() {
    node.reconciles();
    node.hears(sketchOf(8, 1));
    node.said();
    node.hears(new ReconcileRequest(3, 0));
    assertThat(node.said()).containsExactly("sketch");
    assertThat(node.faults()).isEmpty();
  }

  @Test
  void extensionRequested_withoutEnd_isAnsweredUpToTheLargestSketch() {
    node.hears(new ReconcileRequest(3, 0));
    for (int i = 0; i < 7; i++) {
      node.hears(new SketchExtensionRequest());
    }
    // Of 8 sums, and then 16, 32, 64, 128, 256, 400.
    assertThat(node.said()).hasSize(7).containsOnly("sketch");
    assertThat(node.faults()).containsExactly(Misbehaviour.BAD_RECONCILIATION);
  }

  @Test
  void extensionRequested_outOfTheBlue_isAComplaint() {
    node.hears(new SketchExtensionRequest());
    assertThat(node.faults()).containsExactly(Misbehaviour.BAD_RECONCILIATION);
  }

  @Test
  void difference_ofMoreIdsThanTheSketchHeld_isRefused() {
    node.hears(new ReconcileRequest(3, 0));
    node.hears(ReconcileDifference.of(IntStream.rangeClosed(1, 9).boxed().toList()));
    assertThat(node.said()).containsExactly("sketch");
    assertThat(node.faults()).containsExactly(Misbehaviour.BAD_RECONCILIATION);
  }

  @Test
  void difference_failed_isFollowedByAnAnnouncementOnce() {
    node.hears(new ReconcileRequest(3, 0));
    node.hears(ReconcileDifference.failed());
    assertThat(node.said()).containsExactly("sketch", "inv 3");
    node.hears(new ReconcileRequest(3, 0));
    node.hears(ReconcileDifference.failed());
    assertThat(node.said()).containsExactly("sketch");
  }

  @Test
  void difference_afterTheDeadline_isLateAndNoFault() {
    node.hears(new ReconcileRequest(3, 0));
    node.passes(MempoolReconciliation.ANSWER_MILLIS);
    node.hears(ReconcileDifference.failed());
    assertThat(node.faults()).isEmpty();
  }

  @Test
  void difference_outOfTheBlue_isAComplaint() {
    node.hears(ReconcileDifference.failed());
    assertThat(node.faults()).containsExactly(Misbehaviour.BAD_RECONCILIATION);
  }

  @Test
  void received_afterARound_isListenedToBeyondTheBudgetOfUnaskedOnes() {
    ChainFixture other = ChainFixture.begin();
    long[] units = new long[300];
    Arrays.fill(units, 100);
    chain.mine(1);
    Transaction fan = chain.pay(chain.coin(), units);
    chain.mineWith(fan);
    node.hears(new ReconcileRequest(303, 0));
    node.hears(ReconcileDifference.of(List.of()));
    node.said();
    for (int i = 0; i < 300; i++) {
      node.hears(new TransactionMessage(other.pay(fan.outPoint(i), 99)));
    }
    // As many as the sketch had room for, and those that may come unasked.
    int welcome = Math.min(CapacityEstimate.MAX_INITIAL_CAPACITY, 300);
    assertThat(chain.mempool()).hasSizeBetween(welcome, 303);
    assertThat(chain.mempool()).hasSizeGreaterThan(TransactionArrivals.MAX_UNASKED + 3);
  }

  @Test
  void anything_ofAPeerWithoutTheExtension_isAComplaint() {
    Side plain = new Side(chain, ConnectionKind.INBOUND, Greeting.full(Set.of()));
    plain.hears(new ReconcileRequest(3, 0));
    plain.hears(sketchOf(8));
    plain.hears(new SketchExtensionRequest());
    plain.hears(new BisectionRequest(new SketchPart(2)));
    plain.hears(ReconcileDifference.failed());
    assertThat(plain.said()).isEmpty();
    assertThat(plain.faults()).hasSize(5).containsOnly(Misbehaviour.UNNEGOTIATED_MESSAGE);
  }

  @Test
  void reconcile_twiceInAGap_waitsUntilThePeerMayBeAskedAgain() {
    for (int i = 0; i < MempoolReconciliation.ASKED_AT_ONCE; i++) {
      node.reconciles();
      node.hears(ofOurs());
    }
    node.said();
    node.reconciles();
    assertThat(node.said()).isEmpty();
    node.passes(MempoolReconciliation.GAP_MILLIS);
    assertThat(node.said()).containsExactly("reqrecon");
  }

  /** An answer that ends the round, whatever it finds. */
  private static SketchMessage ofOurs() {
    return new SketchMessage(Bytes.EMPTY);
  }

  @Test
  void reconcile_moreWishesThanMayWait_areAnsweredAtOnce() {
    for (int i = 0; i <= ReconciliationTasks.MAX; i++) {
      node.reconciles();
    }
    assertThat(node.context.out().takeFinishedTasks())
        .hasSize(1)
        .allMatch(done -> !done.succeeded());
  }

  @Test
  void reconcile_twoTransactionsOfOneShortId_announcesBothOnce() {
    ReconciliationSalts salts = node.peer.facts().salts().orElseThrow();
    ShortIds ids = ShortIds.of(salts.ours(), salts.theirs());
    List<Transaction> pair = twoOfOneId(ids, chain.coin(), chain.coin());
    pair.forEach(chain::offer);
    follow();
    node.said();
    int shared = ids.of(pair.get(0).wtxid());
    node.reconciles();
    node.hears(sketchOf(16, shared));
    assertThat(node.said()).startsWith("reqrecon").contains("inv 2").endsWith("reconcildiff");
    node.passes(MempoolReconciliation.GAP_MILLIS);
    node.reconciles();
    node.hears(sketchOf(16, shared));
    assertThat(node.said()).doesNotContain("inv 2");
  }

  private void follow() {
    chain.eventsFrom(0).forEach(event -> node.machines.followed(event, node.now));
  }

  /** Two payments with coins of their own that share a short id, found by trying. */
  private List<Transaction> twoOfOneId(ShortIds ids, OutPoint coin, OutPoint other) {
    Map<Integer, Transaction> seen = new HashMap<>();
    for (int i = 0; ; i++) {
      Transaction one = chain.pay(coin, 1 + i % 20_000, 1 + i / 20_000);
      Transaction two = chain.pay(other, 1 + i % 20_000, 1 + i / 20_000);
      seen.put(ids.of(one.wtxid()), one);
      Transaction found = seen.get(ids.of(two.wtxid()));
      if (found != null) {
        return List.of(found, two);
      }
    }
  }

  @Test
  void roundRate_afterAPause_letsNoMoreThanTheLimitThrough() {
    RoundRate rate = new RoundRate(2, 1_000);
    long later = Duration.ofDays(1).toMillis();
    assertThat(rate.take(0)).isTrue();
    assertThat(rate.take(0)).isTrue();
    assertThat(rate.take(999)).isFalse();
    assertThat(rate.take(1_000)).isTrue();
    assertThat(rate.take(later)).isTrue();
    assertThat(rate.take(later)).isTrue();
    assertThat(rate.take(later)).isFalse();
  }

  @Test
  void retries_pastTheLimit_forgetTheOldest() {
    Retries<Integer> retries = new Retries<>(3);
    for (int i = 0; i < 10; i++) {
      retries.count(i);
    }
    assertThat(retries.size()).isEqualTo(3);
    assertThat(retries.count(9)).isEqualTo(2);
    assertThat(retries.count(0)).isEqualTo(1);
    retries.keepOnly(List.of(9));
    assertThat(retries.size()).isOne();
  }
}
