package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.chaincore.core.archive.CoinSetHash;
import org.chaincore.core.archive.CoinSnapshot;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.config.Networks;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.store.ChainIdentity;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.CoinSnapshots;
import org.chaincore.core.store.CoinSnapshots.Entry;
import org.chaincore.core.store.CoinSnapshots.Origin;
import org.chaincore.core.store.CoinSnapshots.Verdict;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.IndexProgress;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node does for its store beside the blocks that come. */
@Timeout(90)
final class StoreUpkeepTest {
  /** More than are fetched at a time. */
  private static final int HEIGHT = 2 * SnapshotValidation.WINDOW_BLOCKS + 6;

  private final InMemoryChainStore source = InMemoryChainStore.create();
  private final InMemoryChainStore begun = InMemoryChainStore.create();

  private static NodeBuilder regtest() {
    return ChainNode.builder().network(Networks.regtest());
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static Verdict verdict(ChainNode node) {
    StoreProgress.Snapshot snapshot = node.status().upkeep().snapshot();
    return snapshot == null ? Verdict.TRUSTED : snapshot.verdict();
  }

  /** A node that has mined its chain and listens. */
  private ChainNode whole() throws Exception {
    KeyPair miner = KeyPair.ofSeed(new byte[32]);
    try (ChainNode node = regtest().store(source).mineTo(miner.payToWitnessPubkeyHash()).start()) {
      node.whenHeight(HEIGHT).get(60, TimeUnit.SECONDS);
    }
    return regtest().store(source).listen("127.0.0.1:0").start();
  }

  private static String addressOf(ChainNode node) {
    return node.p2pAddress().orElseThrow().toString();
  }

  private CoinSetHash.Id restore(ChainNode from) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CoinSetHash.Id id = CoinSnapshot.write(from.engine(), source, Channels.newChannel(out));
    CoinSnapshot.restore(
        Channels.newChannel(new ByteArrayInputStream(out.toByteArray())),
        begun,
        Networks.regtest(),
        id.hash(),
        System.currentTimeMillis() / 1_000);
    return id;
  }

  @Test
  void snapshot_thatIsTrue_isConfirmedInTheBackground() throws Exception {
    InMemoryChainStore second = InMemoryChainStore.create();
    try (ChainNode whole = whole()) {
      CoinSetHash.Id id = restore(whole);
      try (ChainNode node =
          regtest().store(begun).snapshotCheckStore(second).connectTo(addressOf(whole)).start()) {
        assertThat(node.tip().height()).isEqualTo(id.height());
        await(() -> verdict(node) == Verdict.CONFIRMED);
        await(() -> node.status().why().startsWith("caught up"));
        assertThat(node.status().why()).doesNotContain("snapshot");
        assertThat(node.status().upkeep().snapshot())
            .isEqualTo(
                new StoreProgress.Snapshot(id.height(), Verdict.CONFIRMED, id.height(), true));
      }
    }
    assertThat(begun.snapshots().orElseThrow().origin().orElseThrow().verdict())
        .isEqualTo(Verdict.CONFIRMED);
    assertThat(second.coinCount()).isEqualTo(begun.coinCount());
  }

  @Test
  void snapshot_thatIsALie_isToldOf() throws Exception {
    try (ChainNode whole = whole()) {
      restoreLie(whole.engine());
      try (ChainNode node =
          regtest()
              .store(begun)
              .snapshotCheckStore(InMemoryChainStore.create())
              .connectTo(addressOf(whole))
              .start()) {
        await(() -> verdict(node) == Verdict.REFUTED);
        assertThat(node.status().why()).endsWith("do not trust its coins");
      }
    }
  }

  /** The right chain, and one coin less than it leaves. */
  private void restoreLie(ChainEngine from) {
    List<BlockHeader> chain = new ArrayList<>();
    for (int height = 1; height <= from.view().height(); height++) {
      chain.add(from.view().at(height).orElseThrow().header());
    }
    List<Entry> coins = new ArrayList<>();
    source
        .snapshots()
        .orElseThrow()
        .read(
            new CoinSnapshots.Sink() {
              @Override
              public void begin(Hash256 tip, int height, long count) {}

              @Override
              public void coin(OutPoint outPoint, Coin coin) {
                coins.add(new Entry(outPoint, coin));
              }
            });
    Origin origin =
        new Origin(
            from.view().tip().hash(),
            from.view().height(),
            Hash256.ofWords(1, 2, 3, 4),
            Verdict.TRUSTED);
    begun.load(ChainIdentity.of(Networks.regtest()));
    begun
        .snapshots()
        .orElseThrow()
        .restore(chain, coins.subList(1, coins.size()).iterator(), origin);
  }

  @Test
  void snapshot_withNoPlaceForASecondChain_isSaidToBeUnchecked() throws Exception {
    try (ChainNode whole = whole()) {
      CoinSetHash.Id id = restore(whole);
      NodeBuilder builder = regtest().store(begun).connectTo(addressOf(whole));
      try (ChainNode node = builder.start()) {
        await(() -> node.status().sync().chain().isCaughtUp());
        // What is said of the next node is nothing to this one.
        builder.snapshotCheckStore(InMemoryChainStore.create());
        assertThat(node.status().why())
            .endsWith(
                "; the chain below the snapshot of height " + id.height() + " is not validated");
      }
    }
  }

  @Test
  void indexes_thatAreBehind_areBuiltInSteps() {
    AtomicInteger indexed = new AtomicInteger();
    ChainStore behind =
        (ChainStore)
            Proxy.newProxyInstance(
                ChainStore.class.getClassLoader(),
                new Class<?>[] {ChainStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("buildIndexes")) {
                    int step = (int) arguments[0];
                    return new IndexProgress(Math.min(200, indexed.addAndGet(step)), 200);
                  }
                  try {
                    return method.invoke(source, arguments);
                  } catch (InvocationTargetException thrown) {
                    throw thrown.getCause();
                  }
                });
    try (ChainNode node = regtest().store(behind).start()) {
      await(() -> node.status().upkeep().indexes().isComplete());
      assertThat(indexed).hasValueBetween(200, 300);
      assertThat(node.status().upkeep().sentence()).isEmpty();
    }
    assertThat(new StoreProgress(new IndexProgress(64, 200), null, null).sentence())
        .contains("building indexes: 64 of 200 blocks");
  }
}
