package org.chaincore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.chaincore.core.archive.CoinSetHash;
import org.chaincore.core.archive.CoinSnapshot;
import org.chaincore.core.config.Networks;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.store.ChainStoreProvider;
import org.chaincore.core.store.CoinSnapshots.Verdict;
import org.chaincore.core.store.DurableChainStore;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.NodeBuilder;
import org.chaincore.net.node.StoreProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node whose directory began from a snapshot validates the chain below it there. */
@Timeout(90)
final class SnapshotNodeTest {
  private static final int HEIGHT = 40;

  @TempDir Path directory;
  private final InMemoryChainStore source = InMemoryChainStore.create();

  private static NodeBuilder regtest() {
    return ChainNode.builder().network(Networks.regtest());
  }

  private CoinSetHash.Id restore() throws Exception {
    KeyPair miner = KeyPair.ofSeed(new byte[32]);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CoinSetHash.Id id;
    try (ChainNode node = regtest().store(source).mineTo(miner.payToWitnessPubkeyHash()).start()) {
      node.whenHeight(HEIGHT).get(60, TimeUnit.SECONDS);
    }
    try (ChainNode node = regtest().store(source).start()) {
      id = CoinSnapshot.write(node.engine(), source, Channels.newChannel(out));
    }
    try (DurableChainStore store =
        ChainStoreProvider.find().open(directory, StoreOptions.DEFAULT)) {
      CoinSnapshot.restore(
          Channels.newChannel(new ByteArrayInputStream(out.toByteArray())),
          store,
          Networks.regtest(),
          id.hash(),
          System.currentTimeMillis() / 1_000);
    }
    return id;
  }

  @Test
  void start_inADirectoryFromASnapshot_validatesTheChainBelow() throws Exception {
    CoinSetHash.Id id = restore();
    StoreProgress.Snapshot confirmed =
        new StoreProgress.Snapshot(id.height(), Verdict.CONFIRMED, id.height(), true);
    try (ChainNode whole = regtest().store(source).listen("127.0.0.1:0").start();
        ChainNode node =
            regtest()
                .dataDirectory(directory)
                .connectTo(whole.p2pAddress().orElseThrow())
                .start()) {
      while (!confirmed.equals(node.status().upkeep().snapshot())) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
      assertThat(node.tip().height()).isEqualTo(id.height());
    }
    assertThat(directory.resolve("snapshot-check")).doesNotExist();

    try (ChainNode again = regtest().dataDirectory(directory).start()) {
      assertThat(again.status().upkeep().isRefuted()).isFalse();
      assertThat(again.status().upkeep().sentence()).isEmpty();
    }
  }
}
