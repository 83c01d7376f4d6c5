package org.chaincore.bench.sync;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.chaincore.bench.workload.EmptyBlocks;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.sync.driver.DriverSetup;
import org.chaincore.sync.driver.SyncDriver;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.message.NodeDescription;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.Services;
import org.chaincore.sync.protocol.Extension;
import org.chaincore.sync.protocol.LocalNode;
import org.chaincore.sync.protocol.ProtocolSetup;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SettingsState;
import org.chaincore.sync.settings.TrustedSigners;
import org.chaincore.sync.transport.MemoryNetwork;

/**
 * One node downloads the chain of another over the transport in memory, with the whole protocol and
 * full validation, beside an engine that is handed the same blocks one after another. Two threads
 * work in a download, one a node, so times are those of the wall: the machine should have two quiet
 * cores.
 *
 * <p>Arguments: how many blocks, how many rounds. Prints one JSON object in the form of {@code
 * SideBySide}.
 *
 * <p>{@code java -cp chaincore-bench/target/benchmarks.jar org.chaincore.bench.sync.InMemorySync
 * 100000 9}
 */
public final class InMemorySync {
  private static final long TIMEOUT_SECONDS = 120;
  private static final double GOAL = 0.6;

  private final EmptyBlocks chain;
  private final ChainEngine source;
  private final LongSupplier clock;

  private InMemorySync(EmptyBlocks chain) {
    this.chain = chain;
    this.source = chain.connectAll();
    long offset = chain.nowSeconds() * 1_000 - System.currentTimeMillis();
    this.clock = () -> System.currentTimeMillis() + offset;
  }

  /** Measures. */
  public static void main(String[] args) throws InterruptedException {
    int blocks = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 9;
    InMemorySync bench = new InMemorySync(EmptyBlocks.of(blocks));
    bench.connectSeconds();
    bench.syncSeconds();
    double[] connects = new double[rounds];
    double[] syncs = new double[rounds];
    double[] ratios = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      connects[i] = bench.connectSeconds();
      syncs[i] = bench.syncSeconds();
      ratios[i] = connects[i] / syncs[i];
    }
    System.out.printf(
        Locale.ROOT,
        "{\"metric\":\"sync_in_memory\",\"chaincore\":%.0f,\"peer\":%.0f,"
            + "\"peer_name\":\"limit: core connect rate\",\"ratio\":%.3f,\"goal\":%.2f,"
            + "\"unit\":\"empty blocks per second, %d blocks in %.3f s\",\"runs\":%d}%n",
        blocks / median(syncs),
        blocks / median(connects),
        median(ratios),
        GOAL,
        blocks,
        median(syncs),
        rounds);
  }

  private double connectSeconds() {
    long start = System.nanoTime();
    ChainEngine engine = chain.connectAll();
    double seconds = (System.nanoTime() - start) / 1e9;
    if (engine.view().height() != chain.blocks().size()) {
      throw new IllegalStateException("connected up to " + engine.view());
    }
    return seconds;
  }

  private double syncSeconds() throws InterruptedException {
    MemoryNetwork network = MemoryNetwork.immediate();
    NetworkAddress sourceAt = NetworkAddress.parse("10.0.0.1:8333");
    NetworkAddress sinkAt = NetworkAddress.parse("10.0.0.2:8333");
    CountDownLatch done = new CountDownLatch(1);
    ChainEngine sink = chain.begin();
    try (SyncDriver serving = drive(source, network, sourceAt, () -> {});
        SyncDriver loading = drive(sink, network, sinkAt, done::countDown)) {
      long start = System.nanoTime();
      loading.connect(sourceAt);
      if (!done.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("got no further than " + sink.view());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      if (serving.connections() == 0) {
        throw new IllegalStateException("the source lost its peer");
      }
      return seconds;
    }
  }

  private SyncDriver drive(
      ChainEngine engine, MemoryNetwork network, NetworkAddress at, Runnable caughtUp) {
    byte[] seed = new byte[NodeKey.SEED_BYTES];
    seed[0] = (byte) at.hashCode();
    LocalNode self =
        new LocalNode(
            NodeKey.ofSeed(seed),
            new NodeDescription(
                NodeDescription.PROTOCOL_VERSION,
                Services.NETWORK | Services.WITNESS,
                "/ChainCore:bench/"),
            EnumSet.allOf(Extension.class));
    SettingsState settings =
        SettingsState.of(
            chain.params().fingerprint(),
            OperationalSettings.DEFAULT,
            TrustedSigners.NONE,
            Signatures.ed25519());
    DriverSetup.Host host =
        new DriverSetup.Host(
            clock,
            event -> {
              if (event instanceof SyncEvent.CaughtUp reached
                  && reached.height() == chain.blocks().size()) {
                caughtUp.run();
              }
            },
            null);
    return SyncDriver.start(
        new DriverSetup(
            new ProtocolSetup(engine, self, settings, at.hashCode()),
            network.transportAt(at),
            LockRegistry.create(),
            host));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
