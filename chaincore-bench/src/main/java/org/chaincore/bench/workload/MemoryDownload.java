package org.chaincore.bench.workload;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.sync.driver.DriverSetup;
import org.chaincore.sync.driver.SyncDriver;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.transport.MemoryNetwork;

/**
 * One node downloads the chain of another over the transport in memory, with the whole protocol and
 * full validation; and an engine that is handed the same blocks. Two threads work in a download,
 * one a node.
 */
public final class MemoryDownload {
  private static final long TIMEOUT_SECONDS = 120;

  private final EmptyBlocks chain;
  private final ChainEngine source;
  private final LongSupplier clock;

  private MemoryDownload(EmptyBlocks chain) {
    this.chain = chain;
    this.source = chain.connectAll();
    long offset = chain.nowSeconds() * 1_000 - System.currentTimeMillis();
    this.clock = () -> System.currentTimeMillis() + offset;
  }

  /** A download of so many empty blocks. */
  public static MemoryDownload of(int blocks) {
    return new MemoryDownload(EmptyBlocks.of(blocks));
  }

  /** How many blocks there are above genesis. */
  public int blocks() {
    return chain.blocks().size();
  }

  /** Seconds on the wall that the engine alone takes. */
  public double connectSeconds() {
    long start = System.nanoTime();
    ChainEngine engine = chain.connectAll();
    double seconds = (System.nanoTime() - start) / 1e9;
    if (engine.view().height() != blocks()) {
      throw new IllegalStateException("connected up to " + engine.view());
    }
    return seconds;
  }

  /** Seconds on the wall from the wish to connect to the last block. */
  public double seconds() throws InterruptedException {
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
    DriverSetup.Host host =
        new DriverSetup.Host(
            clock,
            event -> {
              if (event instanceof SyncEvent.CaughtUp reached && reached.height() == blocks()) {
                caughtUp.run();
              }
            },
            null);
    return SyncDriver.start(
        new DriverSetup(
            BenchNodes.setup(engine, at.hashCode(), OperationalSettings.DEFAULT),
            network.transportAt(at),
            LockRegistry.create(),
            host));
  }
}
