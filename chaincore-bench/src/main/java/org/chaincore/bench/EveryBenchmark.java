package org.chaincore.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs every benchmark for a moment, cold and in this JVM, each with the first value of its
 * parameters: says whether they run, and nothing about how fast.
 *
 * <p>{@code java -cp chaincore-bench/target/benchmarks.jar org.chaincore.bench.EveryBenchmark};
 * exit code 1 if one fails, after the others were tried.
 */
public final class EveryBenchmark {
  private static final TimeValue MOMENT = TimeValue.milliseconds(50);

  private EveryBenchmark() {}

  /** Runs them, one after another. */
  public static void main(String[] args) {
    SortedSet<BenchmarkListEntry> all =
        BenchmarkList.defaultList()
            .find(
                OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
                List.of(".*"),
                List.of());
    if (all.isEmpty()) {
      throw new IllegalStateException("no benchmark was found");
    }
    int failed = 0;
    for (BenchmarkListEntry benchmark : all) {
      long start = System.nanoTime();
      String name = benchmark.getUsername();
      try {
        run(benchmark);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(Locale.ROOT, "%-70s %6.2f s%n", name, seconds);
      } catch (RunnerException | RuntimeException e) {
        failed++;
        System.out.printf(Locale.ROOT, "%-70s failed: %s%n", name, e);
      }
    }
    System.out.println("benchmarks that ran: " + (all.size() - failed) + ", failed: " + failed);
    if (failed > 0) {
      System.exit(1);
    }
  }

  private static void run(BenchmarkListEntry benchmark) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include("^" + benchmark.getUsername().replace(".", "\\.") + "$")
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(MOMENT)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    benchmark
        .getParams()
        .orElse(Map.of())
        .forEach((name, values) -> options.param(name, values[0]));
    if (new Runner(options.build()).run().isEmpty()) {
      throw new IllegalStateException(benchmark.getUsername() + " did not run");
    }
  }
}
