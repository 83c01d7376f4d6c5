package org.chaincore.bench;

import java.util.concurrent.TimeUnit;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.pow.KernelChoice;
import org.chaincore.core.pow.NonceRange;
import org.chaincore.core.pow.NonceSearch;
import org.chaincore.core.value.Hash256;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nonces tried in a second by one thread, by the JDK's digest and by whatever was measured to be
 * faster. {@code -t 2} shows how it scales.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar NonceSearch}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
public class NonceSearchBenchmark {
  private static final int NONCES = 1 << 16;

  /** Its target is 1: no nonce is good. */
  private static final BlockHeader HOPELESS =
      BlockHeader.of(1, Hash256.ZERO, Hash256.ZERO, 0, 0x0300_0001, 0);

  /** How it hashes. */
  @Param({"digest", "measured"})
  public String way = "measured";

  private KernelChoice choice = KernelChoice.digest();

  /** Makes the choice. */
  @Setup
  public void choose() {
    choice = way.equals("digest") ? KernelChoice.digest() : KernelChoice.measured(System::nanoTime);
  }

  /** Tries nonces in vain. */
  @Benchmark
  @OperationsPerInvocation(NONCES)
  public Object search() {
    return NonceSearch.search(HOPELESS, NonceRange.of(0, NONCES), choice, () -> false);
  }
}
