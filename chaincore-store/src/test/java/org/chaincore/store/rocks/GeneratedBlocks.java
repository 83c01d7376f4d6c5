package org.chaincore.store.rocks;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.value.Hash256;

/**
 * Blocks that a seed chooses, in the order in which a node gets them: payments and data in most,
 * branches that win and branches that lose now and then. Every block is valid where it stands. The
 * same seed gives the same blocks. Not thread-safe.
 */
final class GeneratedBlocks {
  /** Reorganisations of any depth made here are followed by a node that allows so many blocks. */
  static final int MAX_REORG_DEPTH = 1_000;

  /** That of the fixture's network. */
  private static final int HALVING_BLOCKS = 1_000;

  private static final int DATA_BYTES = 80;
  private static final int MOST_PAYMENTS = 8;

  private final SplittableRandom random;
  private final ChainFixture chain = ChainFixture.on(InMemoryChainStore.create(), MAX_REORG_DEPTH);
  private final ChainEngine engine = chain.engine();
  private final List<OutPoint> coins = new ArrayList<>();
  private final int deepest;
  private final int mostData;

  /**
   * Begins on genesis.
   *
   * @param deepest how many blocks a branch replaces at most; 0 for no branches
   * @param mostData how many data outputs a payment has at most: what makes blocks large
   */
  GeneratedBlocks(long seed, int deepest, int mostData) {
    this.random = new SplittableRandom(seed);
    this.deepest = deepest;
    this.mostData = mostData;
  }

  /** Small blocks, for hundreds of them. */
  static GeneratedBlocks small(long seed) {
    return new GeneratedBlocks(seed, 12, 8);
  }

  /** The next blocks, so many or some more. */
  List<Block> next(int least) {
    List<Block> made = new ArrayList<>();
    while (made.size() < least) {
      if (deepest > 0 && random.nextInt(12) == 0 && engine.view().height() > 2 * deepest) {
        branch(made);
      } else {
        made.add(extend());
      }
    }
    return made;
  }

  /**
   * A branch below the tip: longer than what it leaves behind, or shorter, never as long. None
   * where an earlier branch would be taken up again, which could then leave more behind than the
   * deepest may.
   */
  private void branch(List<Block> made) {
    int depth = 1 + random.nextInt(deepest);
    boolean wins = depth == 1 || random.nextBoolean();
    int length = wins ? depth + 1 + random.nextInt(2) : 1 + random.nextInt(depth - 1);
    int height = engine.view().height() - depth + 1;
    Hash256 parent = engine.view().at(height - 1).orElseThrow().hash();
    Hash256 first = engine.view().at(height).orElseThrow().hash();
    engine.invalidate(first, chain.now());
    boolean isFresh = engine.view().tip().hash().equals(parent);
    for (int i = 0; isFresh && i < length; i++) {
      made.add(extend());
    }
    engine.reconsider(first, chain.now());
  }

  private Block extend() {
    List<Transaction> payments = new ArrayList<>();
    int count = random.nextInt(MOST_PAYMENTS);
    for (int i = 0; i < count && !coins.isEmpty(); i++) {
      pay(payments);
    }
    int height = engine.view().height() + 1;
    Block block =
        chain
            .draftOn(chain.tip())
            .reward(ChainFixture.REWARD >> (height / HALVING_BLOCKS))
            .with(payments)
            .make();
    if (!(chain.deliver(block) instanceof BlockOutcome.Accepted)) {
      throw new IllegalStateException("made a block that is refused: " + block);
    }
    for (Transaction transaction : block.transactions()) {
      for (int i = 0; i < transaction.outputs().size(); i++) {
        if (engine.coin(transaction.outPoint(i)).isPresent()) {
          coins.add(transaction.outPoint(i));
        }
      }
    }
    return block;
  }

  /** Spends one coin, which may turn out not to be there; then nobody is paid. */
  private void pay(List<Transaction> payments) {
    int which = random.nextInt(coins.size());
    OutPoint at = coins.get(which);
    int outputs = 1 + random.nextInt(3);
    int data = random.nextInt(mostData);
    Coin coin = engine.coin(at).orElse(null);
    int next = engine.view().height() + 1;
    if (coin == null) {
      coins.set(which, coins.get(coins.size() - 1));
      coins.remove(coins.size() - 1);
      return;
    }
    if ((coin.isCoinbase() && next - coin.height() < ChainFixture.MATURITY)
        || coin.output().units() < outputs
        || isSpentBy(payments, at)) {
      return;
    }
    List<TransactionOutput> created = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      created.add(TestBlocks.pay(coin.output().units() / outputs));
    }
    for (int i = 0; i < data; i++) {
      created.add(TestBlocks.data(DATA_BYTES));
    }
    payments.add(TestBlocks.spend(List.of(at), created.toArray(TransactionOutput[]::new)));
  }

  private static boolean isSpentBy(List<Transaction> payments, OutPoint coin) {
    return payments.stream()
        .anyMatch(payment -> payment.inputs().get(0).previousOutput().equals(coin));
  }
}
