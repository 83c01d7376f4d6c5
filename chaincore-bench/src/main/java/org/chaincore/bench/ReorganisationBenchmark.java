package org.chaincore.bench;

import java.util.concurrent.TimeUnit;
import org.chaincore.bench.workload.PaymentBlocks;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.value.Hash256;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Leaving some blocks of 100 payments and coming back to them: their undo data is applied, their
 * payments return to the mempool, and the blocks are connected again with signatures that were
 * seen.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar Reorganisation}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ReorganisationBenchmark {
  private static final int PAYMENTS = 100;
  private static final int BLOCKS = 12;

  /** How deep. */
  @Param({"1", "10"})
  public int depth = 1;

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private PaymentBlocks blocks;

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private ChainEngine engine;

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private Hash256 lowest;

  /** Connects the chain. */
  @Setup
  public void make() {
    blocks = PaymentBlocks.of(BLOCKS, PAYMENTS);
    engine = blocks.connected(SignatureVerifier.best());
    lowest = blocks.hash(BLOCKS - depth);
  }

  /** Off and back. */
  @Benchmark
  public boolean reorganise() {
    return engine.invalidate(lowest, blocks.nowSeconds())
        && engine.reconsider(lowest, blocks.nowSeconds());
  }
}
