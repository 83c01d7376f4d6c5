package org.chaincore.bench.growth;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a thing costs when there are many: for each series, CPU time of the thread against the
 * length of the chain, coins, payments in the mempool or in a block, peers, or nodes, at sizes that
 * double; then how that grows, and whether it is worse than n log n.
 *
 * <p>One JSON object a line: a point for each size, then the growth of the series. Each point is
 * the quickest of some runs, since whatever else happens can only make one slower. Exit code 1 if a
 * series that is no named exception ({@link #EXCEPTIONS}) grows worse than n log n.
 *
 * <p>{@code java -Xmx6g -cp chaincore-bench/target/benchmarks.jar org.chaincore.bench.growth.Growth
 * [SERIES ...]}: less than ten minutes on two cores.
 */
public final class Growth {
  /** What is known to grow faster, and why it may. */
  static final Map<String, String> EXCEPTIONS =
      Map.of(
          "reconciliation_decode",
          "finding n roots takes n squared steps; nobody may ask for a sketch of more than 400",
          "legacy_signatures",
          "each signature hashes the whole transaction, as Bitcoin defined it before BIP143;"
              + " the size of a standard transaction bounds it",
          "coins_on_disk",
          "a step where the coins outgrow the budget and come from the disk; level on both sides");

  private static final int RUNS = 3;

  private Growth() {}

  /** Something of some size that can be done once, and costs so many nanoseconds. */
  @FunctionalInterface
  interface Cost {
    /** Prepares, then does it; only the latter counts. */
    long nanos(int size) throws Exception;
  }

  /**
   * A series.
   *
   * @param sizes that double from one to the next
   * @param unit what one of the size costs
   * @param runs how often each is measured
   */
  record Series(List<Integer> sizes, String unit, int runs, Cost cost) {
    static Series of(int least, int count, String unit, Cost cost) {
      return new Series(doubling(least, count), unit, RUNS, cost);
    }

    /** For what is slow enough to be quiet. */
    static Series once(int least, int count, String unit, Cost cost) {
      return new Series(doubling(least, count), unit, 1, cost);
    }

    private static List<Integer> doubling(int least, int count) {
      return IntStream.range(0, count).mapToObj(i -> least << i).toList();
    }
  }

  /** Measures all series, or those that are named. */
  public static void main(String[] args) throws Exception {
    Map<String, Series> all = new LinkedHashMap<>();
    new ChainGrowth().addTo(all);
    new NetworkGrowth().addTo(all);
    List<String> wanted = List.of(args);
    if (!all.keySet().containsAll(wanted)) {
      System.err.println("series: " + String.join(" ", all.keySet()));
      System.exit(2);
    }
    List<String> worse = new ArrayList<>();
    for (Map.Entry<String, Series> series : all.entrySet()) {
      if (wanted.isEmpty() || wanted.contains(series.getKey())) {
        Fit fit = measure(series.getKey(), series.getValue());
        if (fit.isWorse() && !EXCEPTIONS.containsKey(fit.series())) {
          worse.add(fit.series());
        }
      }
    }
    System.err.println(
        worse.isEmpty() ? "nothing grows worse than n log n" : "worse than n log n: " + worse);
    if (!worse.isEmpty()) {
      System.exit(1);
    }
  }

  private static Fit measure(String name, Series series) throws Exception {
    warmUp(series);
    List<Point> points = new ArrayList<>();
    for (int size : series.sizes) {
      long least = Long.MAX_VALUE;
      for (int run = 0; run < series.runs; run++) {
        least = Math.min(least, series.cost.nanos(size));
      }
      Point point = new Point(name, size, least / 1e3 / size, series.unit);
      System.out.println(point.toJson());
      points.add(point);
    }
    Fit fit = Fit.of(points);
    System.out.println(fit.toJson());
    return fit;
  }

  /** Small sizes until the compilers have seen it: else they would be the dear ones. */
  private static void warmUp(Series series) throws Exception {
    long until = System.nanoTime() + 3_000_000_000L;
    int least = series.sizes.get(0);
    int middle = series.sizes.get(series.sizes.size() / 2);
    do {
      long unused = series.cost.nanos(least) + series.cost.nanos(middle);
    } while (System.nanoTime() < until);
  }

  /** CPU time of this thread, nanoseconds. */
  static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
