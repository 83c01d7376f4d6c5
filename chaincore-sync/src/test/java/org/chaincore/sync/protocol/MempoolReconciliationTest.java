package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.BisectionRequest;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.ReconcileDifference;
import org.chaincore.sync.message.ReconcileRequest;
import org.chaincore.sync.message.SketchMessage;
import org.chaincore.sync.message.TransactionMessage;
import org.chaincore.sync.protocol.TwoNodes.Sent;
import org.chaincore.sync.protocol.TwoNodes.Side;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.settings.TaskCounters;
import org.junit.jupiter.api.Test;

/** Two nodes find and close the difference of their mempools. */
final class MempoolReconciliationTest {
  private static final int RECEIPT = 7;
  private static final Input MEMPOOL = new Input.TaskRequested(SyncTask.MEMPOOL, RECEIPT);

  /** So long that another round may begin, and so short that the schedule's does not. */
  private static final long GAP_MILLIS = MempoolReconciliation.GAP_MILLIS;

  private static TaskFigures figures(TwoNodes two, Side side) {
    return two.events(side).stream()
        .filter(SyncEvent.TaskFinished.class::isInstance)
        .map(SyncEvent.TaskFinished.class::cast)
        .filter(done -> done.receipt() == RECEIPT)
        .reduce((first, last) -> last)
        .orElseThrow()
        .figures();
  }

  private static TaskCounters mempoolTask(TwoNodes two, Side side) {
    return Objects.requireNonNull(two.protocol(side).tasks().get(SyncTask.MEMPOOL));
  }

  private static void assertEqualMempools(TwoNodes two, int size) {
    assertThat(two.mempool(Side.LEFT)).hasSize(size).isEqualTo(two.mempool(Side.RIGHT));
  }

  private static <M> List<M> of(List<Sent> frames, Class<M> kind) {
    return frames.stream().map(Sent::message).filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void reconcile_someOnEachSide_closesTheDifference() {
    TwoNodes two = TwoNodes.withPayments(20);
    two.pays(Side.LEFT, 0, 15);
    two.pays(Side.RIGHT, 12, 16);
    two.connect();

    two.happens(Side.LEFT, MEMPOOL);

    assertThat(two.transcript())
        .isEqualTo(
            """
            > reqrecon
            < sketch
            > tx x 12
            > reconcildiff
            < tx
            """);
    assertEqualMempools(two, 16);
    assertThat(figures(two, Side.LEFT))
        .isEqualTo(new TaskFigures(1, 12, 1, 1, 0, 28 + 25 + 4 * 16 + 24 + 2 + 4));
  }

  @Test
  void reconcile_whatWasDelivered_isNotAnnouncedByEitherSide() {
    TwoNodes two = TwoNodes.withPayments(20);
    two.connect();
    two.pays(Side.LEFT, 0, 15);
    two.pays(Side.RIGHT, 12, 20);
    two.happens(Side.LEFT, MEMPOOL);
    assertEqualMempools(two, 20);

    two.pass(10_000);

    // Only what both were about to tell before the round, and knew already, is told.
    List<Hash256> told =
        of(two.taken(), Inventory.class).stream()
            .flatMap(news -> news.items().stream())
            .map(InventoryItem::hash)
            .toList();
    assertThat(told)
        .isSubsetOf(two.payment(12).wtxid(), two.payment(13).wtxid(), two.payment(14).wtxid());
  }

  @Test
  void reconcile_equalMempools_sendsNoTransaction() {
    TwoNodes two = TwoNodes.withPayments(20);
    two.pays(Side.LEFT, 0, 20);
    two.pays(Side.RIGHT, 0, 20);
    two.connect();

    two.happens(Side.LEFT, MEMPOOL);

    assertThat(two.transcript())
        .isEqualTo(
            """
            > reqrecon
            < sketch
            > reconcildiff
            """);
  }

  @Test
  void reconcile_byTheSideThatWasDialled_worksToo() {
    TwoNodes two = TwoNodes.withPayments(10);
    two.pays(Side.LEFT, 0, 6);
    two.pays(Side.RIGHT, 5, 10);
    two.connect();

    two.happens(Side.RIGHT, MEMPOOL);

    assertEqualMempools(two, 10);
    assertThat(figures(two, Side.RIGHT).received()).isEqualTo(5);
  }

  @Test
  void reconcile_onTheSchedule_isBegunByTheSideThatDialled() {
    TwoNodes two = TwoNodes.withPayments(10);
    two.pays(Side.LEFT, 0, 6);
    two.pays(Side.RIGHT, 5, 10);
    two.connect();

    two.pass(16_500);

    List<Sent> requests =
        two.taken().stream().filter(one -> one.message() instanceof ReconcileRequest).toList();
    assertThat(requests).isNotEmpty().allMatch(one -> one.from() == Side.LEFT);
    assertEqualMempools(two, 10);
    assertThat(mempoolTask(two, Side.LEFT).successes()).isPositive();
    assertThat(mempoolTask(two, Side.RIGHT).failures()).isZero();
  }

  @Test
  void reconcile_onBothSidesAtOnce_isOneRoundOfTheSideThatDialled() {
    TwoNodes two = TwoNodes.withPayments(10);
    two.pays(Side.LEFT, 0, 6);
    two.pays(Side.RIGHT, 5, 10);
    two.connect();

    two.happensFirst(Side.RIGHT, MEMPOOL);
    two.happensFirst(Side.LEFT, MEMPOOL);
    two.deliver();

    assertThat(two.transcript())
        .isEqualTo(
            """
            < reqrecon
            > reqrecon
            < sketch
            > tx x 5
            > reconcildiff
            < tx x 4
            """);
    assertEqualMempools(two, 10);
    assertThat(figures(two, Side.RIGHT).offered()).isEqualTo(4);
    assertThat(figures(two, Side.LEFT).received()).isEqualTo(4);
  }

  @Test
  void reconcile_hundredDifferencesSplitEvenly_keepsTheBudgetOfBytesInEveryRound() {
    assertThat(costs("evenly", 7, random -> 50)).allMatch(cost -> cost <= 900);
  }

  @Test
  void reconcile_hundredDifferencesSplitAtRandom_keepsTheBudgetOfBytesOnAverage() {
    List<Integer> costs = costs("at random", 8, random -> Integer.bitCount(random.nextInt()) * 3);
    assertThat(costs.stream().mapToInt(cost -> cost).average().orElseThrow()).isLessThan(900);
  }

  @Test
  void reconcile_hundredDifferencesOfThePeer_keepsTheBudgetOfBytesOnAverage() {
    List<Integer> costs = costs("all at the peer", 9, random -> 0);
    assertThat(costs.stream().mapToInt(cost -> cost).average().orElseThrow()).isLessThan(900);
  }

  @Test
  void reconcile_bothAtOnceAndThePeerHasMuchMore_isOneRoundOfThePeer() {
    TwoNodes two = TwoNodes.withPayments(100);
    two.pays(Side.LEFT, 0, 10);
    two.pays(Side.RIGHT, 5, 100);
    two.connect();

    two.happensFirst(Side.RIGHT, MEMPOOL);
    two.happensFirst(Side.LEFT, MEMPOOL);
    two.deliver();

    assertThat(two.transcript())
        .isEqualTo(
            """
            < reqrecon
            > reqrecon
            > sketch
            < tx x 90
            < reconcildiff
            > tx x 5
            """);
    assertEqualMempools(two, 100);
  }

  @Test
  void reconcile_peerHasMuchMore_isTurnedAround() {
    TwoNodes two = TwoNodes.withPayments(100);
    two.pays(Side.LEFT, 0, 10);
    two.pays(Side.RIGHT, 5, 100);
    two.connect();

    two.happens(Side.LEFT, MEMPOOL);

    assertThat(two.transcript())
        .isEqualTo(
            """
            > reqrecon
            < reqrecon
            > sketch
            < tx x 90
            < reconcildiff
            > tx x 5
            """);
    assertEqualMempools(two, 100);
    TaskFigures figures = figures(two, Side.LEFT);
    assertThat(figures.received()).isEqualTo(90);
    assertThat(figures.wanted()).isEqualTo(90);
    assertThat(figures.offered()).isEqualTo(5);
  }

  @Test
  void reconcile_hundredDifferencesOfOurs_namesNone() {
    assertThat(costs("all here", 10, random -> 100)).allMatch(cost -> cost <= 600);
  }

  /**
   * What rounds of 100 differences cost, transactions apart, measured at the codec.
   *
   * @param here how many of 100 the side has that begins
   */
  private static List<Integer> costs(
      String split, long seed, ToIntFunction<SplittableRandom> here) {
    int rounds = 30;
    SplittableRandom random = new SplittableRandom(seed);
    TwoNodes two = TwoNodes.withPayments(100 * rounds);
    two.connect();
    List<Integer> costs = new ArrayList<>();
    int sketches = 0;
    for (int round = 0; round < rounds; round++) {
      int from = 100 * round;
      int ofLeft = here.applyAsInt(random);
      two.pays(Side.LEFT, from, from + ofLeft);
      two.pays(Side.RIGHT, from + ofLeft, from + 100);
      two.taken();
      two.happens(Side.LEFT, MEMPOOL);
      List<Sent> frames = two.taken();
      int cost = TwoNodes.bytesBesideTransactions(frames);
      costs.add(cost);
      sketches += of(frames, SketchMessage.class).stream().mapToInt(it -> it.data().length()).sum();
      assertThat(figures(two, Side.LEFT).bytes()).as("%d %s", round, frames).isEqualTo(cost);
      assertEqualMempools(two, from + 100);
      two.pass(GAP_MILLIS);
    }
    System.out.printf(
        "100 differences %s, %d rounds: %d bytes on average, %d at most, sketches %.3f of 400%n",
        split,
        rounds,
        costs.stream().mapToInt(cost -> cost).sum() / rounds,
        costs.stream().mapToInt(cost -> cost).max().orElseThrow(),
        sketches / 400.0 / rounds);
    assertThat(two.protocol(Side.LEFT).mempoolSync().duplicates()).isZero();
    return costs;
  }

  @Test
  void reconcile_anyMempools_endsWithEqualOnes() {
    SeededRun.of(30, 60)
        .check(
            (random, size) -> {
              TwoNodes two = TwoNodes.withPayments(3 * size);
              for (int i = 0; i < 3 * size; i++) {
                int where = random.nextInt(4);
                if (where != 0) {
                  two.pays(Side.LEFT, i, i + 1);
                }
                if (where != 1) {
                  two.pays(Side.RIGHT, i, i + 1);
                }
              }
              two.connect();
              two.happens(random.nextBoolean() ? Side.LEFT : Side.RIGHT, MEMPOOL);
              assertEqualMempools(two, 3 * size);
            });
  }

  @Test
  void reconcile_moreDifferencesThanASketchHolds_splitsTheMempools() {
    TwoNodes two = TwoNodes.withPayments(600);
    two.pays(Side.LEFT, 0, 300);
    two.pays(Side.RIGHT, 300, 600);
    two.connect();

    two.happens(Side.LEFT, MEMPOOL);

    assertThat(two.transcript())
        .isEqualTo(
            """
            > reqrecon
            < sketch
            > reqsketchext
            < sketch
            > reqsketchext
            < sketch
            > reqbisec
            < sketch
            > tx x 300
            > reconcildiff
            < tx x 300
            """);
    assertEqualMempools(two, 600);
    MempoolSyncCounters counters = two.protocol(Side.LEFT).mempoolSync();
    assertThat(counters.sketchFailures()).isZero();
    assertThat(counters.splits()).isOne();
    assertThat(counters.fallbackInventories()).isZero();
    assertThat(figures(two, Side.LEFT).received()).isEqualTo(300);
  }

  @Test
  void reconcile_tooManyDifferencesInSomeParts_announcesWhatTheOthersDoNotTell() {
    TwoNodes two = TwoNodes.withPayments(3_200);
    two.pays(Side.LEFT, 0, 1_600);
    two.pays(Side.RIGHT, 1_600, 3_200);
    two.connect();

    two.happens(Side.LEFT, MEMPOOL);

    List<ReconcileDifference> ends = of(two.taken(), ReconcileDifference.class);
    assertThat(ends).hasSize(1);
    assertThat(ends.get(0).success()).isFalse();
    assertThat(ends.get(0).shortIds()).hasSizeBetween(150, 1_500);
    for (Side side : Side.values()) {
      MempoolSyncCounters counters = two.protocol(side).mempoolSync();
      assertThat(counters.rounds()).isOne();
      assertThat(counters.sketchFailures()).isOne();
      assertThat(counters.fallbackInventories()).isOne();
    }
    for (int round = 0; round < 3; round++) {
      two.pass(GAP_MILLIS);
      two.happens(Side.LEFT, MEMPOOL);
    }
    two.pass(GAP_MILLIS);
    assertEqualMempools(two, 3_200);
  }

  @Test
  void reconcile_tooManyDifferences_fallsBackToAnnouncements() {
    TwoNodes two = TwoNodes.withPayments(8_000);
    two.pays(Side.LEFT, 0, 4_000);
    two.pays(Side.RIGHT, 4_000, 8_000);
    two.connect();

    two.happens(Side.LEFT, MEMPOOL);

    assertThat(two.transcript()).contains("> reqbisec\n< sketch\n> reconcildiff\n> inv 1000\n");
    MempoolSyncCounters counters = two.protocol(Side.LEFT).mempoolSync();
    assertThat(counters.sketchFailures()).isOne();
    assertThat(counters.fallbackInventories()).isOne();
    assertThat(two.protocol(Side.RIGHT).mempoolSync().fallbackInventories()).isOne();
  }

  @Test
  void reconcile_chainOfTransactions_sendsParentsFirst() {
    TwoNodes two = TwoNodes.withPayments(1);
    List<Transaction> chain = new ArrayList<>(List.of(two.payment(0)));
    for (int i = 1; i < 10; i++) {
      chain.add(two.chain(Side.RIGHT).pay(chain.get(i - 1).outPoint(0), TwoNodes.EACH - 1 - i));
    }
    chain.forEach(two.chain(Side.RIGHT)::offer);
    two.connect();

    two.happens(Side.LEFT, MEMPOOL);

    assertThat(of(two.taken(), TransactionMessage.class))
        .extracting(TransactionMessage::transaction)
        .isEqualTo(chain);
    assertEqualMempools(two, 10);
  }

  @Test
  void reconcile_moreThanTheSendQueueHolds_announcesTheRest() {
    TwoNodes two = TwoNodes.withPayments(900);
    two.pays(Side.LEFT, 0, 900);
    two.pays(Side.RIGHT, 0, 530);
    two.connect();

    two.happens(Side.LEFT, MEMPOOL);

    List<Sent> first = two.taken();
    List<Inventory> announced = of(first, Inventory.class);
    int sent = of(first, TransactionMessage.class).size();
    assertThat(first.stream().mapToInt(Sent::bytes).sum()).isLessThan(90_000);
    if (!announced.isEmpty()) {
      assertThat(sent + announced.get(0).items().size()).isGreaterThanOrEqualTo(370);
    }
    two.pass(10_000);
    assertEqualMempools(two, 900);
  }

  @Test
  void reconcile_peerThatRefusesATransaction_isOfferedItEverMoreSeldom() {
    TwoNodes two = TwoNodes.withPayments(2);
    two.pays(Side.LEFT, 0, 1);
    two.connect();
    // Its new floor is not told, so only trying shows that it takes nothing.
    two.chain(Side.RIGHT)
        .engine()
        .apply(new MempoolLimits(1_000_000, 1_000_000, 25, 101_000, 86_400), two.nowMillis());

    for (int round = 0; round < 8; round++) {
      two.happens(Side.LEFT, MEMPOOL);
      two.pass(GAP_MILLIS);
    }

    List<Sent> all = two.taken();
    assertThat(of(all, ReconcileRequest.class)).hasSizeGreaterThanOrEqualTo(8);
    assertThat(of(all, TransactionMessage.class)).hasSizeLessThanOrEqualTo(2);
    assertThat(of(all, Inventory.class)).hasSizeBetween(1, 4);
  }

  @Test
  void reconcile_lostSketch_isGivenUpAndAnnouncedInstead() {
    TwoNodes two = TwoNodes.withPayments(10);
    two.pays(Side.LEFT, 0, 6);
    two.connect();
    two.spoil(message -> message instanceof SketchMessage ? null : message);

    two.happens(Side.LEFT, MEMPOOL);
    two.pass(MempoolReconciliation.ANSWER_MILLIS + 3_000);

    assertEqualMempools(two, 6);
    assertThat(figures(two, Side.LEFT).peersAsked()).isOne();
    assertThat(two.protocol(Side.LEFT).mempoolSync().fallbackInventories()).isOne();
  }

  @Test
  void reconcile_peerWithoutTheExtension_isToldOfTheMempoolOnce() {
    TwoNodes two = TwoNodes.withPayments(10);
    two.pays(Side.LEFT, 0, 6);
    two.pays(Side.RIGHT, 5, 10);
    two.connect(node -> node.withExtensions(EnumSet.noneOf(Extension.class)));

    two.happens(Side.LEFT, MEMPOOL);
    assertThat(two.transcript()).startsWith("> inv 6\n");
    two.happens(Side.RIGHT, MEMPOOL);
    two.pass(60_000);

    assertEqualMempools(two, 10);
    List<Sent> later = two.taken();
    assertThat(of(later, ReconcileRequest.class)).isEmpty();
    assertThat(of(later, Inventory.class)).hasSizeLessThanOrEqualTo(1);
    assertThat(figures(two, Side.LEFT)).isEqualTo(TaskFigures.NONE);
  }

  @Test
  void reconcile_withNobody_isDoneAtOnce() {
    TwoNodes two = TwoNodes.withPayments(1);
    two.connect();
    two.happens(Side.LEFT, new Input.Disconnected(TwoNodes.PEER));
    two.happens(Side.LEFT, MEMPOOL);
    assertThat(figures(two, Side.LEFT)).isEqualTo(TaskFigures.NONE);
  }

  @Test
  void reconcile_peerThatLeavesMeanwhile_endsTheTask() {
    TwoNodes two = TwoNodes.withPayments(1);
    two.connect();
    two.happensFirst(Side.LEFT, MEMPOOL);
    two.happensFirst(Side.LEFT, new Input.Disconnected(TwoNodes.PEER));
    assertThat(figures(two, Side.LEFT).peersAsked()).isOne();
  }

  @Test
  void bytes_ofEveryMessage_areThoseOfTheCodec() {
    TwoNodes two = TwoNodes.withPayments(800);
    two.pays(Side.LEFT, 0, 150);
    two.pays(Side.RIGHT, 150, 450);
    two.connect();
    two.happens(Side.LEFT, MEMPOOL);
    for (Sent frame : two.taken()) {
      if (frame.message() instanceof SketchMessage
          || frame.message() instanceof ReconcileDifference
          || frame.message() instanceof BisectionRequest
          || frame.message() instanceof ReconcileRequest) {
        assertThat(ReconciliationBytes.of(frame.message())).isEqualTo(frame.bytes());
      }
    }
  }
}
