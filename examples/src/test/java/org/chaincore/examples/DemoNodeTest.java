package org.chaincore.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Amount;
import org.chaincore.sync.protocol.TaskFigures;
import org.chaincore.sync.settings.SyncTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two full nodes and the cable between them, in their own threads and in real time. */
@Timeout(60)
class DemoNodeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Clock clock = Clock.systemUTC();
  private final StringWriter told = new StringWriter();
  private final Journal journal = new Journal(new PrintWriter(told));
  private final ChainParams params =
      DemoNetwork.startedAt(clock.instant().getEpochSecond(), 100_000);
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final Miner miner = new Miner(executor, 1, clock, journal);
  private final Neighbourhood neighbourhood = new Neighbourhood(params, clock, journal, PATIENCE);
  private final DemoNode left = neighbourhood.moveIn(wallet("left", (byte) 1), 1);
  private final DemoNode right = neighbourhood.moveIn(wallet("right", (byte) 2), 2);
  private final Cable cable = new Cable(left.address(), right.address());

  private static Wallet wallet(String name, byte seed) {
    byte[] secret = new byte[32];
    secret[0] = seed;
    KeyPair key = KeyPair.ofSeed(secret);
    return new Wallet(name, key, key.payToTaproot());
  }

  @BeforeEach
  void join() throws InterruptedException {
    neighbourhood.join(cable, left, right);
  }

  @AfterEach
  void stop() {
    neighbourhood.close();
    executor.shutdownNow();
  }

  @Test
  void submit_minedBlock_reachesTheNeighbour() throws InterruptedException {
    mine(left);

    assertThat(heightOf(right)).isEqualTo(1);
  }

  @Test
  void submit_cableIsCut_deliversNothing() throws InterruptedException {
    neighbourhood.cut(cable);
    mine(left);

    assertThat(heightOf(right)).isZero();
    assertThat(left.isConnectedTo(right)).isFalse();
    assertThat(right.isConnectedTo(left)).isFalse();
  }

  @Test
  void mend_chainsGrewApart_bothEndOnTheOneOfMostWork() throws InterruptedException {
    mine(left);
    neighbourhood.cut(cable);
    mine(left);
    mine(right);
    mine(right);
    neighbourhood.mend(cable, left, right);
    neighbourhood.awaitTipOf(right, "same-tip");

    assertThat(heightOf(left)).isEqualTo(3);
    awaitThat(() -> !journal.reorganisations().isEmpty());
    assertThat(journal.reorganisations()).hasSize(1).first().extracting("node").isEqualTo("left");
    assertThat(journal.complaints()).isEmpty();
  }

  @Test
  void submit_blockBeforeItsParent_waitsUntilAPeerHasTheParent() throws InterruptedException {
    neighbourhood.cut(cable);
    mine(left);
    mine(left);

    assertThat(right.submit(tipOf(left))).isInstanceOf(BlockOutcome.Orphaned.class);
    assertThat(heightOf(right)).isZero();
    neighbourhood.mend(cable, right, left);
    neighbourhood.awaitTipOf(left, "same-tip");

    awaitThat(() -> !journal.recoveries().isEmpty());
    assertThat(journal.orphans()).hasSize(1);
    assertThat(journal.recoveries()).isEqualTo(journal.orphans());
    assertThat(right.engine().orphans()).isEmpty();
  }

  @Test
  void submit_payment_reachesTheOtherMempool() throws InterruptedException {
    Transaction payment = mineAndPay();

    awaitThat(() -> right.engine().mempoolEntry(payment.txid()).isPresent());
    assertThat(right.engine().mempool()).hasSize(1);
  }

  /** Relay tells only those who are there; what came before them is reconciled. */
  @Test
  void request_paymentIsOlderThanTheConnection_reconcilesTheMempools()
      throws InterruptedException, ExecutionException, TimeoutException {
    neighbourhood.cut(cable);
    Transaction payment = mineAndPay();
    neighbourhood.mend(cable, left, right);
    neighbourhood.awaitTipOf(left, "same-tip");

    TaskFigures figures =
        left.driver().request(SyncTask.MEMPOOL).get(30, TimeUnit.SECONDS).figures();

    assertThat(figures.peersAsked()).isEqualTo(1);
    awaitThat(() -> right.engine().mempoolEntry(payment.txid()).isPresent());
  }

  @Test
  void pay_moreThanThereIs_isRefused() {
    TransactionOutput output =
        TransactionOutput.of(Amount.ofCoins(1), right.wallet().payout().script());

    assertThatThrownBy(() -> left.wallet().pay(left.engine(), output, Amount.ZERO))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("left has");
  }

  /**
   * The median of the last times rises faster than a second a block, so the clock must catch up.
   */
  @Test
  void mine_fasterThanTheClock_waitsAndSaysSo() throws InterruptedException {
    ChainParams fast = DemoNetwork.startedAt(clock.instant().getEpochSecond(), 2_000);
    try (Neighbourhood other = new Neighbourhood(fast, clock, journal, PATIENCE)) {
      DemoNode node = other.moveIn(left.wallet(), 3);
      for (int i = 0; i < 30; i++) {
        assertThat(node.submit(miner.mine(node).block())).isInstanceOf(BlockOutcome.Accepted.class);
      }
    }

    assertThat(told.toString()).contains("too far ahead of the clock: left waits");
  }

  @Test
  void audit_nodesOnDifferentTips_namesTheInvariant() throws InterruptedException {
    neighbourhood.cut(cable);
    mine(left);

    Audit audit = Audit.of(List.of(left, right), journal);

    assertThatThrownBy(
            () ->
                audit.check(
                    params.genesis().transactions().get(0), params.genesis().transactions().get(0)))
        .isInstanceOfSatisfying(
            BrokenInvariant.class, broken -> assertThat(broken.invariant()).isEqualTo("same-tip"));
  }

  @Test
  void await_neverComesAbout_namesTheInvariantAndSaysWhatThereIs() {
    try (Neighbourhood hurried = new Neighbourhood(params, clock, journal, Duration.ZERO)) {
      assertThatThrownBy(() -> hurried.await("pigs-fly", () -> false, () -> "they walk"))
          .isInstanceOfSatisfying(
              BrokenInvariant.class, broken -> assertThat(broken.invariant()).isEqualTo("pigs-fly"))
          .hasMessage("they walk");
    }
  }

  private static int heightOf(DemoNode node) {
    return node.engine().view().height();
  }

  private static Block tipOf(DemoNode node) {
    return node.engine().block(node.engine().view().tip().hash()).orElseThrow();
  }

  private void mine(DemoNode node) throws InterruptedException {
    assertThat(node.submit(miner.mine(node).block())).isInstanceOf(BlockOutcome.Accepted.class);
    neighbourhood.awaitTipOf(node, "block-reaches-everybody");
  }

  private Transaction mineAndPay() throws InterruptedException {
    mine(left);
    mine(left);
    Transaction payment =
        left.wallet()
            .pay(
                left.engine(),
                TransactionOutput.of(Amount.ofCoins(7), right.wallet().payout().script()),
                Amount.parseCoins("0.001"));
    assertThat(left.submit(payment)).isInstanceOf(MempoolOutcome.Accepted.class);
    return payment;
  }

  private void awaitThat(BooleanSupplier holds) throws InterruptedException {
    neighbourhood.await("it-comes-about", holds, () -> "it does not come about");
  }
}
