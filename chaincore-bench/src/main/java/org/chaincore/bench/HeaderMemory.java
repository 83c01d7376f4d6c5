package org.chaincore.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.chaincore.bench.workload.EmptyBlocks;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.HeadersOutcome;

/**
 * What an engine keeps on the heap for each header that it accepts, its store on the heap included:
 * 100,000 headers are read from bytes and accepted in runs of 2,000, and nobody else keeps them.
 *
 * <p>What is kept on the heap is told by what is in use after a collection, which only the serial
 * collector tells to the byte.
 *
 * <p>{@code java -XX:+UseSerialGC -cp chaincore-bench/target/benchmarks.jar
 * org.chaincore.bench.HeaderMemory}
 */
public final class HeaderMemory {
  private static final int HEADERS = 100_000;
  private static final int RUN = 2_000;

  private HeaderMemory() {}

  /** Measures. */
  public static void main(String[] args) {
    EmptyBlocks chain = EmptyBlocks.of(HEADERS);
    byte[][] wire = new byte[HEADERS][];
    for (int i = 0; i < HEADERS; i++) {
      wire[i] = chain.blocks().get(i).header().toWire();
    }
    ChainEngine engine = chain.begin();
    long now = chain.nowSeconds();
    long before = heapBytes();
    for (int from = 0; from < HEADERS; from += RUN) {
      List<BlockHeader> run = new ArrayList<>();
      for (int i = from; i < from + RUN; i++) {
        run.add(BlockHeader.parse(wire[i]));
      }
      HeadersOutcome outcome = engine.acceptHeaders(run, now);
      if (outcome.added() != RUN) {
        throw new IllegalStateException(outcome.toString());
      }
    }
    double each = (double) (heapBytes() - before) / HEADERS;
    System.out.printf(
        Locale.ROOT,
        "{\"metric\":\"header_retained\",\"chaincore\":%.1f,\"at_most\":400,\"unit\":\"bytes, each"
            + " of %d headers\"}%n",
        each,
        HEADERS);
    if (engine.view().heaviestHeader().height() != HEADERS || chain.blocks().isEmpty()) {
      throw new IllegalStateException("the headers are to outlive the measurement");
    }
  }

  /** What is reachable, once the collector has been everywhere. */
  private static long heapBytes() {
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
