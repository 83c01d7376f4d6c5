package org.chaincore.bench.sync;

import java.util.Arrays;
import java.util.Locale;
import org.chaincore.bench.workload.MemoryDownload;

/**
 * One node downloads the chain of another over the transport in memory, with the whole protocol and
 * full validation, beside an engine that is handed the same blocks one after another. Two threads
 * work in a download, one a node, so times are those of the wall: the machine should have two quiet
 * cores.
 *
 * <p>Arguments: how many blocks, how many rounds. Prints one JSON object in the form of {@code
 * SideBySide}, which takes a shorter measurement of the same.
 *
 * <p>{@code java -cp chaincore-bench/target/benchmarks.jar org.chaincore.bench.sync.InMemorySync
 * 100000 9}
 */
public final class InMemorySync {
  private static final double GOAL = 0.6;

  private InMemorySync() {}

  /** Measures. */
  public static void main(String[] args) throws InterruptedException {
    int blocks = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 9;
    MemoryDownload download = MemoryDownload.of(blocks);
    download.connectSeconds();
    download.seconds();
    double[] connects = new double[rounds];
    double[] syncs = new double[rounds];
    double[] ratios = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      connects[i] = download.connectSeconds();
      syncs[i] = download.seconds();
      ratios[i] = connects[i] / syncs[i];
    }
    System.out.printf(
        Locale.ROOT,
        "{\"metric\":\"sync_in_memory\",\"chaincore\":%.0f,\"peer\":%.0f,"
            + "\"peer_name\":\"limit: core connect rate\",\"ratio\":%.3f,\"goal\":%.2f,"
            + "\"unit\":\"empty blocks per second, %d blocks in %.3f s\",\"runs\":%d}%n",
        blocks / median(syncs),
        blocks / median(connects),
        median(ratios),
        GOAL,
        blocks,
        median(syncs),
        rounds);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
