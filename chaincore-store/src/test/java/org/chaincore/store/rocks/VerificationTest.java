package org.chaincore.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.engine.RepairOutcome;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.store.StoreVerification;
import org.chaincore.core.store.StoreVerification.Finding;
import org.chaincore.store.codec.StateRow;
import org.chaincore.store.database.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationTest {
  @TempDir Path directory;

  private RocksChainStore open() {
    return RocksChainStore.open(directory, StoreOptions.DEFAULT);
  }

  @Test
  void verify_ofAGoodStore_findsNothing() {
    try (RocksChainStore store = open()) {
      ChainFixture chain = ChainFixture.on(store, 100);
      chain.mine(6);
      ChainFixture.Fork fork = chain.fork(1, 2);
      chain.deliver(fork.left());
      chain.deliver(fork.right());
      store.flush();
      StoreVerification result = store.verify();
      assertThat(result.findings()).isEmpty();
      assertThat(result.isGood()).isTrue();
      assertThat(result.blocks()).isEqualTo(9);
      assertThat(result.coins()).isEqualTo(8);
    }
  }

  @Test
  void verify_ofBlocksThatLeaveTheChainMeanwhile_findsNothing() {
    StateRow before;
    try (RocksChainStore store = open()) {
      ChainFixture chain = ChainFixture.on(store, 100);
      chain.mine(6);
      ChainFixture.Fork fork = chain.fork(2, 3);
      chain.deliver(fork.left());
      store.flush();
      before = stateOf(store.verify(), chain);
      chain.deliver(fork.right());
    }
    try (Database database = Database.open(directory.resolve("tables"), 8L << 20, false)) {
      assertThat(new Verification(database, before).run().findings()).isEmpty();
    }
  }

  private static StateRow stateOf(StoreVerification found, ChainFixture chain) {
    int headers = (int) found.blocks();
    return new StateRow(
        1, chain.tip().hash(), chain.engine().view().height(), headers, headers, found.coins());
  }

  @Test
  void repair_ofADamagedBody_givesItBack() throws IOException {
    List<Block> mined;
    try (RocksChainStore store = open()) {
      mined = ChainFixture.on(store, 100).mine(6);
    }
    Block hurt = mined.get(3);
    Copies.flip(directory, hurt.toWire());

    try (RocksChainStore store = open()) {
      ChainFixture chain = ChainFixture.on(store, 100);
      assertThatThrownBy(() -> chain.engine().block(hurt.hash()))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("column family blocks, key 00000003")
          .extracting(thrown -> ((StoreException) thrown).fault())
          .isEqualTo(StoreFault.CORRUPT);
      StoreVerification result = store.verify();
      assertThat(result.findings()).extracting(Finding::block).contains(Optional.of(hurt.hash()));
      assertThat(store.repair(mined.get(2))).isFalse();
      assertThat(store.repair(chain.branch(chain.tip(), 1).get(0))).isFalse();
      assertThat(chain.engine().damagedBlocks()).containsExactly(hurt.hash());
      assertThat(chain.engine().repair(hurt)).isInstanceOf(RepairOutcome.Repaired.class);
      assertThat(store.repair(hurt)).isFalse();
      assertThat(chain.engine().block(hurt.hash())).contains(hurt);
      chain.mine(1);
    }
    try (RocksChainStore store = open()) {
      assertThat(ChainFixture.on(store, 100).engine().view().height()).isEqualTo(7);
      assertThat(store.verify().findings()).isEmpty();
    }
  }
}
