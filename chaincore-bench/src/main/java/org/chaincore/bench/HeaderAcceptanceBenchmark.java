package org.chaincore.bench;

import java.util.concurrent.TimeUnit;
import org.chaincore.bench.workload.MainnetHeaders;
import org.chaincore.bench.workload.Work;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Following the first 10,237 headers of Bitcoin from bytes to a tip, by ChainCore, by bitcoinj, by
 * a bare loop and by their hashes alone. One operation is the whole file: divide by 10,237 for a
 * header.
 *
 * <p>{@code java -Dchaincore.vectors=DIR -jar chaincore-bench/target/benchmarks.jar
 * HeaderAcceptance}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class HeaderAcceptanceBenchmark {
  /** Who follows. */
  @Param({"chaincore", "bitcoinj", "bareLoop", "hashesOnly"})
  @SuppressWarnings("NullAway.Init") // By JMH.
  public String who;

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private Work work;

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private Work.Run run;

  /** Reads the headers. */
  @Setup
  public void read() throws Exception {
    MainnetHeaders headers = MainnetHeaders.load();
    work =
        switch (who) {
          case "bitcoinj" -> headers.bitcoinj();
          case "bareLoop" -> headers.bareLoop();
          case "hashesOnly" -> headers.hashesOnly();
          default -> headers.chaincore();
        };
  }

  /** A chain with nothing but its genesis. */
  @Setup(Level.Invocation)
  public void begin() throws Exception {
    run = work.preparation().prepare();
  }

  /** All headers. */
  @Benchmark
  public Object follow() throws Exception {
    return run.run();
  }
}
