package org.chaincore.core.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.config.BlockLimits;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.fixture.Payments.Payment;
import org.chaincore.core.rules.RejectionCode;
import org.junit.jupiter.api.Test;

/** Edges, on a network whose blocks have 40,000 weight units and 100 signature operations. */
class StandardLimitsTest {
  private static final int BLOCKS = 8;

  private final PoolWorld world = new PoolWorld();
  private final Mempool mempool = world.emptyMempool(PolicyLimits.DEFAULT);

  private Payment payment(int coins) {
    while (world.blocks.size() < BLOCKS) {
      world.mine(mempool);
    }
    OutPoint[] spent = new OutPoint[coins];
    for (int i = 0; i < coins; i++) {
      spent[i] = world.blocks.get(i).transactions().get(0).outPoint(0);
    }
    return world.payments.payment(spent).fee(100_000);
  }

  private void assertRefused(Transaction transaction, RejectionCode code) {
    MempoolOutcome outcome = mempool.accept(transaction, 0, world.context(), world.now);
    assertThat(outcome).isInstanceOf(MempoolOutcome.Rejected.class);
    assertThat(((MempoolOutcome.Rejected) outcome).rejection().code()).isEqualTo(code);
  }

  private void assertIsMined(Transaction transaction) {
    MempoolOutcome outcome = mempool.accept(transaction, 0, world.context(), world.now);
    assertThat(outcome).isInstanceOf(MempoolOutcome.Accepted.class);
    Block block = world.mine(mempool);
    assertThat(PoolWorld.withoutCoinbase(block)).containsExactly(transaction);
  }

  @Test
  void of_blocksOfAnySize_areTheSmallerOfUsualAndWhatFits() {
    assertThat(StandardLimits.of(BlockLimits.BITCOIN))
        .isEqualTo(new StandardLimits(400_000, 16_000));
    assertThat(StandardLimits.of(new BlockLimits(404_000, 99, 80)))
        .isEqualTo(new StandardLimits(400_000, 19));
    assertThat(StandardLimits.of(new BlockLimits(403_999, 100, 80)))
        .isEqualTo(new StandardLimits(399_999, 20));
    assertThat(StandardLimits.of(new BlockLimits(40_000, 80, 80)))
        .isEqualTo(new StandardLimits(36_000, 16));
  }

  @Test
  void checkWeight_atTheEdge_isExact() {
    Transaction transaction = payment(1).outputs(2).make();

    assertThat(new StandardLimits(transaction.weight(), 0).checkWeight(transaction)).isEmpty();
    assertThat(new StandardLimits(transaction.weight() - 1, 0).checkWeight(transaction))
        .isPresent();
  }

  @Test
  void accept_heaviestForASmallBlock_isMinedAndOneOutputMoreIsRefused() {
    int outputs = 1;
    while (payment(1).outputs(outputs + 1).make().weight() <= 36_000) {
      outputs++;
    }

    assertRefused(payment(1).outputs(outputs + 1).make(), RejectionCode.TRANSACTION_TOO_HEAVY);
    assertIsMined(payment(1).outputs(outputs).make());
  }

  @Test
  void accept_fifthOfTheSignatureOperations_isMinedAndOneMoreIsRefused() {
    assertRefused(
        payment(5).outputs(4).toLegacy().make(), RejectionCode.TOO_MANY_SIGNATURE_OPERATIONS);
    assertIsMined(payment(4).outputs(4).toLegacy().make());
  }
}
