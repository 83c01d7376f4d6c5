package org.chaincore.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.fixture.MarkedSignatures;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

/** Readers look while a writer works: each sees some chain whole. */
class ConcurrentReadersTest {
  private static final int READERS = 3;
  private static final int TREES = 30;

  private final AtomicBoolean isDone = new AtomicBoolean();

  @Test
  void read_whileWriterReorganises_eachViewIsWhole()
      throws ExecutionException, InterruptedException {
    ExecutorService executor = Executors.newFixedThreadPool(READERS);
    try {
      for (int seed = 0; seed < TREES; seed++) {
        isDone.set(false);
        RandomTree tree = RandomTree.of(new SplittableRandom(seed), 40);
        ChainEngine engine =
            ChainEngine.open(
                EngineSetup.inMemory(RandomTree.PARAMS).withSignatures(new MarkedSignatures()));
        List<Future<?>> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
          readers.add(executor.submit(() -> readUntilDone(engine, tree)));
        }
        write(engine, tree);
        isDone.set(true);
        for (Future<?> reader : readers) {
          reader.get();
        }
      }
    } finally {
      isDone.set(true);
      executor.shutdown();
    }
  }

  private static void write(ChainEngine engine, RandomTree tree) {
    for (Block block : tree.shuffled()) {
      engine.accept(block, 0, RandomTree.NOW);
      for (Transaction transaction : block.transactions()) {
        engine.accept(transaction, 0, RandomTree.NOW);
      }
    }
    for (Block block : tree.blocks()) {
      engine.invalidate(block.hash(), RandomTree.NOW);
      engine.reconsider(block.hash(), RandomTree.NOW);
    }
  }

  private void readUntilDone(ChainEngine engine, RandomTree tree) {
    Map<Hash256, List<Block>> paths = new HashMap<>();
    Set<OutPoint> outPoints = new HashSet<>();
    for (int i = 0; i < tree.blocks().size(); i++) {
      Block block = tree.blocks().get(i);
      paths.put(block.hash(), tree.pathTo(i));
      for (Transaction transaction : block.transactions()) {
        for (int output = 0; output < transaction.outputs().size(); output++) {
          outPoints.add(transaction.outPoint(output));
        }
      }
    }
    do {
      checkLinks(engine.view());
      CoinsAtTip coins = engine.coins(List.copyOf(outPoints));
      List<Block> path = paths.getOrDefault(coins.view().tip().hash(), List.of());
      Map<OutPoint, Coin> expected = new HashMap<>(NaiveRules.coinsAfter(path));
      assertThat(coins.coins()).isEqualTo(expected);
      checkMempool(engine.mempool());
      engine.orphans();
      engine.orphanStats();
      engine.mempoolStats(RandomTree.NOW);
    } while (!isDone.get());
  }

  private static void checkLinks(ChainView view) {
    HeaderNode at = view.tip();
    for (int height = view.height(); height >= 0; height--) {
      assertThat(at.height()).isEqualTo(height);
      assertThat(view.at(height)).containsSame(at);
      assertThat(view.find(at.hash())).containsSame(at);
      HeaderNode parent = at.parent();
      if (parent != null) {
        assertThat(at.header().previous()).isEqualTo(parent.hash());
        at = parent;
      }
    }
  }

  /** No two spend one coin. */
  private static void checkMempool(List<MempoolEntry> entries) {
    Set<OutPoint> spent = new HashSet<>();
    entries.forEach(
        entry ->
            entry
                .transaction()
                .inputs()
                .forEach(input -> assertThat(spent.add(input.previousOutput())).isTrue()));
  }
}
