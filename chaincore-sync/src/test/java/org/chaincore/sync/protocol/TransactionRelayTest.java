package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.Witness;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.MarkedSignatures;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.message.FeeFilter;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.MempoolRequest;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.NotFound;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.Pong;
import org.chaincore.sync.message.TransactionMessage;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;
import org.junit.jupiter.api.Test;

/** Transactions told, asked for, brought and refused. */
final class TransactionRelayTest {
  private static final String[] TALK = {"inv", "getdata", "tx", "notfound", "feefilter"};
  private static final Greeting BY_WTXID = Greeting.full(Set.of());

  private static final byte[] ALL_ONES = new byte[64];

  static {
    Arrays.fill(ALL_ONES, (byte) 1);
  }

  private final RelayStage stage = RelayStage.withBlocks(12);

  private PeerId inbound(String name) {
    return stage.peer(name, ConnectionKind.INBOUND);
  }

  private PeerId outbound(String name) {
    return stage.peer(name, ConnectionKind.OUTBOUND, BY_WTXID);
  }

  private static Inventory wtx(Transaction... transactions) {
    return new Inventory(
        List.of(transactions).stream()
            .map(one -> new InventoryItem(InventoryType.WTX, one.wtxid()))
            .toList());
  }

  private static Inventory tx(Transaction transaction) {
    return new Inventory(List.of(new InventoryItem(InventoryType.TRANSACTION, transaction.txid())));
  }

  private void brings(PeerId peer, Transaction transaction) {
    stage.talk.says(peer, new TransactionMessage(transaction));
  }

  private boolean has(Transaction transaction) {
    return stage.chain.mempool().contains(transaction.txid());
  }

  private static Transaction withWitness(Transaction transaction, Witness witness) {
    return transaction.withInputs(
        transaction.inputs().stream().map(input -> input.withWitness(witness)).toList());
  }

  @Test
  void transaction_announced_isAskedForTakenInAndToldOn() {
    PeerId alice = outbound("alice");
    PeerId bob = inbound("bob");
    PeerId carol = outbound("carol");
    Transaction payment = stage.payment();

    stage.talk.says(alice, wtx(payment));
    brings(alice, payment);
    stage.talk.pass(Duration.ofSeconds(10));

    assertThat(stage.said(TALK).replaceAll("(?m)^\\S+ ", ""))
        .isEqualTo(
            """
            alice > inv 1
            alice < getdata 1
            alice > tx
            carol < inv 1
            bob < inv 1
            """);
    assertThat(stage.talk.heardBy(alice, GetData.class).get(0).items())
        .isEqualTo(wtx(payment).items());
    assertThat(stage.talk.heardBy(bob, Inventory.class)).containsExactly(tx(payment));
    assertThat(stage.talk.heardBy(carol, Inventory.class)).containsExactly(wtx(payment));
  }

  @Test
  void transaction_announcedByTxid_isAskedForWithItsWitness() {
    PeerId bob = inbound("bob");
    Transaction payment = stage.payment();

    stage.talk.says(bob, tx(payment));
    stage.talk.pass(Duration.ofSeconds(3));

    assertThat(stage.said(TALK)).isEqualTo("0.000 bob > inv 1\n2.000 bob < getdata 1\n");
    assertThat(stage.talk.heardBy(bob, GetData.class).get(0).items())
        .containsExactly(new InventoryItem(InventoryType.WITNESS_TRANSACTION, payment.txid()));
  }

  @Test
  void announcer_thatIsSilent_isReplacedByTheNext() {
    PeerId alice = outbound("alice");
    PeerId bob = outbound("bob");
    Transaction payment = stage.payment();
    stage.talk.says(alice, wtx(payment));
    stage.talk.says(bob, wtx(payment));

    stage.talk.pass(Duration.ofSeconds(11));
    brings(bob, payment);

    assertThat(stage.said("getdata"))
        .isEqualTo(
            """
            0.000 alice < getdata 1
            10.000 bob < getdata 1
            """);
    assertThat(has(payment)).isTrue();
  }

  @Test
  void announcer_thatHasNot_isReplacedAtOnce() {
    PeerId alice = outbound("alice");
    PeerId bob = outbound("bob");
    Transaction payment = stage.payment();
    stage.talk.says(alice, wtx(payment));
    stage.talk.says(bob, wtx(payment));

    stage.talk.says(alice, new NotFound(wtx(payment).items()));
    stage.talk.leaves(bob);

    assertThat(stage.said("getdata", "notfound"))
        .isEqualTo(
            """
            0.000 alice < getdata 1
            0.000 alice > notfound 1
            0.000 bob < getdata 1
            """);
  }

  @Test
  void announcement_ofFiftyThousand_isAskedForUpToTheLimit() {
    PeerId alice = outbound("alice");
    List<InventoryItem> items =
        IntStream.range(0, InventoryItem.MAX_IN_MESSAGE)
            .mapToObj(i -> new InventoryItem(InventoryType.WTX, Hash256.ofWords(i, 1, 1, 1)))
            .toList();

    stage.talk.says(alice, new Inventory(items));
    stage.talk.says(alice, new Inventory(items));

    assertThat(stage.talk.heardBy(alice, GetData.class).stream().mapToInt(m -> m.items().size()))
        .containsExactly(TransactionRequests.MAX_ANNOUNCED);
    PeerId bob = outbound("bob");
    Transaction payment = stage.payment();
    stage.talk.says(bob, wtx(payment));
    assertThat(stage.askedOf(bob)).contains(payment.wtxid());
    stage.talk.leaves(alice);
    stage.talk.pass(Duration.ofSeconds(1));
    assertThat(stage.askedOf(bob)).isEmpty();
  }

  @Test
  void transaction_thatWeHaveOrRefusedOrIsMined_isNotAskedFor() {
    PeerId alice = outbound("alice");
    Transaction known = stage.payment();
    Transaction poor = withWitness(stage.payment(), MarkedSignatures.bad());
    Transaction mined = stage.payment();
    stage.chain.offer(known);
    stage.chain.offer(mined);
    stage.chain.mineWith(mined);
    stage.wake();
    brings(alice, poor);
    stage.talk.heardBy(alice);

    stage.talk.says(alice, wtx(known, poor, mined));
    stage.talk.says(alice, tx(mined));

    assertThat(stage.askedOf(alice)).isEmpty();
    stage.chain.mine(1);
    stage.wake();
    stage.talk.says(alice, wtx(poor));
    assertThat(stage.askedOf(alice)).as("it may be good on this chain").contains(poor.wtxid());
  }

  @Test
  void orphan_makesUsAskItsSenderForTheParents() {
    PeerId bob = inbound("bob");
    Transaction parent = stage.payment();
    Transaction child = stage.chain.pay(parent.outPoint(0), 1_000);
    brings(bob, child);

    assertThat(stage.talk.heardBy(bob, GetData.class).get(0).items())
        .containsExactly(new InventoryItem(InventoryType.WITNESS_TRANSACTION, parent.txid()));
    brings(bob, parent);
    assertThat(has(child)).isTrue();
  }

  @Test
  void orphan_ofManyParents_asksForSomeAndNotForThoseWeHave() {
    PeerId bob = inbound("bob");
    Transaction known = stage.payment();
    stage.chain.offer(known);
    List<OutPoint> coins = new ArrayList<>(List.of(known.outPoint(0)));
    IntStream.range(0, 40).forEach(i -> coins.add(TestBlocks.unknown(i)));

    brings(bob, TestBlocks.spend(coins, TestBlocks.pay(1)));

    assertThat(stage.askedOf(bob)).hasSize(TransactionFetch.MAX_PARENTS_ASKED);
  }

  @Test
  void transaction_thatNoNodeAccepts_isBlamed() {
    PeerId alice = outbound("alice");
    brings(alice, withWitness(stage.payment(), MarkedSignatures.bad()));
    brings(alice, stage.chain.pay(stage.chain.coin(), ChainFixture.REWARD + 1));

    assertThat(stage.faults())
        .containsExactly(Misbehaviour.INVALID_TRANSACTION, Misbehaviour.INVALID_TRANSACTION);
  }

  @Test
  void transaction_thatOtherNodesMayAccept_isNotBlamed() {
    PeerId alice = outbound("alice");
    Transaction spent = stage.payment();
    stage.chain.offer(spent);
    brings(alice, stage.chain.pay(spent.inputs().get(0).previousOutput(), 7));
    stage.chain.engine().apply(new MempoolLimits(1_000_000, 99_999, 25, 101_000, 86_400), 1);
    brings(alice, stage.payment());
    brings(alice, stage.chain.pay(stage.chain.tip().transactions().get(0).outPoint(0), 3));

    assertThat(stage.faults()).isEmpty();
  }

  @Test
  void transaction_withoutItsWitnesses_keepsNobodyFromBringingTheWholeOne() {
    PeerId mallory = outbound("mallory");
    PeerId bob = stage.peer("bob", ConnectionKind.OUTBOUND);
    Transaction payment = stage.payment();

    brings(mallory, withWitness(payment, Witness.EMPTY));
    assertThat(has(payment)).isFalse();
    assertThat(stage.faults()).isEmpty();
    stage.talk.says(bob, tx(payment));
    assertThat(stage.askedOf(bob)).contains(payment.txid());
    brings(bob, payment);

    assertThat(has(payment)).isTrue();
  }

  @Test
  void transaction_withAnotherWitness_isKnownAndNotAskedForAgain() {
    PeerId alice = outbound("alice");
    Transaction payment = stage.payment();
    stage.chain.offer(payment);
    stage.wake();
    Transaction other = withWitness(payment, Witness.of(Bytes.of(ALL_ONES)));

    brings(alice, other);
    stage.talk.heardBy(alice);
    stage.talk.says(alice, wtx(other));

    assertThat(stage.askedOf(alice)).isEmpty();
    assertThat(stage.faults()).isEmpty();
  }

  @Test
  void transactions_unasked_areTakenAsFarAsTheBudgetGoes() {
    PeerId alice = outbound("alice");
    Transaction fan = stage.payment();
    int most = TransactionArrivals.MAX_UNASKED;
    for (int i = 0; i < most; i++) {
      // The coin is not ripe yet: refused, and nobody's fault.
      OutPoint young = stage.chain.tip().transactions().get(0).outPoint(0);
      brings(alice, TestBlocks.spend(List.of(young), TestBlocks.pay(i)));
    }

    brings(alice, fan);
    assertThat(has(fan)).isFalse();
    stage.talk.says(alice, wtx(fan));
    brings(alice, fan);
    assertThat(has(fan)).as("it was asked for").isTrue();

    Transaction later = stage.payment();
    brings(alice, later);
    assertThat(has(later)).isFalse();
    stage.talk.pass(Duration.ofMillis(50));
    brings(alice, later);
    assertThat(has(later)).isTrue();
  }

  @Test
  void blockConnection_carriesNoTransactions() {
    PeerId quiet = stage.peer("quiet", ConnectionKind.BLOCK_RELAY);
    Transaction payment = stage.payment();
    stage.chain.offer(payment);
    stage.wake();

    stage.talk.says(quiet, new GetData(tx(payment).items()));
    stage.talk.says(quiet, new MempoolRequest());
    stage.talk.says(quiet, new FeeFilter(1));
    stage.talk.pass(Duration.ofSeconds(5));
    assertThat(stage.faults()).isEmpty();
    assertThat(stage.talk.heardBy(quiet, Inventory.class)).isEmpty();
    stage.talk.says(quiet, tx(stage.payment()));
    brings(quiet, stage.payment());

    assertThat(stage.faults())
        .containsExactly(Misbehaviour.UNEXPECTED_MESSAGE, Misbehaviour.UNEXPECTED_MESSAGE);
  }

  @Test
  void announcements_payAtLeastWhatThePeerWants() {
    PeerId alice = outbound("alice");
    PeerId deaf = stage.peer("deaf", ConnectionKind.OUTBOUND, Greeting.plain().withRelay(false));
    Transaction rich = stage.payment();
    Transaction poor = stage.chain.pay(stage.chain.coin(), ChainFixture.REWARD - 1);
    stage.talk.says(alice, new FeeFilter(1_000));
    stage.talk.says(alice, new FeeFilter(-1));
    stage.chain.offer(rich);
    stage.chain.offer(poor);
    stage.wake();
    stage.talk.pass(Duration.ofSeconds(10));

    assertThat(stage.talk.heardBy(alice, Inventory.class)).containsExactly(wtx(rich));
    assertThat(stage.talk.heardBy(deaf, Inventory.class)).isEmpty();
  }

  @Test
  void announcements_ofMany_goOutInBatches() {
    PeerId alice = outbound("alice");
    long[] units = new long[2_000];
    Arrays.fill(units, 9);
    stage.chain.engine().apply(new MempoolLimits(9_000_000, 0, 25, 101_000, 86_400), 1);
    Transaction fan = stage.chain.pay(stage.chain.coin(), units);
    Transaction more = stage.chain.pay(stage.chain.coin(), units);
    Transaction last = stage.chain.pay(stage.chain.coin(), Arrays.copyOf(units, 1_100));
    stage.chain.mineWith(fan, more, last);
    stage.wake();
    stage.forget();
    for (Transaction coins : List.of(fan, more, last)) {
      for (int i = 0; i < coins.outputs().size(); i++) {
        stage.chain.offer(stage.chain.pay(coins.outPoint(i), 8));
      }
    }
    stage.wake();
    stage.talk.pass(Duration.ofSeconds(10));

    // The hundred that were too many for the queue follow when the schedule tells a plain peer once
    // of all that it is not known to have.
    assertThat(
            stage.talk.heardBy(alice, Inventory.class).stream()
                .filter(inv -> inv.items().get(0).type().isTransaction())
                .mapToInt(inv -> inv.items().size()))
        .containsExactly(1_000, 1_000, 1_000, 1_000, 1_000, 100);
  }

  /** Whether a peer that asks for a transaction gets it; else it is told that there is none. */
  private boolean gets(PeerId peer, Transaction transaction) {
    stage.talk.heardBy(peer);
    stage.talk.says(peer, new GetData(tx(transaction).items()));
    List<Message> answers = stage.talk.heardBy(peer);
    boolean isServed = answers.contains(new TransactionMessage(transaction, false));
    assertThat(answers.contains(new NotFound(tx(transaction).items()))).isNotEqualTo(isServed);
    return isServed;
  }

  private Transaction arrives(Transaction transaction) {
    stage.chain.offer(transaction);
    stage.wake();
    return transaction;
  }

  @Test
  void getData_beforeTheAnnouncement_isAnsweredByNotFound() {
    PeerId alice = stage.peer("alice", ConnectionKind.INBOUND);
    Transaction first = arrives(stage.payment());
    assertThat(gets(alice, first)).isFalse();
    stage.talk.pass(Duration.ofSeconds(10));
    assertThat(gets(alice, first)).isTrue();

    Transaction second = arrives(stage.payment());
    assertThat(gets(alice, second)).as("that an earlier one was announced is no matter").isFalse();
    stage.talk.pass(Duration.ofSeconds(10));
    assertThat(gets(alice, second)).isTrue();
  }

  @Test
  void getData_byOneWhoAnnouncedTheTransaction_tellsItNothing() {
    PeerId spy = stage.peer("spy", ConnectionKind.INBOUND);
    Transaction payment = stage.payment();
    stage.talk.says(spy, tx(payment));
    assertThat(gets(spy, payment)).isFalse();
    arrives(payment);
    stage.talk.pass(Duration.ofSeconds(10));
    assertThat(gets(spy, payment)).isFalse();

    arrives(stage.payment());
    assertThat(gets(spy, payment)).isFalse();
    stage.talk.pass(Duration.ofSeconds(10));
    assertThat(gets(spy, payment)).as("it came before one that was announced").isTrue();
  }

  @Test
  void getData_byOneWhoWantsNoTransactions_isAnsweredAfterItAskedForTheMempool() {
    Greeting deaf = Greeting.plain().withRelay(false);
    PeerId spy = stage.peer("spy", ConnectionKind.INBOUND, deaf);
    Transaction payment = arrives(stage.payment());
    stage.talk.pass(Duration.ofMinutes(1));
    assertThat(gets(spy, payment)).isFalse();

    stage.talk.says(spy, new MempoolRequest());
    Transaction later = arrives(stage.payment());

    assertThat(gets(spy, payment)).isTrue();
    assertThat(gets(spy, later)).isFalse();
  }

  @Test
  void getData_ofAParentThatPaysTooLittleToBeAnnounced_isServedWithItsChild() {
    PeerId alice = outbound("alice");
    stage.talk.says(alice, new FeeFilter(1_000));
    Transaction parent = arrives(stage.chain.pay(stage.chain.coin(), ChainFixture.REWARD - 1));
    stage.talk.pass(Duration.ofSeconds(10));
    assertThat(gets(alice, parent)).isFalse();
    Transaction child = arrives(stage.chain.pay(parent.outPoint(0), 1_000));
    stage.talk.pass(Duration.ofSeconds(10));

    assertThat(gets(alice, child)).isTrue();
    assertThat(gets(alice, parent)).isTrue();
  }

  @Test
  void mempoolAnswer_tellsWhatWouldBeAnnouncedLater_once() {
    PeerId alice = outbound("alice");
    Transaction payment = arrives(stage.payment());
    stage.talk.heardBy(alice);
    stage.talk.says(alice, new MempoolRequest());
    assertThat(stage.talk.heardBy(alice, Inventory.class)).containsExactly(wtx(payment));
    assertThat(gets(alice, payment)).isTrue();

    stage.talk.pass(Duration.ofSeconds(10));
    assertThat(stage.talk.heardBy(alice, Inventory.class)).isEmpty();
  }

  @Test
  void mempoolRequest_isAnsweredOnceAMinute() {
    PeerId alice = outbound("alice");
    stage.talk.says(alice, new MempoolRequest());
    stage.talk.pass(Duration.ofSeconds(61));
    Transaction payment = stage.payment();
    stage.chain.offer(payment);
    stage.wake();
    stage.forget();

    stage.talk.says(alice, new MempoolRequest());
    stage.talk.says(alice, new MempoolRequest());

    assertThat(stage.said("inv")).isEqualTo("61.000 alice < inv 1\n");
  }

  @Test
  void feeFloor_isToldWhenItHasBecomeAnother() {
    PeerId alice = outbound("alice");
    PeerId old = stage.peer("old", ConnectionKind.INBOUND, Greeting.plain().withVersion(70_012));
    List<Message> told = new ArrayList<>();
    for (long floor : List.of(1_000, 1_100, 5_000, 5_000, 0)) {
      stage.chain.engine().apply(new MempoolLimits(1_000_000, floor, 25, 101_000, 86_400), 1);
      stage.talk.pass(Duration.ofSeconds(60));
      for (Message message : stage.talk.heardBy(alice)) {
        if (message instanceof Ping ping) {
          stage.talk.says(alice, new Pong(ping.nonce()));
        } else if (message instanceof FeeFilter) {
          told.add(message);
        }
      }
    }

    assertThat(told)
        .containsExactly(
            new FeeFilter(0), new FeeFilter(1_000), new FeeFilter(5_000), new FeeFilter(0));
    assertThat(stage.talk.heardBy(old, FeeFilter.class)).isEmpty();
  }
}
