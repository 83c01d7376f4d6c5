package org.chaincore.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.chaincore.bench.workload.CoinChain;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.store.ChainStoreProvider;
import org.chaincore.core.store.DurableChainStore;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.StoreOptions;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The durable store: a block of 58 payments (20 kB) committed with its coins, and a coin looked up
 * among 200,000. Its directory is a new one below {@code -Dchaincore.bench.dir}, which is the
 * system's for temporary files unless it is given; a disk there is what is measured.
 *
 * <p>{@code java -Dchaincore.bench.dir=DIRECTORY -jar chaincore-bench/target/benchmarks.jar Store}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class StoreBenchmark {
  private static final int PAYMENTS = 58;
  private static final int OUTPUTS_OF_TEN = 20;
  private static final int MINTED = 20_000;
  private static final int MINTS = 10;

  /** A store with coins. */
  @State(Scope.Thread)
  public static class Store {
    /** How soon a block is on the disk: before the commit returns, or a while later. */
    @Param({"EVERY_BLOCK", "GROUPED"})
    public FsyncPolicy fsync = FsyncPolicy.EVERY_BLOCK;

    private final CoinChain chain = new CoinChain(1);
    private final SplittableRandom random = new SplittableRandom(2);

    @SuppressWarnings("NullAway.Init") // By the set-up.
    private Path directory;

    @SuppressWarnings("NullAway.Init") // By the set-up.
    private DurableChainStore store;

    @SuppressWarnings("NullAway.Init") // By the set-up.
    private List<OutPoint> asked;

    /** Fills it. */
    @Setup
    public void open() throws IOException {
      String parent =
          System.getProperty("chaincore.bench.dir", System.getProperty("java.io.tmpdir"));
      directory = Files.createTempDirectory(Path.of(parent), "store");
      store =
          ChainStoreProvider.find()
              .open(directory.resolve("data"), StoreOptions.DEFAULT.withFsync(FsyncPolicy.GROUPED));
      store.load(chain.identity());
      for (int i = 0; i < MINTS; i++) {
        store.commit(chain.minting(MINTED).commit());
      }
      store.flush();
      store.use(fsync);
      asked = List.copyOf(chain.coins());
    }

    /** Deletes it. */
    @TearDown
    public void delete() throws IOException {
      store.close();
      try (Stream<Path> walk = Files.walk(directory)) {
        for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /** The next block, which is made before the clock runs. */
  @State(Scope.Thread)
  public static class Blocks {
    @SuppressWarnings("NullAway.Init") // By the set-up.
    private CoinChain.Next next;

    /** Makes it. */
    @Setup(Level.Invocation)
    public void make(Store on) {
      next = on.chain.paying(PAYMENTS, OUTPUTS_OF_TEN);
    }
  }

  /** One block. */
  @Benchmark
  public Object commit(Store on, Blocks blocks) {
    on.store.commit(blocks.next.commit());
    return blocks.next;
  }

  /** One coin. */
  @Benchmark
  public boolean lookUp(Store in) {
    return in.store.coin(in.asked.get(in.random.nextInt(in.asked.size()))) == null;
  }
}
