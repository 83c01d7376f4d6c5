package org.chaincore.bench;

import java.util.concurrent.TimeUnit;
import org.chaincore.bench.workload.SignatureChecks;
import org.chaincore.bench.workload.Work;
import org.chaincore.core.script.SignatureVerifier;
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
 * One ECDSA signature checked: through the port by the best verifier, by our own arithmetic and by
 * BouncyCastle; by libsecp256k1 raw, and by bitcoinj.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar SignatureVerify}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SignatureVerifyBenchmark {
  /** Who does it. */
  @Param({"best", "pureJava", "bouncyCastle", "libsecp256k1", "bitcoinj"})
  @SuppressWarnings("NullAway.Init") // By JMH.
  public String who;

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private Work.Run run;

  /** Makes keys and signatures. */
  @Setup
  public void make() throws Exception {
    SignatureChecks checks = SignatureChecks.ofSeed(1);
    Work work =
        switch (who) {
          case "pureJava" -> checks.chaincore(SignatureVerifier.pureJava());
          case "bouncyCastle" -> checks.bouncyCastle();
          case "libsecp256k1" -> checks.libsecp256k1();
          case "bitcoinj" -> checks.bitcoinj();
          default -> checks.chaincore(SignatureVerifier.best());
        };
    run = work.preparation().prepare();
  }

  /** One check. */
  @Benchmark
  @OperationsPerInvocation(SignatureChecks.CHECKS)
  public Object verify() throws Exception {
    return run.run();
  }
}
