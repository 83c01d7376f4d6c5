package org.chaincore.core.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.fixture.BlockDraft;
import org.chaincore.core.fixture.MarkedSignatures;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;

/**
 * A random tree of blocks over a network of trivial difficulty: most of them good, some bad in one
 * of many ways, some with a second body under the same header.
 */
final class RandomTree {
  static final long NOW = TestHeaders.GENESIS_TIME + 1_000;

  /** A network where headers have the work that their miner chose, and coins mature early. */
  static final ChainParams PARAMS =
      TestHeaders.anyWork()
          .emission(Amount.of(NaiveRules.REWARD), NaiveRules.HALVING, NaiveRules.MATURITY)
          .build();

  /** How a block is bad. */
  enum Fault {
    OVERSPEND,
    DOUBLE_SPEND,
    UNKNOWN_COIN,
    IMMATURE,
    OWN_COINBASE,
    BAD_SIGNATURE,
    DUPLICATE_INPUT,
    TOO_MUCH_REWARD,
    BAD_ROOT,
    NO_COMMITMENT,
    COINBASE_HEIGHT,
    NO_COINBASE,
    TWO_COINBASES,
    SIXTY_FOUR_BYTES,
    NOT_FINAL,
    NEGATIVE_OUTPUT,
    NO_OUTPUTS,
    NO_TRANSACTIONS,
    UNMINED,
    TOO_OLD,
    TOO_NEW,
    OLD_VERSION
  }

  /** A block with the way to it from height 1 on. */
  private record Placed(Block block, List<Block> path) {}

  private final RandomGenerator random;
  private final List<Placed> tree = new ArrayList<>();

  /** Each block at least once, and other bodies under the same headers. */
  private final List<Block> bodies = new ArrayList<>();

  private RandomTree(RandomGenerator random) {
    this.random = random;
    tree.add(new Placed(PARAMS.genesis(), List.of()));
  }

  static RandomTree of(RandomGenerator random, int size) {
    RandomTree made = new RandomTree(random);
    for (int i = 0; i < size; i++) {
      made.grow(i);
    }
    return made;
  }

  /** All bodies, parents first. */
  List<Block> bodies() {
    return bodies;
  }

  /** All blocks, genesis first. */
  List<Block> blocks() {
    return tree.stream().map(Placed::block).toList();
  }

  /** The blocks from height 1 up to one of the tree. */
  List<Block> pathTo(int index) {
    return tree.get(index).path();
  }

  /** All bodies in an order of which parents-first is only the tendency. */
  List<Block> shuffled() {
    List<Block> order = new ArrayList<>(bodies);
    int reach = 1 + random.nextInt(order.size());
    for (int i = 0; i < order.size(); i++) {
      Collections.swap(order, i, Math.min(order.size() - 1, i + random.nextInt(reach)));
    }
    return order;
  }

  private void grow(int salt) {
    Placed parent = tree.get(chooseParent());
    int height = parent.path().size() + 1;
    Map<OutPoint, Coin> coins = NaiveRules.coinsAfter(parent.path());
    List<Transaction> payments = payments(coins, height);
    BlockDraft draft =
        BlockDraft.on(parent.block().header(), height)
            .salt(salt)
            .reward(NaiveRules.subsidy(height))
            .with(payments)
            .time(parent.block().header().time() + 1 + random.nextInt(3))
            .bits(random.nextInt(6) == 0 ? TestHeaders.HEAVY : TestHeaders.EASY);
    boolean isBad = random.nextInt(4) == 0;
    Block block = isBad ? spoil(draft, coins, height, parent.block()) : draft.make();
    List<Block> path = new ArrayList<>(parent.path());
    path.add(block);
    tree.add(new Placed(block, path));
    if (random.nextInt(4) == 0) {
      bodies.add(otherBody(block));
    }
    bodies.add(block);
  }

  /** Mostly one of the last, so that branches get long. */
  private int chooseParent() {
    int back = random.nextInt(3) == 0 ? random.nextInt(tree.size()) : random.nextInt(3);
    return Math.max(0, tree.size() - 1 - back);
  }

  private List<Transaction> payments(Map<OutPoint, Coin> coins, int height) {
    List<OutPoint> mature = new ArrayList<>();
    coins.forEach(
        (outPoint, coin) -> {
          if (!coin.isCoinbase() || height - coin.height() >= NaiveRules.MATURITY) {
            mature.add(outPoint);
          }
        });
    List<Transaction> payments = new ArrayList<>();
    int count = Math.min(mature.size(), random.nextInt(3));
    for (int i = 0; i < count; i++) {
      OutPoint coin = mature.remove(random.nextInt(mature.size()));
      long worth = worth(coins, coin);
      Transaction payment = split(coin, worth);
      payments.add(payment);
      if (random.nextInt(3) == 0) {
        payments.add(split(payment.outPoint(0), payment.outputs().get(0).units()));
      }
    }
    return payments;
  }

  private static long worth(Map<OutPoint, Coin> coins, OutPoint coin) {
    return Objects.requireNonNull(coins.get(coin)).output().units();
  }

  private Transaction split(OutPoint coin, long worth) {
    long first = worth / 2;
    long fee = Math.min(worth - first, random.nextInt(3));
    return random.nextInt(5) == 0
        ? TestBlocks.spend(List.of(coin), TestBlocks.pay(worth), TestBlocks.data(3))
        : TestBlocks.spend(
            List.of(coin), TestBlocks.pay(first), TestBlocks.pay(worth - first - fee));
  }

  private Block spoil(BlockDraft draft, Map<OutPoint, Coin> coins, int height, Block parent) {
    Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
    OutPoint fresh =
        parent.transactions().isEmpty()
            ? TestBlocks.unknown(2)
            : parent.transactions().get(0).outPoint(0);
    OutPoint some = coins.isEmpty() ? TestBlocks.unknown(1) : coins.keySet().iterator().next();
    long worth = coins.isEmpty() ? 5 : worth(coins, some);
    return switch (fault) {
      case OVERSPEND -> draft.with(spend(some, worth + 1)).make();
      case DOUBLE_SPEND -> draft.with(spend(some, worth), spend(some, worth - 1)).make();
      case UNKNOWN_COIN -> draft.with(spend(TestBlocks.unknown(height), 1)).make();
      case IMMATURE -> draft.with(spend(fresh, 1)).make();
      case OWN_COINBASE -> ownCoinbase(draft);
      case BAD_SIGNATURE ->
          draft.with(withWitness(spend(some, worth), MarkedSignatures.bad())).make();
      case DUPLICATE_INPUT ->
          draft.with(TestBlocks.spend(List.of(some, some), TestBlocks.pay(1))).make();
      case TOO_MUCH_REWARD -> draft.reward(NaiveRules.REWARD + 100 + height).make();
      case BAD_ROOT -> draft.foreignRoot().make();
      case NO_COMMITMENT -> draft.with(spend(some, worth)).withoutCommitment().make();
      case COINBASE_HEIGHT -> draft.coinbaseHeight(height + 1).make();
      case NO_COINBASE -> draft.around(List.of(spend(some, worth)));
      case TWO_COINBASES -> draft.with(TestBlocks.coinbase(height, TestBlocks.pay(1))).make();
      case SIXTY_FOUR_BYTES -> draft.with(sixtyFourBytes(fresh)).make();
      case NOT_FINAL -> draft.with(locked(some, worth, height)).make();
      case NEGATIVE_OUTPUT -> draft.with(spend(some, -1)).make();
      case NO_OUTPUTS -> draft.with(TestBlocks.spend(List.of(some))).make();
      case NO_TRANSACTIONS -> draft.around(List.of());
      case UNMINED -> draft.unmined().make();
      case TOO_OLD -> draft.time(TestHeaders.GENESIS_TIME).make();
      case TOO_NEW -> draft.time(NOW + 61 + random.nextInt(2)).make();
      case OLD_VERSION -> draft.version(3).make();
    };
  }

  private static Transaction spend(OutPoint coin, long units) {
    return TestBlocks.spend(List.of(coin), TestBlocks.pay(units));
  }

  private static Block ownCoinbase(BlockDraft draft) {
    Transaction coinbase = draft.make().transactions().get(0);
    return draft.around(
        List.of(
            TestBlocks.coinbase(
                coinbase.inputs().get(0).scriptSig(), Witness.EMPTY, coinbase.outputs().get(0)),
            Transaction.of(
                2,
                List.of(TransactionInput.spending(coinbase.outPoint(0))),
                List.of(TestBlocks.pay(1)),
                0)));
  }

  /** 4 + 1 + 41 + 1 + (8 + 1 + 4) + 4 bytes. */
  private static Transaction sixtyFourBytes(OutPoint coin) {
    TransactionOutput output = new TransactionOutput(0, Bytes.parse("6a026869"));
    return Transaction.of(2, List.of(TransactionInput.spending(coin)), List.of(output), 0);
  }

  private Transaction locked(OutPoint coin, long units, int height) {
    Transaction open = spend(coin, units);
    long lock = random.nextBoolean() ? height + 3L : NOW + 10;
    return Transaction.of(
        2, List.of(open.inputs().get(0).withSequence(0xffff_fffeL)), open.outputs(), lock);
  }

  private static Transaction withWitness(Transaction transaction, Witness witness) {
    return transaction.withInputs(
        transaction.inputs().stream().map(input -> input.withWitness(witness)).toList());
  }

  /** A body that the header does not commit to, though some of it looks as if. */
  private Block otherBody(Block block) {
    List<Transaction> other = new ArrayList<>(block.transactions());
    if (other.isEmpty()) {
      other.add(TestBlocks.coinbase(1, TestBlocks.pay(1)));
    } else if (other.size() % 2 == 1 && other.size() > 1) {
      other.add(other.get(other.size() - 1));
    } else if (other.get(other.size() - 1).hasWitness()) {
      int last = other.size() - 1;
      other.set(last, withWitness(other.get(last), MarkedSignatures.bad()));
    } else {
      other.add(spend(TestBlocks.unknown(3), 1));
    }
    return new Block(block.header(), other);
  }
}
