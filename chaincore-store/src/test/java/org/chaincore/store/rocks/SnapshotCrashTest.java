package org.chaincore.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chaincore.core.archive.CoinSetHash;
import org.chaincore.core.archive.CoinSnapshot;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.store.CoinSnapshots;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreHealth;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.store.StoreOptions.Indexes;
import org.chaincore.core.store.StoreOptions.Pruning;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotCrashTest {
  private static final StoreOptions OPTIONS = StoreOptions.DEFAULT.withFsync(FsyncPolicy.GROUPED);

  @TempDir Path directory;
  private final InMemoryChainStore origin = InMemoryChainStore.create();
  private final ChainFixture source = ChainFixture.on(origin, 100);
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final CoinSetHash.Id id = write();

  private CoinSetHash.Id write() {
    source.mine(5);
    for (int i = 0; i < 40; i++) {
      long[] units = new long[450];
      Arrays.fill(units, 20);
      source.mineWith(source.pay(source.coin(), units));
    }
    return CoinSnapshot.write(source.engine(), origin, Channels.newChannel(written));
  }

  private void restore(RocksChainStore store) {
    CoinSnapshot.restore(
        Channels.newChannel(new ByteArrayInputStream(written.toByteArray())),
        store,
        source.engine().params(),
        id.hash(),
        source.now());
  }

  @Test
  void open_afterACrashWhileRestoring_isNewOrRestored() {
    Watched watched = new Watched();
    List<Path> left = new ArrayList<>();
    Path live = directory.resolve("live");
    for (StorePoint point : List.of(StorePoint.RESTORE_COINS, StorePoint.RESTORE_ENDS)) {
      watched.at(point, () -> left.add(Copies.of(live, directory.resolve("left" + left.size()))));
    }
    try (RocksChainStore store = RocksChainStore.open(live, OPTIONS, watched)) {
      restore(store);
    }
    try (RocksChainStore store = RocksChainStore.open(left.get(0), OPTIONS)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      assertThat(chain.engine().view().height()).isZero();
      assertThat(store.verify().coins()).isZero();
      chain.mine(3);
      assertThat(chain.engine().coinCount()).isEqualTo(3);
      assertThat(store.verify().findings()).isEmpty();
    }
    try (RocksChainStore store = RocksChainStore.open(left.get(1), OPTIONS)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      assertThat(chain.engine().view().tip().hash()).isEqualTo(source.tip().hash());
      assertThat(CoinSetHash.of(store.snapshots().orElseThrow())).isEqualTo(id);
      assertThat(store.verify().findings()).isEmpty();
    }
  }

  @Test
  void restore_onADiskThatFills_leavesNoCoins() {
    Watched watched = new Watched();
    Path place = directory.resolve("store");
    try (RocksChainStore store = RocksChainStore.open(place, OPTIONS, watched)) {
      watched.at(StorePoint.RESTORE_COINS, watched::fill);
      assertThatThrownBy(() -> restore(store)).isInstanceOf(StoreException.class);
      watched.free();
      assertThat(store.resume()).isInstanceOf(StoreHealth.ReadOnly.class);
      assertThatThrownBy(() -> ChainFixture.on(store, 100).mine(1))
          .isInstanceOf(StoreException.class);
    }
    try (RocksChainStore store = RocksChainStore.open(place, OPTIONS)) {
      ChainFixture.on(store, 100);
      assertThat(store.coinCount()).isZero();
      assertThat(store.verify().coins()).isZero();
      restore(store);
      assertThat(ChainFixture.on(store, 100).engine().coinCount()).isEqualTo(id.count());
    }
  }

  @Test
  void restore_ofAStoreWithPruning_prunesAboveTheSnapshot() {
    Path place = directory.resolve("store");
    StoreOptions options = OPTIONS.withPruning(new Pruning(1, 10));
    try (RocksChainStore store = RocksChainStore.open(place, options)) {
      restore(store);
      ChainFixture chain = ChainFixture.on(store, 10);
      chain.deliver(source.branch(source.tip(), 20));
      assertThat(store.retention().prunedHeight()).isEqualTo(45 + 20 - 1 - 10);
      assertThat(store.verify().findings()).isEmpty();
    }
  }

  @Test
  void restore_ofAStoreWithIndexes_isABug() {
    StoreOptions options = OPTIONS.withIndexes(new Indexes(true, false));
    try (RocksChainStore store = RocksChainStore.open(directory.resolve("store"), options)) {
      assertThatThrownBy(() -> restore(store)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void read_whileTheChainGrows_givesTheCoinsOfItsMoment() {
    try (RocksChainStore store = RocksChainStore.open(directory.resolve("store"), OPTIONS)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      chain.mine(10);
      CoinSnapshots snapshots = store.snapshots().orElseThrow();
      final CoinSetHash.Id before = CoinSetHash.of(snapshots);
      List<Coin> seen = new ArrayList<>();
      snapshots.read(
          new CoinSnapshots.Sink() {
            @Override
            public void begin(Hash256 tip, int height, long count) {
              assertThat(height).isEqualTo(10);
            }

            @Override
            public void coin(OutPoint outPoint, Coin coin) {
              if (seen.isEmpty()) {
                chain.mine(3);
                store.flush();
              }
              seen.add(coin);
            }
          });
      assertThat(seen).hasSize(10).allMatch(coin -> coin.height() <= 10);
      assertThat(CoinSetHash.of(snapshots).height()).isEqualTo(13);
      assertThat(before.count()).isEqualTo(10);
    }
  }
}
