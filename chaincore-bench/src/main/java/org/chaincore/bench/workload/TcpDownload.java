package org.chaincore.bench.workload;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.chaincore.core.block.Block;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.EngineSetup;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.NodeBuilder;

/**
 * One node downloads the chain of another over TCP on the loopback address, with full validation of
 * blocks full of payments; and an engine that is handed the same blocks.
 */
public final class TcpDownload implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 600;

  private final PaymentBlocks chain;
  private final LongSupplier clock;
  private final ChainNode source;

  private TcpDownload(PaymentBlocks chain) {
    this.chain = chain;
    long offset = chain.nowSeconds() * 1_000 - System.currentTimeMillis();
    this.clock = () -> System.currentTimeMillis() + offset;
    this.source = node().listen("127.0.0.1:0").start();
    for (Block block : chain.chain()) {
      accepted(source.submit(block));
    }
  }

  /** A node that has so many blocks of so many payments. */
  public static TcpDownload of(int blocks, int payments) {
    return new TcpDownload(PaymentBlocks.of(blocks, payments));
  }

  private NodeBuilder node() {
    return ChainNode.builder().network(chain.params()).clock(clock);
  }

  /** Seconds on the wall that the engine alone takes. */
  public double connectSeconds() {
    ChainEngine engine =
        ChainEngine.open(
            EngineSetup.inMemory(chain.params()).withSignatures(SignatureVerifier.best()));
    long start = System.nanoTime();
    for (Block block : chain.chain()) {
      accepted(engine.accept(block, 0, chain.nowSeconds()));
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** Seconds on the wall from before the node starts to the last block. */
  public double seconds() throws Exception {
    long start = System.nanoTime();
    try (ChainNode sink = node().connectTo(source.p2pAddress().orElseThrow()).start()) {
      sink.whenHeight(chain.chain().size()).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      return (System.nanoTime() - start) / 1e9;
    }
  }

  private static void accepted(BlockOutcome outcome) {
    if (!(outcome instanceof BlockOutcome.Accepted)) {
      throw new IllegalStateException(outcome.toString());
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
