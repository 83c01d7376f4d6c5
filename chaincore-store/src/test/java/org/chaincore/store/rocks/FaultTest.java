package org.chaincore.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chaincore.store.fixture.StoreAssertions.assertFault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreHealth;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.store.StoreOptions.Safety;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.store.directory.Progress;
import org.chaincore.store.directory.StoreDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store does when the disk fails it. */
class FaultTest {
  @TempDir Path directory;
  private final Watched disk = new Watched();

  private RocksChainStore open() {
    return RocksChainStore.open(directory, StoreOptions.DEFAULT, disk);
  }

  @Test
  void commit_onAFullDisk_isRefusedUntilThereIsSpace() {
    try (RocksChainStore store = open()) {
      ChainFixture chain = ChainFixture.on(store, 100);
      List<StoreHealth> told = new ArrayList<>();
      Runnable end = store.subscribe(told::add);
      chain.mine(3);
      Block next = chain.branch(chain.tip(), 1).get(0);
      disk.fill();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> chain.deliver(next))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("free space")
            .extracting(thrown -> ((StoreException) thrown).fault())
            .isEqualTo(StoreFault.DISK_FULL);
      }
      assertThat(chain.engine().view().height()).isEqualTo(3);
      assertThat(store.resume()).isInstanceOf(StoreHealth.ReadOnly.class);
      disk.free();
      chain.deliver(next);
      assertThat(chain.engine().view().height()).isEqualTo(4);
      assertThat(told)
          .extracting(StoreHealth::getClass)
          .isEqualTo(List.of(StoreHealth.ReadOnly.class, StoreHealth.Writable.class));
      end.run();
      chain.mine(1);
    }
    try (RocksChainStore store = open()) {
      assertThat(ChainFixture.on(store, 100).engine().view().height()).isEqualTo(5);
    }
  }

  @Test
  void everything_inAnInterruptedThread_isDoneAndLeavesTheFlag() {
    Thread.currentThread().interrupt();
    try (RocksChainStore store = open()) {
      ChainFixture chain = ChainFixture.on(store, 100);
      chain.mine(2);
      store.memory().replace("peers", Bytes.EMPTY);
      store.flush();
      chain.mine(1);
      assertThat(store.health()).isInstanceOf(StoreHealth.Writable.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(Progress.commitsIn(StoreDirectory.at(directory))).isEqualTo(4);
  }

  @Test
  void reopening_inAnInterruptedThread_isDone() {
    try (RocksChainStore store = open(FsyncPolicy.GROUPED)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      chain.mine(3);
      disk.failOnceAt(StorePoint.SYNC_BEGINS, StoreFault.DISK_FULL);
      assertThatThrownBy(store::flush).isInstanceOf(StoreException.class);
      Thread.currentThread().interrupt();
      try {
        assertThat(store.resume()).isInstanceOf(StoreHealth.Writable.class);
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
    }
  }

  @Test
  void memory_onAFullDisk_resumesWithTheChain() {
    try (RocksChainStore store = open()) {
      ChainFixture.on(store, 100);
      disk.fill();
      assertThatThrownBy(() -> store.memory().replace("peers", Bytes.EMPTY))
          .isInstanceOf(StoreException.class);
      assertThat(store.memory().section("peers")).isEmpty();
      disk.free();
      store.memory().replace("peers", Bytes.EMPTY);
      assertThat(store.health()).isInstanceOf(StoreHealth.Writable.class);
    }
  }

  @Test
  void open_ofALogThatWasCutShort_saysHowMuchIsLost() throws IOException {
    Path live = directory.resolve("live");
    Path cut;
    Block last;
    try (RocksChainStore store = RocksChainStore.open(live, StoreOptions.DEFAULT)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      last = chain.mine(10).get(9);
      cut = Copies.of(live, directory.resolve("cut"));
    }
    Path log =
        Copies.files(cut).stream()
            .filter(file -> file.toString().endsWith(".log"))
            .reduce((a, b) -> b)
            .orElseThrow();
    try (var channel = Files.newByteChannel(log, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 300);
    }

    try (RocksChainStore store = RocksChainStore.open(cut, StoreOptions.DEFAULT)) {
      assertThatThrownBy(() -> ChainFixture.on(store, 100))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("store has lost its last 1 of 11 commits")
          .extracting(thrown -> ((StoreException) thrown).fault())
          .isEqualTo(StoreFault.LOST_COMMITS);
    }
    StoreOptions accepting = StoreOptions.DEFAULT.withSafety(new Safety(0, true));
    try (RocksChainStore store = RocksChainStore.open(cut, accepting)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      assertThat(chain.engine().view().height()).isEqualTo(9);
      chain.deliver(last);
      assertThat(chain.engine().view().tip().hash()).isEqualTo(last.hash());
    }
  }

  private RocksChainStore open(FsyncPolicy policy) {
    return RocksChainStore.open(directory, StoreOptions.DEFAULT.withFsync(policy), disk);
  }

  @Test
  void use_ofThePolicyThatWaits_hasTheDiskTakeWhatWasAcknowledged() {
    try (RocksChainStore store = open(FsyncPolicy.GROUPED)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      chain.mine(3);
      store.use(FsyncPolicy.GROUPED);
      assertThat(Progress.commitsIn(StoreDirectory.at(directory))).isEqualTo(1);
      store.use(FsyncPolicy.EVERY_BLOCK);
      assertThat(store.fsyncPolicy()).isEqualTo(FsyncPolicy.EVERY_BLOCK);
      assertThat(Progress.commitsIn(StoreDirectory.at(directory))).isEqualTo(4);
    }
  }

  @Test
  void sync_thatFailsForWantOfSpace_isFollowedByAReopening() {
    try (RocksChainStore store = open(FsyncPolicy.GROUPED)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      chain.mine(3);
      disk.failOnceAt(StorePoint.SYNC_BEGINS, StoreFault.DISK_FULL);
      assertFault(
          () -> store.use(FsyncPolicy.EVERY_BLOCK), StoreFault.DISK_FULL, "failed at SYNC_BEGINS");
      assertThat(store.health()).isInstanceOf(StoreHealth.ReadOnly.class);
      assertThat(store.fsyncPolicy()).isEqualTo(FsyncPolicy.GROUPED);
      chain.mine(1);
      assertThat(chain.engine().view().height()).isEqualTo(4);
      assertThat(store.health()).isInstanceOf(StoreHealth.Writable.class);
    }
  }

  @Test
  void sync_thatFailsOtherwise_endsTheTakingOfChanges() {
    try (RocksChainStore store = open(FsyncPolicy.GROUPED)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      chain.mine(3);
      disk.failOnceAt(StorePoint.SYNC_BEGINS, StoreFault.IO);
      assertFault(store::flush, StoreFault.IO, "failed at SYNC_BEGINS");
      assertFault(() -> chain.mine(1), StoreFault.IO, "store is read-only");
      assertThat(store.resume()).isInstanceOf(StoreHealth.ReadOnly.class);
    }
    try (RocksChainStore store = open(FsyncPolicy.GROUPED)) {
      assertThat(ChainFixture.on(store, 100).engine().view().height()).isEqualTo(3);
    }
  }

  @Test
  void health_thatAListenerFailsAt_isToldToTheOthers() {
    List<StoreHealth> told = new ArrayList<>();
    try (RocksChainStore store = open(FsyncPolicy.EVERY_BLOCK)) {
      store.subscribe(
          health -> {
            throw new IllegalStateException("a listener's bug");
          });
      store.subscribe(told::add);
    }
    assertThat(told).containsExactly(new StoreHealth.Closed());
  }

  @Test
  void store_thatIsNotLoadedOrClosed_saysSo() {
    RocksChainStore store = open(FsyncPolicy.EVERY_BLOCK);
    assertFault(() -> store.block(Hash256.ZERO), StoreFault.OTHER, "not loaded");
    ChainFixture.on(store, 100).mine(1);
    assertThat(store.undo(Hash256.ZERO)).isEmpty();
    assertThat(store.txids(Hash256.ZERO)).isEmpty();
    store.close();
    store.close();
    assertFault(() -> store.block(Hash256.ZERO), StoreFault.CLOSED, "closed");
    assertFault(store::flush, StoreFault.CLOSED, "closed");
    assertFault(store::verify, StoreFault.CLOSED, "closed");
  }
}
