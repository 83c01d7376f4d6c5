package org.chaincore.bench;

import java.util.concurrent.TimeUnit;
import org.chaincore.bench.workload.PaymentBlocks;
import org.chaincore.bench.workload.RelayNode;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * A payment on its way through a node, from the frame that brings it to the frames that take it on:
 * decoded, judged by protocol and engine, signature and all, told to the peers that want it, asked
 * for and given.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar Relay}; what it leaves on the heap is
 * told by {@link org.chaincore.bench.heap.Allocations}, since {@code -prof gc} would count the
 * making of the node too.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class RelayBenchmark {
  private static final int PAYMENTS = 500;

  /** How many peers want it. */
  @Param({"1", "8"})
  public int sinks = 1;

  private final PaymentBlocks payments = PaymentBlocks.of(1, PAYMENTS);

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private RelayNode node;

  /** A node that has peers and no payment. */
  @Setup(Level.Invocation)
  public void begin() {
    node = RelayNode.of(payments, sinks);
  }

  /** Payments, one after another. */
  @Benchmark
  @OperationsPerInvocation(PAYMENTS)
  public long relay() {
    long bytes = 0;
    for (int i = 0; i < PAYMENTS; i++) {
      bytes += node.relayPayment(i).all();
    }
    return bytes;
  }
}
