package org.chaincore.bench;

import java.util.concurrent.TimeUnit;
import org.chaincore.bench.workload.StatusRequests;
import org.chaincore.net.node.ChainNode;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * {@code GET /status} of a node on this machine, over connections that are kept, a thread each:
 * {@code -t 32} for more of them. The clients are threads of the same JVM, so the server has only
 * what they leave it; {@code http-status.sh} asks it by wrk.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar Http}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class HttpBenchmark {
  @SuppressWarnings("NullAway.Init") // By the set-up.
  private ChainNode node;

  /** Starts the node. */
  @Setup
  public void start() {
    node = ChainNode.builder().http("127.0.0.1:0").start();
  }

  /** Stops it. */
  @TearDown
  public void close() {
    node.close();
  }

  /** One connection. */
  @State(Scope.Thread)
  public static class Client {
    @SuppressWarnings("NullAway.Init") // By the set-up.
    private StatusRequests requests;

    /** Connects. */
    @Setup
    public void connect(HttpBenchmark to) throws Exception {
      requests = StatusRequests.to(to.node.httpAddress().orElseThrow());
    }

    /** Lets go. */
    @TearDown
    public void close() throws Exception {
      requests.close();
    }
  }

  /** One request and its answer. */
  @Benchmark
  public int status(Client client) throws Exception {
    return client.requests.ask();
  }
}
