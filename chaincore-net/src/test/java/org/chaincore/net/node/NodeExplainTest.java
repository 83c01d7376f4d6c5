package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Hash256;
import org.chaincore.net.journal.Explanation;
import org.chaincore.net.journal.Explanation.Standing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node without an HTTP interface says why, too. */
@Timeout(60)
final class NodeExplainTest {
  private static final KeyPair ALICE = KeyPair.ofSeed(new byte[32]);

  private static ChainNode miner() {
    return ChainNode.builder()
        .network(Networks.regtest())
        .mineTo(ALICE.payToWitnessPubkeyHash())
        .listen("127.0.0.1:0")
        .start();
  }

  private static Block at(ChainNode node, int height) {
    return node.engine().block(node.engine().view().at(height).orElseThrow().hash()).orElseThrow();
  }

  private static Transaction payment(Block from, long fee) {
    Transaction coinbase = from.transactions().get(0);
    TransactionOutput reward = coinbase.outputs().get(0);
    return Payments.by(ALICE)
        .pay(
            List.of(new Payments.Coin(new OutPoint(coinbase.txid(), 0), reward)),
            List.of(Payments.output(Amount.ofCoins(1), ALICE.payToTaproot())),
            Amount.of(fee));
  }

  private static <E extends Explanation> E explain(ChainNode node, Hash256 hash, Class<E> kind) {
    Optional<Explanation> known = node.explain(hash);
    assertThat(known).containsInstanceOf(kind);
    return kind.cast(known.orElseThrow());
  }

  @Test
  void explain_ofTheChain_saysWhereItIs() throws Exception {
    try (ChainNode node = miner()) {
      node.whenHeight(3).get(30, TimeUnit.SECONDS);
      Block second = at(node, 2);

      Explanation.OfBlock block = explain(node, second.hash(), Explanation.OfBlock.class);
      assertThat(block.standing()).isEqualTo(Standing.ON_CHAIN);
      assertThat(block.height()).isEqualTo(2);
      assertThat(block.confirmations()).isGreaterThanOrEqualTo(2);
      assertThat(block.why()).isEqualTo("it is part of the chain");
      assertThat(node.explain(Hash256.ZERO)).isEmpty();
    }
  }

  @Test
  void explain_whatTheHostSubmitted_namesTheRuleAndTheHost() throws Exception {
    try (ChainNode node =
        ChainNode.builder()
            .network(Networks.regtest())
            .mineTo(ALICE.payToWitnessPubkeyHash())
            .blockInterval(3_600)
            .start()) {
      node.whenHeight(1).get(30, TimeUnit.SECONDS);
      Transaction early = payment(at(node, 1), 10_000);
      assertThat(node.submit(early)).isInstanceOf(MempoolOutcome.Rejected.class);

      Explanation.OfRefused refused = explain(node, early.txid(), Explanation.OfRefused.class);
      assertThat(refused.cause().rejection())
          .satisfies(why -> assertThat(why.code()).isEqualTo(RejectionCode.IMMATURE_COINBASE));
      assertThat(refused.cause().from()).isEqualTo("host");
    }
  }

  /** Pays on what the first output of a payment gave. */
  private static Transaction spending(Transaction parent) {
    return Payments.by(ALICE)
        .pay(
            List.of(new Payments.Coin(new OutPoint(parent.txid(), 0), parent.outputs().get(0))),
            List.of(Payments.output(Amount.of(50_000), ALICE.payToTaproot())),
            Amount.of(10_000));
  }

  @Test
  void explain_aPaymentThatWaitsForAnother_saysForWhichByBothItsNames() throws Exception {
    try (ChainNode node = miner()) {
      node.whenHeight(102).get(30, TimeUnit.SECONDS);
      Transaction parent = payment(at(node, 1), 10_000);
      Transaction child = spending(parent);
      assertThat(node.submit(child)).isInstanceOf(MempoolOutcome.Orphaned.class);

      Explanation.OfOrphanTransaction waits =
          explain(node, child.txid(), Explanation.OfOrphanTransaction.class);
      assertThat(waits.missing()).containsExactly(new OutPoint(parent.txid(), 0));
      assertThat(waits.from()).isEqualTo("host");
      assertThat(child.wtxid()).isNotEqualTo(child.txid());
      assertThat(node.explain(child.wtxid())).contains(waits);
    }
  }

  @Test
  void explain_byWtxid_isTheSameAsByTxid() throws Exception {
    try (ChainNode node =
        ChainNode.builder()
            .network(Networks.regtest())
            .mineTo(ALICE.payToWitnessPubkeyHash())
            .store(InMemoryChainStore.indexed())
            .start()) {
      node.whenHeight(102).get(30, TimeUnit.SECONDS);
      // It stays refused, while a coin that is immature is mature soon: the miner does not wait.
      Transaction free = payment(at(node, 2), 0);
      assertThat(node.submit(free)).isInstanceOf(MempoolOutcome.Rejected.class);
      assertThat(explain(node, free.wtxid(), Explanation.OfRefused.class).cause())
          .isEqualTo(explain(node, free.txid(), Explanation.OfRefused.class).cause());

      Transaction payment = payment(at(node, 1), 10_000);
      node.submit(payment);
      assertThat(node.explain(payment.wtxid())).isPresent();
      node.whenHeight(node.tip().height() + 3).get(30, TimeUnit.SECONDS);
      assertThat(explain(node, payment.wtxid(), Explanation.OfConfirmed.class).hash())
          .isEqualTo(payment.txid());
    }
  }

  @Test
  void explain_aPayment_isPendingAndThenMined() throws Exception {
    try (ChainNode node =
        ChainNode.builder()
            .network(Networks.regtest())
            .mineTo(ALICE.payToWitnessPubkeyHash())
            .store(InMemoryChainStore.indexed())
            .start()) {
      node.whenHeight(102).get(30, TimeUnit.SECONDS);
      Transaction payment = payment(at(node, 1), 10_000);
      node.submit(payment);
      assertThat(node.explain(payment.txid())).isPresent();
      node.whenHeight(node.tip().height() + 3).get(30, TimeUnit.SECONDS);

      Explanation.OfConfirmed confirmed =
          explain(node, payment.txid(), Explanation.OfConfirmed.class);
      assertThat(confirmed.confirmations()).isPositive();
      assertThat(node.engine().view().onChain(confirmed.block().hash())).isPresent();
    }
  }

  @Test
  void explain_aBlockThatWaits_saysForWhich() throws Exception {
    try (ChainNode miner = miner();
        ChainNode other = ChainNode.builder().network(Networks.regtest()).start()) {
      miner.whenHeight(3).get(30, TimeUnit.SECONDS);
      assertThat(other.submit(at(miner, 2))).isInstanceOf(BlockOutcome.Orphaned.class);
      assertThat(other.submit(at(miner, 3))).isInstanceOf(BlockOutcome.Orphaned.class);

      Explanation.OfOrphan orphan = explain(other, at(miner, 3).hash(), Explanation.OfOrphan.class);
      assertThat(orphan.missing()).isEqualTo(at(miner, 1).hash());
      assertThat(orphan.from()).isEqualTo("host");
    }
  }

  @Test
  void explain_aBlockThatTheHostDoesNotWant_saysSo() throws Exception {
    try (ChainNode miner = miner()) {
      miner.whenHeight(3).get(30, TimeUnit.SECONDS);
      Hash256 second = at(miner, 2).hash();
      Hash256 third = at(miner, 3).hash();
      miner.engine().invalidate(second, System.currentTimeMillis() / 1_000);

      assertThat(explain(miner, second, Explanation.OfBlock.class).standing())
          .isEqualTo(Standing.REFUSED_BY_HOST);
      assertThat(explain(miner, third, Explanation.OfBlock.class).standing())
          .isEqualTo(Standing.ON_A_REFUSED_BLOCK);
    }
  }

  /** Regtest as far as anybody can see from outside, whose miner takes too much. */
  private static ChainParams greedy() {
    ChainParams regtest = Networks.regtest();
    return ChainParams.builder("regtest", regtest.identity().magic())
        .genesis(regtest.genesis())
        .work(regtest.work().limit(), regtest.work().difficulty())
        .time(regtest.time())
        .limits(regtest.limits())
        .emission(Amount.ofCoins(60), 150, 100)
        .build();
  }

  @Test
  void explain_aBadBlockOfAPeer_namesThePeer() throws Exception {
    try (ChainNode greedy =
        ChainNode.builder()
            .network(greedy())
            .extensions(Set.of())
            .mineTo(ALICE.payToTaproot())
            .blockInterval(3_600)
            .listen("127.0.0.1:0")
            .start()) {
      greedy.whenHeight(1).get(30, TimeUnit.SECONDS);
      namesTheSender(greedy);
    }
  }

  private static void namesTheSender(ChainNode greedy) throws Exception {
    try (ChainNode honest =
        ChainNode.builder()
            .network(Networks.regtest())
            .connectTo(greedy.p2pAddress().orElseThrow().toString())
            .start()) {
      Hash256 bad = greedy.tip().hash();
      CountDownLatch refused = new CountDownLatch(1);
      honest
          .events()
          .listen(
              0,
              happened -> {
                if (happened.event() instanceof ChainEvent.BlockRejected) {
                  refused.countDown();
                }
              });
      assertThat(refused.await(30, TimeUnit.SECONDS)).isTrue();
      honest.sync().currentStatus().get(30, TimeUnit.SECONDS);

      Explanation.OfBlock block = explain(honest, bad, Explanation.OfBlock.class);
      assertThat(block.standing()).isEqualTo(Standing.BROKE_A_RULE);
      assertThat(block.cause().rejection())
          .satisfies(why -> assertThat(why.code()).isEqualTo(RejectionCode.BAD_COINBASE_AMOUNT));
      assertThat(block.cause().from()).isEqualTo(greedy.p2pAddress().orElseThrow().toString());
    }
  }
}
