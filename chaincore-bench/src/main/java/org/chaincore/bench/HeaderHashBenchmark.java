package org.chaincore.bench;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Double SHA-256 of a header by a hasher that its owner keeps: the floor under every figure about
 * headers, since no check of a header can cost less than its hash.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar HeaderHash}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class HeaderHashBenchmark {
  private final byte[] header = new byte[BlockHeader.BYTES];
  private final Sha256 hasher = Sha256.create();

  /** Any 80 bytes are a header. */
  @Setup
  public void fill() {
    new SplittableRandom(1).nextBytes(header);
  }

  /** The hash of one header. */
  @Benchmark
  public Hash256 doubleHash() {
    return hasher.doubleHash(header, 0, header.length);
  }
}
