package org.chaincore.bench;

import java.util.concurrent.TimeUnit;
import org.chaincore.bench.workload.TcpDownload;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A node starts, downloads the chain of another over TCP on the loopback address, and stops; and an
 * engine that is handed the same blocks. One operation is the whole chain.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar TcpSync}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class TcpSyncBenchmark {
  private static final int PAYMENTS = 100;

  /** How many blocks of 100 payments. */
  @Param({"10", "100"})
  public int blocks = 10;

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private TcpDownload download;

  /** Makes the chain and starts the node that has it. */
  @Setup
  public void make() {
    download = TcpDownload.of(blocks, PAYMENTS);
  }

  /** Stops that node. */
  @TearDown
  public void close() {
    download.close();
  }

  /** By a node. */
  @Benchmark
  public double sync() throws Exception {
    return download.seconds();
  }

  /** By the engine alone. */
  @Benchmark
  public double connect() {
    return download.connectSeconds();
  }
}
