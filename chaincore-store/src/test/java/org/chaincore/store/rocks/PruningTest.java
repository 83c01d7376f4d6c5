package org.chaincore.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.RepairOutcome;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.store.BodyRetention;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.store.StoreOptions.Budgets;
import org.chaincore.core.store.StoreOptions.Pruning;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PruningTest {
  private static final int KEPT = 10;
  private static final long TARGET = 1L << 20;

  @TempDir Path directory;

  private static StoreOptions options(long target, int lag) {
    return StoreOptions.DEFAULT
        .withBudgets(new Budgets(16L << 20, 8L << 20, lag))
        .withFsync(FsyncPolicy.GROUPED)
        .withPruning(target == 0 ? Pruning.NEVER : new Pruning(target, KEPT));
  }

  private RocksChainStore open(long target, int lag) {
    return RocksChainStore.open(directory.resolve("store"), options(target, lag));
  }

  /** Blocks of some 20 kB. */
  private static List<Block> mineLarge(ChainFixture chain, int blocks) {
    List<Block> mined = new ArrayList<>();
    long[] units = new long[460];
    Arrays.fill(units, 100);
    for (int i = 0; i < blocks; i++) {
      mined.add(chain.mineWith(chain.pay(chain.coin(), units)));
    }
    return mined;
  }

  private static List<Block> prunedChain(ChainFixture chain, int large) {
    List<Block> blocks = new ArrayList<>(chain.mine(5));
    blocks.addAll(mineLarge(chain, large));
    return blocks;
  }

  @Test
  void commit_overTheTarget_forgetsTheOldestBodiesAndKeepsTheirProofs() {
    try (RocksChainStore store = open(TARGET, 20)) {
      ChainFixture chain = ChainFixture.on(store, KEPT);
      List<Block> blocks = prunedChain(chain, 120);
      int pruned = store.retention().prunedHeight();

      assertThat(pruned).isBetween(60, 125 - KEPT);
      assertThat(store.retention().keptBlocks()).isEqualTo(KEPT);
      assertThat(store.retention().isLimited()).isTrue();
      for (Block block : blocks) {
        boolean isPruned = blocks.indexOf(block) < pruned;
        assertThat(store.block(block.hash()).isEmpty()).isEqualTo(isPruned);
        assertThat(store.undo(block.hash()).isEmpty()).isEqualTo(isPruned);
        List<Hash256> txids = chain.engine().txids(block.hash()).orElseThrow();
        int last = txids.size() - 1;
        assertThat(
                MerkleTree.prove(txids, last)
                    .proves(block.txids().get(last), block.header().merkleRoot()))
            .isTrue();
      }
      assertThat(store.txids(Hash256.ZERO)).isEmpty();
      assertThat(store.verify().findings()).isEmpty();
      assertThat(chain.engine().repair(blocks.get(0))).isEqualTo(new RepairOutcome.NotNeeded());
    }
    try (RocksChainStore store = open(TARGET, 20)) {
      ChainFixture chain = ChainFixture.on(store, KEPT);
      assertThat(chain.engine().view().height()).isEqualTo(125);
      assertThat(chain.mine(3)).hasSize(3);
      assertThat(store.verify().findings()).isEmpty();
    }
  }

  @Test
  void space_ofForgottenBodies_isGivenBack() throws IOException {
    long full;
    long before;
    try (RocksChainStore store = open(0, 20)) {
      mineBig(store, 300);
      store.flush();
      before = bytes(directory.resolve("store"));
      full = before;
    }
    try (RocksChainStore store = open(TARGET, 20)) {
      ChainFixture chain = ChainFixture.on(store, KEPT);
      chain.mine(10);
      assertThat(store.retention().prunedHeight()).isGreaterThan(200);
      store.flush();
    }
    long after = bytes(directory.resolve("store"));
    assertThat(full).isGreaterThan(6_000_000);
    // The target, the txids, the coins, and the last files that are not full of deleted values.
    assertThat(after).isLessThan(full / 2);
  }

  private static void mineBig(RocksChainStore store, int blocks) {
    prunedChain(ChainFixture.on(store, KEPT), blocks);
  }

  private static long bytes(Path of) throws IOException {
    long sum = 0;
    for (Path file : Copies.files(of)) {
      try {
        boolean isBlob = file.toString().endsWith(".blob");
        sum += isBlob ? Files.size(file) : 0;
      } catch (NoSuchFileException e) {
        // Went while we looked.
      }
    }
    return sum;
  }

  @Test
  void blocks_withinTheKeptOnes_stayWhateverTheyTake() {
    try (RocksChainStore store = open(1, 1_000)) {
      ChainFixture chain = ChainFixture.on(store, KEPT);
      List<Block> blocks = chain.mine(30);

      // The commit that prunes comes before the block that it makes.
      assertThat(store.retention().prunedHeight()).isEqualTo(29 - KEPT);
      ChainFixture.Fork none = chain.fork(0, 0);
      assertThat(none.left()).isEmpty();
      List<Block> heavier = chain.branch(blocks.get(29 - KEPT), KEPT + 1);
      chain.deliver(heavier);
      assertThat(chain.tip()).isEqualTo(heavier.get(KEPT));
      assertThat(store.verify().findings()).isEmpty();
    }
  }

  @Test
  void open_withLessKeptThanAReorganisationTakes_isRefused() {
    try (RocksChainStore store = open(TARGET, 20)) {
      assertThatThrownBy(() -> ChainFixture.on(store, KEPT + 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("store keeps 10 blocks, a reorganisation may take off 11");
    }
  }

  @Test
  void changes_belowThePrunedHeight_areRefusedAndHarmNothing() {
    try (RocksChainStore store = open(1, 5)) {
      ChainFixture chain = ChainFixture.on(store, KEPT);
      List<Block> side = chain.branch(chain.genesis(), 60);
      List<Block> blocks = chain.mine(40);
      ChainEngine engine = chain.engine();
      assertThatThrownBy(() -> engine.invalidate(blocks.get(3).hash(), chain.now()))
          .isInstanceOf(StoreException.class)
          .extracting(thrown -> ((StoreException) thrown).fault())
          .isEqualTo(StoreFault.PRUNED);
      chain.deliver(side);
      engine.allowDeepReorg(chain.now());
      engine.reconsider(side.get(50).hash(), chain.now());

      assertThat(chain.tip()).isEqualTo(blocks.get(39));
      assertThat(chain.eventsFrom(0)).anyMatch(ChainEvent.ReorgRefused.class::isInstance);
      assertThat(store.block(side.get(10).hash())).isEmpty();
      assertThat(store.txids(side.get(10).hash())).contains(side.get(10).txids());
      assertThat(chain.deliver(side.get(10))).isInstanceOf(BlockOutcome.AlreadyKnown.class);
      assertThat(chain.mine(2).get(1)).isEqualTo(chain.tip());
      assertThat(store.verify().findings()).isEmpty();
    }
    try (RocksChainStore store = open(1, 5)) {
      assertThat(ChainFixture.on(store, KEPT).engine().view().height()).isEqualTo(42);
    }
  }

  @Test
  void open_afterACrashAtAnyStepOfPruning_hasItsChain() {
    List<Path> left = new ArrayList<>();
    Watched watched = new Watched();
    Path live = directory.resolve("store");
    for (StorePoint point : List.of(StorePoint.PRUNE_BEGINS, StorePoint.PRUNE_WRITTEN)) {
      watched.at(
          point,
          () -> {
            if (left.size() % 7 < 6) {
              left.add(Copies.of(live, directory.resolve("left" + left.size())));
            }
          });
    }
    List<Block> blocks;
    try (RocksChainStore store = RocksChainStore.open(live, options(1, 4), watched)) {
      blocks = ChainFixture.on(store, KEPT).mine(14);
    }
    assertThat(left).hasSizeGreaterThan(4);
    for (Path copy : left) {
      try (RocksChainStore store = RocksChainStore.open(copy, options(1, 4))) {
        ChainFixture chain = ChainFixture.on(store, KEPT);
        int height = chain.engine().view().height();
        assertThat(chain.tip()).isEqualTo(blocks.get(height - 1));
        assertThat(chain.engine().coinCount()).isEqualTo(height);
        assertThat(store.verify().findings()).isEmpty();
        chain.mine(3);
      }
    }
  }

  @Test
  void open_withPruningSwitchedOff_knowsWhatIsGone() {
    try (RocksChainStore store = open(1, 5)) {
      ChainFixture.on(store, KEPT).mine(20);
    }
    try (RocksChainStore store = open(0, 5)) {
      ChainFixture chain = ChainFixture.on(store, 1_000);
      assertThat(store.retention()).isEqualTo(new BodyRetention(9, Integer.MAX_VALUE));
      assertThat(store.retention().isLimited()).isTrue();
      chain.mine(15);
      assertThat(store.retention().prunedHeight()).isEqualTo(9);
    }
  }

  @Test
  void step_overADamagedBody_goesOn() throws IOException {
    List<Block> blocks;
    try (RocksChainStore store = open(0, 5)) {
      blocks = ChainFixture.on(store, KEPT).mine(20);
    }
    Copies.flip(directory.resolve("store"), blocks.get(2).toWire());
    try (RocksChainStore store = open(1, 5)) {
      ChainFixture.on(store, KEPT).mine(1);
      assertThat(store.retention().prunedHeight()).isEqualTo(10);
      assertThat(store.txids(blocks.get(1).hash())).isPresent();
      assertThat(store.txids(blocks.get(2).hash())).isEmpty();
    }
  }

  @Test
  void resume_afterAFullDiskWhilePruning_goesOn() {
    Watched watched = new Watched();
    try (RocksChainStore store =
        RocksChainStore.open(directory.resolve("store"), options(1, 5), watched)) {
      ChainFixture chain = ChainFixture.on(store, KEPT);
      chain.mine(20);
      watched.at(StorePoint.PRUNE_BEGINS, watched::fill);
      assertThatThrownBy(() -> chain.mine(1)).isInstanceOf(StoreException.class);
      watched.nothingAt(StorePoint.PRUNE_BEGINS);
      watched.free();
      chain.mine(5);
      assertThat(store.retention().prunedHeight()).isEqualTo(24 - KEPT);
      assertThat(store.verify().findings()).isEmpty();
    }
  }
}
