package org.chaincore.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.chaincore.bench.workload.PaymentBlocks;
import org.chaincore.bench.workload.SimulatedNetwork;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * Ten seconds of virtual time in a network whose nodes have eight peers and 200 payments each and
 * do all their tasks. The second result, {@code run:events}, is simulated events a second:
 * messages, timers and connections, with all that nodes do about them.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar Simulation}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SimulationBenchmark {
  private static final int PAYMENTS = 200;
  private static final Duration BEGIN = Duration.ofMinutes(5);
  private static final Duration STEP = Duration.ofSeconds(10);

  /** How many nodes. */
  @Param({"20", "100"})
  public int nodes = 20;

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private SimulatedNetwork network;

  /** What else is counted. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counters {
    public long events;
  }

  /** Lets the nodes find each other. */
  @Setup
  public void begin() {
    network = SimulatedNetwork.ring(PaymentBlocks.of(1, PAYMENTS), nodes);
    network.run(BEGIN);
  }

  /** Ten seconds. */
  @Benchmark
  public long run(Counters counters) {
    long before = network.events();
    network.run(STEP);
    counters.events += network.events() - before;
    return network.events();
  }
}
