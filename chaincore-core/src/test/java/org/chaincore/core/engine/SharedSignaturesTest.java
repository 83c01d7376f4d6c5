package org.chaincore.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.LentThreads;
import org.chaincore.core.fixture.MarkedSignatures;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.store.InMemoryChainStore;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Engines that are lent threads, good and bad, beside one that has none. */
@Timeout(120)
class SharedSignaturesTest {
  private static final int FORKS = 150;
  private static final long SHARE = ChainFixture.REWARD / FORKS;

  /** A transaction of some inputs, of which a few are signed badly or not at all. */
  private static Transaction spend(RandomGenerator random, List<OutPoint> coins, int rarity) {
    List<TransactionInput> inputs = new ArrayList<>();
    for (OutPoint coin : coins) {
      Witness witness =
          switch (random.nextInt(rarity)) {
            case 0 -> MarkedSignatures.bad();
            case 1 -> Witness.EMPTY;
            default -> TestBlocks.SIGNATURE;
          };
      inputs.add(TransactionInput.spending(coin).withWitness(witness));
    }
    List<TransactionOutput> outputs = new ArrayList<>();
    for (int i = 0; i < coins.size(); i++) {
      outputs.add(TestBlocks.pay(SHARE));
    }
    return Transaction.of(2, inputs, outputs, 0);
  }

  /** A block that spends all coins; they become those that it creates. */
  private static Block randomBlock(
      RandomGenerator random, ChainFixture chain, List<OutPoint> coins) {
    int rarity = random.nextInt(3) == 0 ? Integer.MAX_VALUE : 2 + random.nextInt(3 * coins.size());
    List<Transaction> transactions = new ArrayList<>();
    for (int from = 0; from < coins.size(); ) {
      int inputs = 1 + random.nextInt(random.nextInt(4) == 0 ? 80 : 3);
      int to = Math.min(coins.size(), from + inputs);
      transactions.add(spend(random, coins.subList(from, to), rarity));
      from = to;
    }
    return chain.blockOn(chain.tip(), transactions.toArray(Transaction[]::new));
  }

  private static List<OutPoint> created(Block block) {
    List<OutPoint> coins = new ArrayList<>();
    for (Transaction transaction : block.transactions().subList(1, block.transactions().size())) {
      for (int i = 0; i < transaction.outputs().size(); i++) {
        coins.add(transaction.outPoint(i));
      }
    }
    return coins;
  }

  @ParameterizedTest
  @EnumSource
  void accept_randomBlocksWithAnyExecutor_endsAsWithout(LentThreads.Kind kind) {
    AtomicInteger tasks = new AtomicInteger();
    SeededRun.of(12, 12)
        .check(
            (random, size) -> {
              try (LentThreads threads = LentThreads.of(kind)) {
                ChainFixture chain = ChainFixture.begin();
                ChainEngine lent =
                    ChainEngine.open(
                        ChainFixture.setupOn(InMemoryChainStore.create(), 100)
                            .withWorkers(threads.workers()));
                for (Block block : chain.mine(ChainFixture.MATURITY)) {
                  lent.accept(block, 0, chain.now());
                }
                long[] shares = new long[FORKS];
                Arrays.fill(shares, SHARE);
                Block first = chain.mineWith(chain.pay(chain.coin(), shares));
                lent.accept(first, 0, chain.now());
                List<OutPoint> coins = created(first);
                for (int i = 0; i < size; i++) {
                  Block block = randomBlock(random, chain, coins);

                  BlockOutcome outcome = chain.deliver(block);

                  assertThat(lent.accept(block, 0, chain.now())).hasToString(outcome.toString());
                  threads.runLate();
                  assertThat(lent.view().tip().hash()).isEqualTo(chain.tip().hash());
                  coins = chain.tip().equals(block) ? created(block) : coins;
                }
                tasks.addAndGet(threads.tasks());
              }
            });
    assertThat(tasks).hasPositiveValue();
  }
}
