package org.chaincore.bench;

import java.util.concurrent.TimeUnit;
import org.chaincore.bench.workload.MerkleRoots;
import org.chaincore.bench.workload.Work;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The Merkle root of 2,000 ids: by ChainCore, by nothing but the hashes, and by bitcoinj's hash.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar MerkleRoot}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class MerkleRootBenchmark {
  /** Who does it. */
  @Param({"chaincore", "hashesOnly", "bitcoinj"})
  @SuppressWarnings("NullAway.Init") // By JMH.
  public String who;

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private Work.Run run;

  /** Makes the ids. */
  @Setup
  public void make() throws Exception {
    MerkleRoots roots = MerkleRoots.ofSeed(1);
    Work work =
        switch (who) {
          case "hashesOnly" -> roots.hashesOnly();
          case "bitcoinj" -> roots.bitcoinj();
          default -> roots.chaincore();
        };
    run = work.preparation().prepare();
  }

  /** One root. */
  @Benchmark
  @OperationsPerInvocation(MerkleRoots.ROOTS)
  public Object root() throws Exception {
    return run.run();
  }
}
