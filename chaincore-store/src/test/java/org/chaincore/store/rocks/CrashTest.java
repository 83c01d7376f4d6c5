package org.chaincore.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.store.StoreOptions.Budgets;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing acknowledged is lost, and the coins are those of the tip, wherever a store is stopped.
 */
class CrashTest {
  private static final int DEEP = 1_000;

  @TempDir Path directory;
  private int lives;

  private static StoreOptions lagging(int blocks) {
    return StoreOptions.DEFAULT
        .withBudgets(new Budgets(8L << 20, 8L << 20, blocks))
        .withFsync(FsyncPolicy.GROUPED);
  }

  private static Map<OutPoint, Coin> coins(ChainEngine engine, List<Block> blocks) {
    Map<OutPoint, Coin> coins = new LinkedHashMap<>();
    for (Block block : blocks) {
      for (Transaction transaction : block.transactions()) {
        for (int i = 0; i < transaction.outputs().size(); i++) {
          OutPoint outPoint = transaction.outPoint(i);
          engine.coin(outPoint).ifPresent(coin -> coins.put(outPoint, coin));
        }
      }
    }
    return coins;
  }

  @Test
  void open_afterACrash_hasAllThatWasAcknowledged() {
    Path live = directory.resolve("live");
    try (RocksChainStore store = RocksChainStore.open(live, lagging(1_000))) {
      ChainFixture chain = ChainFixture.on(store, DEEP);
      List<Block> blocks = new ArrayList<>(chain.mine(5));
      blocks.add(chain.mineWith(chain.pay(chain.coin(), 10_000, 30_000)));
      Path left = Copies.of(live, directory.resolve("left"));
      try (RocksChainStore reopened = RocksChainStore.open(left, lagging(1_000))) {
        ChainEngine engine = ChainEngine.open(ChainFixture.setupOn(reopened, DEEP));
        assertThat(engine.view().tip().hash()).isEqualTo(blocks.get(5).hash());
        assertThat(coins(engine, blocks)).isEqualTo(coins(chain.engine(), blocks));
        assertThat(engine.coinCount()).isEqualTo(chain.engine().coinCount()).isEqualTo(7);
      }
    }
  }

  @Test
  void open_afterACrashInReplay_replaysAgain() {
    Path live = directory.resolve("live");
    try (RocksChainStore store = RocksChainStore.open(live, lagging(1_000))) {
      ChainFixture chain = ChainFixture.on(store, DEEP);
      List<Block> blocks = chain.mine(10);
      Path left = Copies.of(live, directory.resolve("left"));
      List<Path> again = new ArrayList<>();
      Watched watched = new Watched();
      watched.at(
          StorePoint.REPLAY_BLOCK,
          () -> again.add(Copies.of(left, directory.resolve("again" + again.size()))));
      try (RocksChainStore reopened = RocksChainStore.open(left, lagging(1_000), watched)) {
        ChainEngine.open(ChainFixture.setupOn(reopened, DEEP));
      }
      assertThat(again).hasSize(10);
      for (Path copy : again.subList(0, 3)) {
        try (RocksChainStore reopened = RocksChainStore.open(copy, lagging(1_000))) {
          ChainEngine engine = ChainEngine.open(ChainFixture.setupOn(reopened, DEEP));
          assertThat(coins(engine, blocks)).isEqualTo(coins(chain.engine(), blocks));
        }
      }
    }
  }

  @Test
  void open_afterCrashesAnywhereInRandomReorganisations_isLikeTheStoreInMemory() {
    new SeededRun(12, 40, 1).check((random, size) -> new Life(random, size).run());
  }

  /** One chain on two stores, of which one crashes now and then. */
  private final class Life {
    private final RandomGenerator random;
    private final int size;
    private final int lag;
    private final ChainFixture model = ChainFixture.on(InMemoryChainStore.create(), DEEP);
    private final List<Block> blocks = new ArrayList<>();
    private Path place;
    private int crashes;
    private RocksChainStore store;
    private ChainEngine engine;

    Life(RandomGenerator random, int size) {
      this.random = random;
      this.size = size;
      this.lag = 1 + random.nextInt(12);
      this.place = directory.resolve("life-" + lives++);
      this.store = RocksChainStore.open(place, lagging(lag));
      this.engine = open(store);
      blocks.add(model.genesis());
    }

    private static ChainEngine open(ChainStore on) {
      return ChainEngine.open(ChainFixture.setupOn(on, DEEP));
    }

    void run() {
      try {
        for (int i = 0; i < size; i++) {
          step();
          assertThat(engine.view().tip().hash()).isEqualTo(model.engine().view().tip().hash());
          assertThat(engine.coinCount()).isEqualTo(model.engine().coinCount());
        }
        compare();
      } finally {
        store.close();
      }
    }

    private void step() {
      switch (random.nextInt(8)) {
        case 0 -> {
          Hash256 some = blocks.get(random.nextInt(blocks.size())).hash();
          model.engine().invalidate(some, model.now());
          engine.invalidate(some, model.now());
        }
        case 1 -> {
          Hash256 some = blocks.get(random.nextInt(blocks.size())).hash();
          model.engine().reconsider(some, model.now());
          engine.reconsider(some, model.now());
        }
        case 2 -> crash();
        case 3 -> {
          store.close();
          store = RocksChainStore.open(place, lagging(lag));
          engine = open(store);
        }
        default -> grow();
      }
    }

    private void grow() {
      boolean onTip = random.nextInt(3) > 0;
      Block parent = onTip ? model.tip() : blocks.get(random.nextInt(blocks.size()));
      boolean pays = onTip && random.nextBoolean() && model.engine().view().height() > 4;
      Block block =
          pays
              ? model.blockOn(parent, model.pay(model.coin(), 20_000, 20_000))
              : model.blockOn(parent);
      blocks.add(block);
      model.deliver(block);
      engine.accept(block, 0, model.now());
    }

    private void crash() {
      Path left = Copies.of(place, directory.resolve(place.getFileName() + "c"));
      crashes++;
      store.close();
      place = left;
      Watched watched = new Watched();
      store = RocksChainStore.open(place, lagging(lag), watched);
      engine = open(store);
      compare();
    }

    private void compare() {
      assertThat(coins(engine, blocks))
          .as("after %d crashes", crashes)
          .isEqualTo(coins(model.engine(), blocks));
      for (Block block : blocks.subList(1, blocks.size())) {
        assertThat(engine.block(block.hash())).isEqualTo(model.engine().block(block.hash()));
      }
    }
  }
}
