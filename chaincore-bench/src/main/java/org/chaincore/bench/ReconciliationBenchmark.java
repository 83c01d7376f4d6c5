package org.chaincore.bench;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.sketch.Sketch;
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
 * What a round of mempool reconciliation costs either side: sketching a set, and reading the
 * differences from a sketch. The largest capacity is the most that a peer can ask for.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar Reconciliation}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ReconciliationBenchmark {
  private static final int SET_SIZE = 1_000;

  /** Sums of the sketch, and differences in it. */
  @Param({"8", "32", "128", "200", "400"})
  public int capacity;

  private final SplittableRandom random = new SplittableRandom(1);
  private final int[] ids = new int[SET_SIZE];
  private Sketch full = Sketch.ofCapacity(1);
  private Sketch madeUp = Sketch.ofCapacity(1);

  /** Makes a set, a sketch of as many ids as it can hold, and one of random bytes. */
  @Setup
  public void make() {
    for (int i = 0; i < ids.length; i++) {
      ids[i] = random.nextInt(1, Integer.MAX_VALUE);
    }
    full = Sketch.ofCapacity(capacity);
    for (int i = 0; i < capacity; i++) {
      full.toggle(ids[i]);
    }
    byte[] bytes = new byte[capacity * Sketch.BYTES_PER_ELEMENT];
    random.nextBytes(bytes);
    madeUp = Sketch.read(Bytes.of(bytes));
  }

  /** A sketch of a thousand ids. */
  @Benchmark
  public Sketch encodeThousand() {
    Sketch sketch = Sketch.ofCapacity(capacity);
    sketch.toggleAll(ids);
    return sketch;
  }

  /** Finds as many differences as the sketch has capacity. */
  @Benchmark
  public Optional<int[]> decode() {
    return full.decode(capacity, random.nextLong());
  }

  /** Refuses a sketch of random bytes. */
  @Benchmark
  public Optional<int[]> refuse() {
    return madeUp.decode(capacity, random.nextLong());
  }
}
