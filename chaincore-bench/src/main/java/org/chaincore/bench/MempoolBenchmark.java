package org.chaincore.bench;

import java.util.concurrent.TimeUnit;
import org.chaincore.bench.workload.PaymentBlocks;
import org.chaincore.bench.workload.Work;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.mining.TemplateResult;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.value.Bytes;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The mempool with 500 P2WPKH payments: admitting them, signatures and all, and a block template
 * out of them.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar Mempool}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class MempoolBenchmark {
  private static final int PAYMENTS = 500;

  private final PaymentBlocks blocks = PaymentBlocks.of(1, PAYMENTS);
  private final ChainEngine full = blocks.waiting(SignatureVerifier.best());
  private final KeyPair miner = KeyPair.ofSeed(new byte[32]);
  private final Work admission = blocks.admit(SignatureVerifier.best());

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private Work.Run admit;

  /** An engine that has the coins and no payment. */
  @Setup(Level.Invocation)
  public void begin() throws Exception {
    admit = admission.preparation().prepare();
  }

  /** All payments into the mempool. */
  @Benchmark
  public Object admit() throws Exception {
    return admit.run();
  }

  /** A template of them all. */
  @Benchmark
  public TemplateResult template() {
    return full.template(miner.payToWitnessPubkeyHash(), Bytes.EMPTY, blocks.nowSeconds());
  }
}
