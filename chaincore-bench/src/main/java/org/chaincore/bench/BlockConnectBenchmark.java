package org.chaincore.bench;

import java.util.concurrent.TimeUnit;
import org.chaincore.bench.workload.PaymentBlocks;
import org.chaincore.bench.workload.Work;
import org.chaincore.core.script.SignatureVerifier;
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
 * Connecting one block of 500 P2WPKH payments: unseen, seen before by the mempool, and its
 * signature checks alone.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar BlockConnect}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class BlockConnectBenchmark {
  private static final int PAYMENTS = 500;

  /** What is done. */
  @Param({"unseen", "seen", "signaturesOnly"})
  @SuppressWarnings("NullAway.Init") // By JMH.
  public String what;

  /** By which verifier; {@code best} is libsecp256k1 where it is there. */
  @Param({"best", "pureJava"})
  @SuppressWarnings("NullAway.Init") // By JMH.
  public String verifier;

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private Work work;

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private Work.Run run;

  /** Makes and signs the block. */
  @Setup
  public void make() {
    SignatureVerifier by =
        verifier.equals("best") ? SignatureVerifier.best() : SignatureVerifier.pureJava();
    PaymentBlocks blocks = PaymentBlocks.of(1, PAYMENTS);
    work =
        switch (what) {
          case "seen" -> blocks.connectVerified(by);
          case "signaturesOnly" -> blocks.signaturesOnly(by);
          default -> blocks.connectUnseen(by);
        };
  }

  /** An engine that has the coins, and in its mempool the payments if they are to be seen. */
  @Setup(Level.Invocation)
  public void begin() throws Exception {
    run = work.preparation().prepare();
  }

  /** The block. */
  @Benchmark
  public Object connect() throws Exception {
    return run.run();
  }
}
