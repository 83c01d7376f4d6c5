package org.chaincore.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.script.DataOutput;
import org.chaincore.core.value.Amount;
import org.junit.jupiter.api.Test;

/**
 * Random chains beside a map of coins that is copied for every block: connecting agrees with it,
 * and disconnecting restores exactly the copy, however many blocks share a layer.
 */
class LedgerPropertyTest {
  private static final ChainParams PARAMS =
      TestHeaders.network().emission(Amount.of(1_000), 7, 3).build();

  private record Step(Block block, BlockUndo undo, Map<OutPoint, Coin> before) {}

  /** A store that is a map, and the ledger's view of it. */
  private static final class World {
    private final RandomGenerator random;
    private final Ledger ledger =
        Ledger.of(PARAMS, SignatureChecks.of(new CountingVerifier(), 1_000));
    private final Map<OutPoint, Coin> store = new LinkedHashMap<>();
    private Map<OutPoint, Coin> model = new LinkedHashMap<>();
    private final Deque<Step> steps = new ArrayDeque<>();
    private CoinChanges layer = CoinChanges.on(store::get);
    private int height;

    World(RandomGenerator random) {
      this.random = random;
    }

    void connect() {
      height++;
      Map<OutPoint, Coin> after = new LinkedHashMap<>(model);
      Block block = randomBlock(after);
      SpendContext context = new SpendContext(height, 0, below -> 0);
      ConnectResult.Connected connected =
          (ConnectResult.Connected) ledger.connect(block, layer, context);
      steps.push(new Step(block, connected.undo(), model));
      model = after;
      assertLayerIsModel();
    }

    /** A block that keeps all rules; {@code after} becomes the coins behind it. */
    private Block randomBlock(Map<OutPoint, Coin> after) {
      List<Transaction> transactions = new ArrayList<>();
      long fees = 0;
      for (int i = random.nextInt(5); i > 0; i--) {
        List<OutPoint> coins = pick(after);
        if (coins.isEmpty()) {
          continue;
        }
        long in = coins.stream().mapToLong(coin -> worth(after, coin)).sum();
        long fee = random.nextLong(in + 1);
        fees += fee;
        Transaction spend = TestBlocks.spend(coins, outputs(in - fee));
        coins.forEach(after::remove);
        create(after, spend, false);
        transactions.add(spend);
      }
      long reward = PARAMS.emission().subsidy(height).units() + fees;
      Transaction coinbase = TestBlocks.coinbase(height, outputs(reward));
      create(after, coinbase, true);
      transactions.add(0, coinbase);
      return TestBlocks.block(transactions);
    }

    private static long worth(Map<OutPoint, Coin> coins, OutPoint outPoint) {
      Coin coin = coins.get(outPoint);
      return coin == null ? 0 : coin.output().units();
    }

    private List<OutPoint> pick(Map<OutPoint, Coin> coins) {
      List<OutPoint> ready = new ArrayList<>();
      coins.forEach(
          (outPoint, coin) -> {
            if (!coin.isCoinbase() || height - coin.height() >= 3) {
              ready.add(outPoint);
            }
          });
      Set<OutPoint> picked = new LinkedHashSet<>();
      for (int i = random.nextInt(4); i > 0 && !ready.isEmpty(); i--) {
        picked.add(ready.get(random.nextInt(ready.size())));
      }
      return List.copyOf(picked);
    }

    private TransactionOutput[] outputs(long units) {
      List<TransactionOutput> outputs = new ArrayList<>();
      long left = units;
      for (int i = random.nextInt(3); i > 0; i--) {
        long part = random.nextLong(left + 1);
        outputs.add(TestBlocks.pay(part));
        left -= part;
      }
      outputs.add(TestBlocks.pay(left));
      outputs.add(random.nextInt(outputs.size() + 1), TestBlocks.data(random.nextInt(20)));
      return outputs.toArray(TransactionOutput[]::new);
    }

    private void create(Map<OutPoint, Coin> coins, Transaction transaction, boolean isCoinbase) {
      for (int i = 0; i < transaction.outputs().size(); i++) {
        TransactionOutput output = transaction.outputs().get(i);
        if (!DataOutput.matches(output.script())) {
          coins.put(transaction.outPoint(i), new Coin(output, height, isCoinbase));
        }
      }
    }

    void disconnect() {
      if (steps.isEmpty()) {
        return;
      }
      Step step = steps.pop();
      ledger.disconnect(step.block(), step.undo(), layer);
      model = step.before();
      height--;
      assertLayerIsModel();
    }

    /** Hands the net change to the store, as a commit does. */
    void commit() {
      layer
          .changed()
          .forEach(
              (outPoint, coin) -> {
                if (coin == null) {
                  store.remove(outPoint);
                } else {
                  store.put(outPoint, coin);
                }
              });
      layer = CoinChanges.on(store::get);
      assertThat(store).isEqualTo(model);
    }

    /** A block with a bad last transaction changes nothing. */
    void refuse() {
      Map<OutPoint, Coin> scratch = new HashMap<>(model);
      height++;
      List<Transaction> transactions = new ArrayList<>(randomBlock(scratch).transactions());
      transactions.add(TestBlocks.spend(List.of(TestBlocks.unknown(1)), TestBlocks.pay(0)));
      SpendContext context = new SpendContext(height, 0, below -> 0);
      assertThat(ledger.connect(TestBlocks.block(transactions), layer, context))
          .isInstanceOf(ConnectResult.Refused.class);
      height--;
      assertLayerIsModel();
    }

    private void assertLayerIsModel() {
      Set<OutPoint> all = new LinkedHashSet<>(store.keySet());
      all.addAll(model.keySet());
      all.addAll(layer.changed().keySet());
      for (OutPoint outPoint : all) {
        assertThat(layer.coin(outPoint)).isEqualTo(model.get(outPoint));
      }
    }
  }

  @Test
  void connectAndDisconnect_inAnyOrder_agreeWithAPlainMap() {
    SeededRun.of(250, 60)
        .check(
            (random, size) -> {
              World world = new World(random);
              for (int i = 0; i < size; i++) {
                switch (random.nextInt(8)) {
                  case 0, 1 -> world.disconnect();
                  case 2 -> world.commit();
                  case 3 -> world.refuse();
                  default -> world.connect();
                }
              }
              world.commit();
              while (!world.steps.isEmpty()) {
                world.disconnect();
              }
              world.commit();
              assertThat(world.store).isEmpty();
            });
  }

  @Test
  void undo_ofARandomBlock_namesEachOldCoinOnceInTheOrderOfItsInput() {
    SeededRun.of(60, 30)
        .check(
            (random, size) -> {
              World world = new World(random);
              for (int i = 0; i < size; i++) {
                world.connect();
                Step step = world.steps.element();
                List<OutPoint> expected =
                    step.block().transactions().stream()
                        .skip(1)
                        .flatMap(transaction -> transaction.inputs().stream())
                        .map(TransactionInput::previousOutput)
                        .filter(step.before()::containsKey)
                        .toList();
                assertThat(step.undo().spent()).extracting(SpentCoin::outPoint).isEqualTo(expected);
              }
            });
  }
}
