package org.chaincore.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.store.StoreOptions.Budgets;
import org.chaincore.core.store.StoreOptions.Safety;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every file of a store, damaged at places that a seed chooses: it is noticed, or harms nobody. */
class DamageTest {
  private static final StoreOptions SMALL =
      StoreOptions.DEFAULT
          .withBudgets(new Budgets(8L << 20, 8L << 20, 1_000))
          .withSafety(new Safety(0, false));
  private static final int BLOCKS = 30;
  private static final long SEED = Long.getLong("chaincore.seed", 1);
  private static final int PLACES = Integer.getInteger("chaincore.damage.places", 2);

  @TempDir Path directory;
  private final List<Block> blocks = new ArrayList<>();
  private final Map<OutPoint, Coin> coins = new TreeMap<>();

  /** A store that was closed, and one as it is while open: all in tables, all in the log. */
  private List<Path> stores() {
    Path closed = directory.resolve("closed");
    try (RocksChainStore store = RocksChainStore.open(closed, SMALL)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      blocks.addAll(chain.mine(BLOCKS));
      for (Block block : blocks) {
        OutPoint outPoint = block.transactions().get(0).outPoint(0);
        coins.put(outPoint, chain.engine().coin(outPoint).orElseThrow());
      }
      Copies.of(closed, directory.resolve("open"));
    }
    return List.of(directory.resolve("open"), closed);
  }

  @Test
  void files_flippedOrCutAnywhere_areNoticedOrHarmless() {
    SplittableRandom random = new SplittableRandom(SEED);
    Map<String, Integer> seen = new TreeMap<>();
    int copies = 0;
    for (Path store : stores()) {
      for (Path file : Copies.files(store)) {
        for (int place = 0; place < 2 * PLACES; place++) {
          Path copy = Copies.of(store, directory.resolve("copy" + copies++));
          Path damaged = copy.resolve(store.relativize(file).toString());
          String what = damage(damaged, place % 2 == 0, random);
          if (!what.isEmpty()) {
            String outcome = look(copy, what);
            seen.merge(outcome, 1, Integer::sum);
          }
        }
      }
    }
    assertThat(seen).containsKeys("noticed", "harmless");
  }

  private static String damage(Path file, boolean flips, SplittableRandom random) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length == 0) {
        return "";
      }
      int at = random.nextInt(bytes.length);
      if (flips) {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);
        return file + " flipped at " + at;
      }
      Files.write(file, Arrays.copyOf(bytes, at));
      return file + " cut at " + at;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that was acknowledged is there as it was, or somebody says that it is not. */
  private String look(Path copy, String what) {
    try (RocksChainStore store = RocksChainStore.open(copy, SMALL)) {
      ChainEngine engine = ChainEngine.open(ChainFixture.setupOn(store, 100));
      assertThat(engine.view().tip().hash()).as(what).isEqualTo(blocks.get(BLOCKS - 1).hash());
      for (Block block : blocks) {
        assertThat(engine.block(block.hash())).as(what).contains(block);
        assertThat(store.undo(block.hash())).as(what).isPresent();
      }
      coins.forEach((at, coin) -> assertThat(engine.coin(at)).as(what).contains(coin));
      assertThat(engine.coinCount()).as(what).isEqualTo(BLOCKS);
      return "harmless";
    } catch (StoreException e) {
      assertThat(e.fault()).as(what + ": " + e.getMessage()).isNotEqualTo(StoreFault.OTHER);
      return "noticed";
    }
  }
}
