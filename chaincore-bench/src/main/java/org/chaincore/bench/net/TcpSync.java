package org.chaincore.bench.net;

import java.util.Arrays;
import java.util.Locale;
import org.chaincore.bench.workload.TcpDownload;

/**
 * One node downloads the chain of another over TCP on the loopback address, with full validation,
 * beside an engine that is handed the same blocks one after another. The blocks are full of P2WPKH
 * payments. Times are those of the wall: the machine should have two quiet cores.
 *
 * <p>Arguments: how many blocks, payments of a block, rounds. Prints one JSON object in the form of
 * {@code SideBySide}, which takes a shorter measurement of the same.
 *
 * <p>{@code java -Xmx6g -cp chaincore-bench/target/benchmarks.jar org.chaincore.bench.net.TcpSync
 * 10000 100 3}
 */
public final class TcpSync {
  private static final double GOAL = 0.7;

  private TcpSync() {}

  /** Measures. */
  public static void main(String[] args) throws Exception {
    int blocks = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    int payments = args.length > 1 ? Integer.parseInt(args[1]) : 100;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    double[] connects = new double[rounds];
    double[] syncs = new double[rounds];
    double[] ratios = new double[rounds];
    try (TcpDownload download = TcpDownload.of(blocks, payments)) {
      for (int i = 0; i < rounds; i++) {
        connects[i] = download.connectSeconds();
        syncs[i] = download.seconds();
        ratios[i] = connects[i] / syncs[i];
      }
    }
    System.out.printf(
        Locale.ROOT,
        "{\"metric\":\"sync_over_tcp\",\"chaincore\":%.0f,\"peer\":%.0f,"
            + "\"peer_name\":\"limit: core connect rate\",\"ratio\":%.3f,\"goal\":%.2f,"
            + "\"unit\":\"payments per second, %d blocks of %d\",\"runs\":%d}%n",
        blocks * payments / median(syncs),
        blocks * payments / median(connects),
        median(ratios),
        GOAL,
        blocks,
        payments,
        rounds);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
