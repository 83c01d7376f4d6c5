package org.chaincore.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Amount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes and the link between them. */
class DemoNodeTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);

  private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  private final StringWriter told = new StringWriter();
  private final Journal journal = new Journal(new PrintWriter(told));
  private final ChainParams params = DemoNetwork.startedAt(NOW.getEpochSecond());
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final Miner miner = new Miner(executor, 1, clock, journal);
  private final DemoNode left = node("left", (byte) 1);
  private final DemoNode right = node("right", (byte) 2);
  private final Link link = Link.join(left, right);

  private DemoNode node(String name, byte seed) {
    byte[] secret = new byte[32];
    secret[0] = seed;
    KeyPair key = KeyPair.ofSeed(secret);
    return DemoNode.start(new Wallet(name, key, key.payToTaproot()), params, clock, journal);
  }

  @AfterEach
  void stopMining() {
    executor.shutdownNow();
  }

  @Test
  void submit_minedBlock_reachesTheNeighbour() throws InterruptedException {
    mine(left);

    assertThat(heightOf(right)).isEqualTo(1);
  }

  @Test
  void send_linkIsCut_deliversNothing() throws InterruptedException {
    link.cut();
    mine(left);

    assertThat(heightOf(right)).isZero();
  }

  @Test
  void heal_chainsGrewApart_bothEndOnTheOneOfMostWork() throws InterruptedException {
    mine(left);
    link.cut();
    mine(left);
    mine(right);
    mine(right);
    link.heal();
    settle();

    assertThat(left.engine().view().tip().hash()).isEqualTo(right.engine().view().tip().hash());
    assertThat(heightOf(left)).isEqualTo(3);
    assertThat(journal.reorganisations()).hasSize(1).first().extracting("node").isEqualTo("left");
  }

  @Test
  void receive_blockBeforeItsParent_asksForTheParentAndRecovers() throws InterruptedException {
    link.loseNextBlockOf(left);
    mine(left);
    assertThat(heightOf(right)).isZero();
    mine(left);

    assertThat(heightOf(right)).isEqualTo(2);
    assertThat(journal.orphans()).hasSize(1);
    assertThat(journal.recoveries()).isEqualTo(journal.orphans());
    assertThat(told.toString()).contains("right asks left for the missing parent");
  }

  @Test
  void send_moreThanTheQueueHolds_losesTheRestAndRecovers() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      link.send(left, new Message.SendMeBlock(params.genesis().hash()));
    }
    left.submit(miner.mine(left).block());
    settle();
    assertThat(heightOf(right)).isZero();

    mine(left);
    assertThat(heightOf(right)).isEqualTo(2);
  }

  @Test
  void greet_paymentIsWaiting_reachesTheOtherMempool() throws InterruptedException {
    mine(left);
    mine(left);
    link.cut();
    left.submit(
        left.wallet()
            .pay(
                left.engine(),
                TransactionOutput.of(Amount.ofCoins(7), right.wallet().payout().script()),
                Amount.parseCoins("0.001")));
    link.heal();
    settle();

    assertThat(right.engine().mempool()).hasSize(1);
  }

  @Test
  void pay_moreThanThereIs_isRefused() {
    TransactionOutput output =
        TransactionOutput.of(Amount.ofCoins(1), right.wallet().payout().script());

    assertThatThrownBy(() -> left.wallet().pay(left.engine(), output, Amount.ZERO))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("left has");
  }

  @Test
  void audit_nodesOnDifferentTips_namesTheInvariant() throws InterruptedException {
    link.cut();
    mine(left);

    Audit audit = Audit.of(List.of(left, right), journal);

    assertThatThrownBy(
            () ->
                audit.check(
                    params.genesis().transactions().get(0), params.genesis().transactions().get(0)))
        .isInstanceOfSatisfying(
            BrokenInvariant.class, broken -> assertThat(broken.invariant()).isEqualTo("same-tip"));
  }

  private static int heightOf(DemoNode node) {
    return node.engine().view().height();
  }

  private void mine(DemoNode node) throws InterruptedException {
    assertThat(node.submit(miner.mine(node).block())).isInstanceOf(BlockOutcome.Accepted.class);
    settle();
  }

  private void settle() {
    Link.settle(List.of(link), new Random(1));
  }
}
