package org.chaincore.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.script.SignatureHashType;
import org.chaincore.core.script.SignatureHasher;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
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
 * The hashes that the P2PKH inputs of one transaction sign: of a whole block of inputs, of inputs
 * and outputs as they cost most, and of what costs most within the limit of networks of one's own.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar LegacyHashing}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class LegacyHashingBenchmark {
  /** A signature and a key. */
  private static final int SCRIPT_BYTES = 107;

  /** Inputs and outputs: 0.99 MB, 0.99 MB, 0.185 MB. */
  @Param({"6700/10", "4000/12800", "540/3390"})
  @SuppressWarnings("NullAway.Init") // By JMH.
  public String shape;

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private Transaction transaction;

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private List<TransactionOutput> spent;

  /** Makes the transaction. */
  @Setup
  public void make() {
    int slash = shape.indexOf('/');
    int inputs = Integer.parseInt(shape.substring(0, slash));
    int outputs = Integer.parseInt(shape.substring(slash + 1));
    KeyPair key = KeyPair.ofSeed(new byte[32]);
    Bytes script = Bytes.of(new byte[SCRIPT_BYTES]);
    List<TransactionInput> spending = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      OutPoint coin = new OutPoint(Hash256.ofWords(i, 1, 2, 3), 0);
      spending.add(
          new TransactionInput(coin, script, TransactionInput.FINAL_SEQUENCE, Witness.EMPTY));
    }
    TransactionOutput paid = new TransactionOutput(1, key.payToWitnessPubkeyHash().script());
    transaction = Transaction.of(2, spending, Collections.nCopies(outputs, paid), 0);
    spent = Collections.nCopies(inputs, new TransactionOutput(1, key.payToPubkeyHash().script()));
  }

  /** The hashes of all inputs. */
  @Benchmark
  public Object hashAll() {
    SignatureHasher hashes = SignatureHasher.of(transaction, spent);
    int all = 0;
    for (int i = 0; i < spent.size(); i++) {
      all ^= hashes.legacy(i, spent.get(i).script(), SignatureHashType.ALL).hashCode();
    }
    return all;
  }
}
