package org.chaincore.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.engine.RepairOutcome;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.ChainIndexContract;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.IndexProgress;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.store.StoreOptions.Indexes;
import org.chaincore.core.store.StoreOptions.Pruning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexBuildingTest {
  private static final StoreOptions PLAIN = StoreOptions.DEFAULT.withFsync(FsyncPolicy.GROUPED);
  private static final StoreOptions INDEXED = PLAIN.withIndexes(new Indexes(true, true));

  @TempDir Path directory;

  private RocksChainStore open(StoreOptions options) {
    return RocksChainStore.open(directory.resolve("store"), options);
  }

  private static List<Block> mine(ChainFixture chain, int payments) {
    List<Block> blocks = new ArrayList<>(chain.mine(5));
    for (int i = 0; i < payments; i++) {
      blocks.add(chain.mineWith(chain.pay(chain.coin(), 2_000, 1_000)));
    }
    return blocks;
  }

  @Test
  void index_switchedOnOverAChain_isBuiltInStepsAcrossRestarts() {
    List<Block> blocks;
    try (RocksChainStore store = open(PLAIN)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      blocks = mine(chain, 60);
      assertThat(store.transactionIndex()).isEmpty();
      assertThat(store.addressIndex()).isEmpty();
      assertThat(store.buildIndexes(10).isComplete()).isTrue();
    }
    try (RocksChainStore store = open(INDEXED)) {
      ChainFixture.on(store, 100);
      assertThat(store.buildIndexes(0)).isEqualTo(new IndexProgress(0, 65));
      assertThat(store.buildIndexes(20)).isEqualTo(new IndexProgress(20, 65));
      assertThat(store.transactionIndex().orElseThrow().find(blocks.get(0).txids().get(0)))
          .isPresent();
      assertThat(store.transactionIndex().orElseThrow().find(blocks.get(64).txids().get(0)))
          .isEmpty();
    }
    try (RocksChainStore store = open(INDEXED)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      assertThat(store.buildIndexes(0)).isEqualTo(new IndexProgress(20, 65));
      // A reorganisation above what is indexed, and one that goes below it.
      chain.deliver(chain.branch(blocks.get(50), 15));
      assertThat(chain.engine().view().height()).isEqualTo(66);
      List<Block> left = blocks.subList(10, blocks.size());
      chain.engine().invalidate(left.get(0).hash(), chain.now());
      assertThat(chain.engine().view().height()).isEqualTo(10);
      assertThat(store.buildIndexes(0).isComplete()).isTrue();
      ChainIndexContract.compare(chain.engine(), store, blocks);
      chain.engine().reconsider(left.get(0).hash(), chain.now());
      ChainIndexContract.compare(chain.engine(), store, blocks);
    }
  }

  @Test
  void index_behindTheChain_isTakenFurtherByCommits() {
    try (RocksChainStore store = open(PLAIN)) {
      mine(ChainFixture.on(store, 100), 10);
    }
    try (RocksChainStore store = open(INDEXED)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      chain.mine(1);
      assertThat(store.buildIndexes(0))
          .isEqualTo(new IndexProgress(org.chaincore.store.rocks.Indexes.BLOCKS_A_COMMIT, 16));
      chain.mine(5);
      ChainIndexContract.compare(chain.engine(), store, List.of());
      assertThat(store.verify().findings()).isEmpty();
    }
  }

  @Test
  void index_switchedOff_isDeletedAndBuiltAnew() {
    try (RocksChainStore store = open(INDEXED)) {
      mine(ChainFixture.on(store, 100), 5);
    }
    try (RocksChainStore store = open(PLAIN)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      chain.deliver(
          chain.branch(
              chain.engine().block(chain.engine().view().at(7).orElseThrow().hash()).orElseThrow(),
              5));
    }
    try (RocksChainStore store = open(INDEXED)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      assertThat(store.buildIndexes(0)).isEqualTo(new IndexProgress(0, 12));
      store.buildIndexes(100);
      ChainIndexContract.compare(chain.engine(), store, List.of());
    }
  }

  @Test
  void index_afterACrashWhileItWasBuilt_goesOn() {
    try (RocksChainStore store = open(PLAIN)) {
      mine(ChainFixture.on(store, 100), 30);
    }
    List<Path> left = new ArrayList<>();
    Watched watched = new Watched();
    for (StorePoint point : List.of(StorePoint.INDEX_BEGINS, StorePoint.INDEX_WRITTEN)) {
      watched.at(
          point,
          () ->
              left.add(
                  Copies.of(directory.resolve("store"), directory.resolve("left" + left.size()))));
    }
    try (RocksChainStore store =
        RocksChainStore.open(directory.resolve("store"), INDEXED, watched)) {
      ChainFixture.on(store, 100);
      store.buildIndexes(20);
    }
    assertThat(left).hasSize(8);
    for (Path copy : left) {
      try (RocksChainStore store = RocksChainStore.open(copy, INDEXED)) {
        ChainFixture chain = ChainFixture.on(store, 100);
        store.buildIndexes(1_000);
        ChainIndexContract.compare(chain.engine(), store, List.of());
      }
    }
  }

  @Test
  void index_switchedOnOverAPrunedChain_isRefused() {
    StoreOptions pruned = PLAIN.withPruning(new Pruning(1, 10));
    try (RocksChainStore store = open(pruned)) {
      mine(ChainFixture.on(store, 10), 30);
    }
    try (RocksChainStore store = open(pruned.withIndexes(new Indexes(true, false)))) {
      assertThatThrownBy(() -> ChainFixture.on(store, 10))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("index of transactions is at height 0 and cannot be built")
          .extracting(thrown -> ((StoreException) thrown).fault())
          .isEqualTo(StoreFault.PRUNED);
    }
  }

  @Test
  void pruning_withAnIndexThatIsBehind_waitsForIt() {
    try (RocksChainStore store = open(PLAIN)) {
      mine(ChainFixture.on(store, 10), 40);
    }
    try (RocksChainStore store = open(INDEXED.withPruning(new Pruning(1, 10)))) {
      ChainFixture chain = ChainFixture.on(store, 10);
      chain.mine(1);
      assertThat(store.retention().prunedHeight()).isZero();
      store.buildIndexes(100);
      chain.mine(1);
      assertThat(store.retention().prunedHeight()).isEqualTo(36);
      assertThat(
              store
                  .transactionIndex()
                  .orElseThrow()
                  .find(
                      store
                          .txids(chain.engine().view().at(3).orElseThrow().hash())
                          .orElseThrow()
                          .get(0)))
          .isPresent();
    }
  }

  @Test
  void resume_afterAFullDiskWhileAnIndexIsBuilt_goesOn() {
    try (RocksChainStore store = open(PLAIN)) {
      mine(ChainFixture.on(store, 100), 30);
    }
    Watched watched = new Watched();
    try (RocksChainStore store =
        RocksChainStore.open(directory.resolve("store"), INDEXED, watched)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      watched.at(StorePoint.INDEX_BEGINS, watched::fill);
      assertThatThrownBy(() -> store.buildIndexes(10)).isInstanceOf(StoreException.class);
      watched.nothingAt(StorePoint.INDEX_BEGINS);
      watched.free();
      assertThat(store.buildIndexes(100).isComplete()).isTrue();
      ChainIndexContract.compare(chain.engine(), store, List.of());
    }
  }

  @Test
  void index_overADamagedBlock_isBuiltAfterItsRepair() throws IOException {
    List<Block> blocks;
    try (RocksChainStore store = open(PLAIN)) {
      blocks = ChainFixture.on(store, 100).mine(30);
    }
    Block hurt = blocks.get(2);
    Copies.flip(directory.resolve("store"), hurt.toWire());
    try (RocksChainStore store = open(INDEXED)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      assertThat(chain.engine().damagedBlocks()).isEmpty();
      chain.mine(2);
      assertThat(chain.engine().damagedBlocks()).containsExactly(hurt.hash());
      assertThatThrownBy(() -> store.buildIndexes(100))
          .isInstanceOf(StoreException.class)
          .extracting(thrown -> ((StoreException) thrown).fault())
          .isEqualTo(StoreFault.CORRUPT);

      assertThat(chain.engine().repair(hurt)).isInstanceOf(RepairOutcome.Repaired.class);
      assertThat(chain.engine().damagedBlocks()).isEmpty();
      assertThat(store.buildIndexes(100).isComplete()).isTrue();
      ChainIndexContract.compare(chain.engine(), store, blocks);
    }
  }
}
