package org.chaincore.sync.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.script.DataOutput;
import org.chaincore.core.value.Bytes;

/**
 * People who pay each other: from coinbases, from outputs that are not confirmed yet, and now and
 * then the same coin twice.
 */
final class Economy {
  private static final int MAX_COINS = 400;
  private static final int CONFLICTS_PER_CENT = 10;
  private static final long LEAST_UNITS = 2_000;

  private record Coin(OutPoint outPoint, long units) {}

  private final SplittableRandom random;
  private final List<Coin> coins = new ArrayList<>();
  private long payments;
  private int accepted;

  Economy(SplittableRandom random) {
    this.random = random;
  }

  /** A block was made: its coinbase can be spent one day. */
  void learn(Block block) {
    learn(block.transactions().get(0));
  }

  private void learn(Transaction transaction) {
    for (int i = 0; i < transaction.outputs().size(); i++) {
      long units = transaction.outputs().get(i).units();
      if (units >= LEAST_UNITS) {
        coins.add(new Coin(transaction.outPoint(i), units));
      }
    }
    while (coins.size() > MAX_COINS) {
      coins.remove(random.nextInt(coins.size()));
    }
  }

  /** Somebody pays somebody, at this node. */
  void pay(Member at) {
    if (coins.isEmpty()) {
      return;
    }
    int index = random.nextInt(coins.size());
    Coin coin = coins.get(index);
    Transaction payment = payment(coin);
    if (at.submit(payment)) {
      accepted++;
      if (random.nextInt(100) >= CONFLICTS_PER_CENT) {
        coins.remove(index);
      }
      learn(payment);
    }
  }

  private Transaction payment(Coin coin) {
    long fee = 100L + random.nextInt(500);
    long left = coin.units - fee;
    long first = random.nextBoolean() ? left : left / 2;
    List<TransactionOutput> outputs = new ArrayList<>();
    outputs.add(TestBlocks.pay(first));
    if (left > first) {
      outputs.add(TestBlocks.pay(left - first));
    }
    byte[] number = Long.toString(++payments).getBytes(US_ASCII);
    outputs.add(new TransactionOutput(0, new DataOutput(Bytes.of(number)).script()));
    TransactionInput input =
        TransactionInput.spending(coin.outPoint)
            .withWitness(TestBlocks.SIGNATURE)
            .withSequence(random.nextInt(4) == 0 ? 0xffff_fffdL : TransactionInput.FINAL_SEQUENCE);
    return Transaction.of(2, List.of(input), outputs, 0);
  }

  /** How many payments some node has accepted from its host. */
  int accepted() {
    return accepted;
  }
}
