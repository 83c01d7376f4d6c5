package org.chaincore.bench;

import java.util.concurrent.TimeUnit;
import org.chaincore.bench.workload.MemoryDownload;
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
 * One node downloads the chain of another over the transport in memory, from its start to its end,
 * and an engine that is handed the same blocks. One operation is the whole chain.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar InMemorySync}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class InMemorySyncBenchmark {
  /** How many empty blocks. */
  @Param({"1000", "10000"})
  public int blocks = 1_000;

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private MemoryDownload download;

  /** Mines the chain. */
  @Setup
  public void make() {
    download = MemoryDownload.of(blocks);
  }

  /** By the protocol, two nodes. */
  @Benchmark
  public double sync() throws InterruptedException {
    return download.seconds();
  }

  /** By the engine alone. */
  @Benchmark
  public double connect() {
    return download.connectSeconds();
  }
}
