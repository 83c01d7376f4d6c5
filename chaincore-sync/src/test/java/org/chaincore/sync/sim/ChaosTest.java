package org.chaincore.sync.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Networks of twenty nodes, a quarter of them hostile, on links that fail: whatever happened, when
 * it has stopped the honest agree, and nobody lost anything without being told.
 *
 * <p>{@code -Dchaincore.sim.seeds=N} runs so many seeds; {@code -Dchaincore.seed=S} runs one.
 */
final class ChaosTest {
  private static final int SEEDS = Integer.getInteger("chaincore.sim.seeds", 100);

  /** Simulations share nothing, so two can run at once. */
  private static final int THREADS = 2;

  /** So many fingerprints are written down, to be compared with those of another JVM. */
  private static final int RECORDED = 25;

  @Test
  void run_ofManySeeds_convergesAndLosesNothing() throws Exception {
    Long only = Long.getLong("chaincore.seed");
    long[] seeds = only != null ? new long[] {only} : LongStream.rangeClosed(1, SEEDS).toArray();
    SortedMap<Long, String> fingerprints = new ConcurrentSkipListMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Void>> runs =
          LongStream.of(seeds)
              .mapToObj(
                  seed ->
                      (Callable<Void>)
                          () -> {
                            fingerprints.put(seed, check(ChaosPlan.of(seed)));
                            return null;
                          })
              .toList();
      for (Future<Void> run : threads.invokeAll(runs)) {
        run.get();
      }
    } finally {
      threads.shutdownNow();
    }
    if (only == null) {
      record(fingerprints);
    }
  }

  @Test
  void run_ofTheSameSeed_isTheSameRun() {
    for (long seed = 1; seed <= 3; seed++) {
      assertThat(check(ChaosPlan.of(seed))).isEqualTo(check(ChaosPlan.of(seed)));
    }
  }

  /** Runs a plan; one that fails is made smaller while it still does. */
  private static String check(ChaosPlan plan) {
    ChaosRun run = new ChaosRun(plan);
    try {
      run.run();
      return run.fingerprint();
    } catch (RuntimeException | AssertionError e) {
      ChaosPlan smallest = smallestFailing(plan);
      throw new AssertionError(storyOf(smallest), e);
    }
  }

  private static ChaosPlan smallestFailing(ChaosPlan failing) {
    ChaosPlan smallest = failing;
    while (smallest.faults() > 0 && fails(new ChaosRun(smallest.halved()))) {
      smallest = smallest.halved();
    }
    return smallest;
  }

  private static boolean fails(ChaosRun run) {
    try {
      run.run();
      return false;
    } catch (RuntimeException | AssertionError e) {
      return true;
    }
  }

  private static String storyOf(ChaosPlan plan) {
    ChaosRun run = new ChaosRun(plan).remembering();
    return (fails(run) ? "" : "does not fail again, so it is no function of its seed! ")
        + "again: -Dchaincore.seed="
        + plan.seed()
        + "\n"
        + run.story();
  }

  /** For whoever compares this JVM with another. */
  private static void record(SortedMap<Long, String> fingerprints) throws IOException {
    String suffix = System.getProperty("chaincore.run.suffix", "");
    Path file = Path.of("target", "sim-traces" + suffix + ".txt");
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, fingerprints.values().stream().limit(RECORDED).toList());
  }
}
