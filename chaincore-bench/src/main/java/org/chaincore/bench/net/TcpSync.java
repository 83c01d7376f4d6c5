package org.chaincore.bench.net;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.chaincore.bench.workload.PaymentBlocks;
import org.chaincore.core.block.Block;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.EngineSetup;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.NodeBuilder;

/**
 * One node downloads the chain of another over TCP on the loopback address, with full validation,
 * beside an engine that is handed the same blocks one after another. The blocks are full of P2WPKH
 * payments. Times are those of the wall: the machine should have two quiet cores.
 *
 * <p>Arguments: how many blocks, payments of a block, rounds. Prints one JSON object in the form of
 * {@code SideBySide}.
 *
 * <p>{@code java -Xmx6g -cp chaincore-bench/target/benchmarks.jar org.chaincore.bench.net.TcpSync
 * 10000 100 3}
 */
public final class TcpSync {
  private static final long TIMEOUT_SECONDS = 600;
  private static final double GOAL = 0.7;

  private final PaymentBlocks chain;
  private final LongSupplier clock;

  private TcpSync(PaymentBlocks chain) {
    this.chain = chain;
    long offset = chain.nowSeconds() * 1_000 - System.currentTimeMillis();
    this.clock = () -> System.currentTimeMillis() + offset;
  }

  /** Measures. */
  public static void main(String[] args) throws Exception {
    int blocks = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    int payments = args.length > 1 ? Integer.parseInt(args[1]) : 100;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    TcpSync bench = new TcpSync(PaymentBlocks.of(blocks, payments));
    double[] connects = new double[rounds];
    double[] syncs = new double[rounds];
    double[] ratios = new double[rounds];
    try (ChainNode source = bench.node().listen("127.0.0.1:0").start()) {
      for (Block block : bench.chain.chain()) {
        accepted(source.submit(block));
      }
      for (int i = 0; i < rounds; i++) {
        connects[i] = bench.connectSeconds();
        syncs[i] = bench.syncSeconds(source);
        ratios[i] = connects[i] / syncs[i];
      }
    }
    System.out.printf(
        Locale.ROOT,
        "{\"metric\":\"sync_over_tcp\",\"chaincore\":%.0f,\"peer\":%.0f,"
            + "\"peer_name\":\"limit: core connect rate\",\"ratio\":%.3f,\"goal\":%.2f,"
            + "\"unit\":\"payments per second, %d blocks of %d\",\"runs\":%d}%n",
        blocks * payments / median(syncs),
        blocks * payments / median(connects),
        median(ratios),
        GOAL,
        blocks,
        payments,
        rounds);
  }

  private NodeBuilder node() {
    return ChainNode.builder().network(chain.params()).clock(clock);
  }

  private double connectSeconds() {
    ChainEngine engine =
        ChainEngine.open(
            EngineSetup.inMemory(chain.params()).withSignatures(SignatureVerifier.best()));
    long start = System.nanoTime();
    for (Block block : chain.chain()) {
      accepted(engine.accept(block, 0, chain.nowSeconds()));
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private double syncSeconds(ChainNode source) throws Exception {
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

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
