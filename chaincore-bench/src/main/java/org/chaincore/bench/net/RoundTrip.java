package org.chaincore.bench.net;

import java.util.Arrays;
import java.util.Locale;
import org.chaincore.bench.workload.RoundTrips;

/**
 * How long a small message takes to the other end and back: over the transport on TCP, beside bare
 * Netty on the same machine, in turns.
 *
 * <p>Arguments: how many round trips a turn, how many turns. Prints one JSON object in the form of
 * {@code SideBySide}, which takes a shorter measurement of the same: the figures are times, so the
 * ratio is theirs to ours.
 *
 * <p>{@code java -cp chaincore-bench/target/benchmarks.jar org.chaincore.bench.net.RoundTrip 20000
 * 9}
 */
public final class RoundTrip {
  private static final double GOAL = 0.5;

  private RoundTrip() {}

  /** Measures. */
  public static void main(String[] args) throws Exception {
    int trips = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
    int turns = args.length > 1 ? Integer.parseInt(args[1]) : 9;
    double[] bareMicros = new double[turns];
    double[] micros = new double[turns];
    double[] ratios = new double[turns];
    try (RoundTrips both = RoundTrips.start()) {
      both.bareMicros(trips);
      both.micros(trips);
      for (int i = 0; i < turns; i++) {
        bareMicros[i] = both.bareMicros(trips);
        micros[i] = both.micros(trips);
        ratios[i] = bareMicros[i] / micros[i];
      }
    }
    System.out.printf(
        Locale.ROOT,
        "{\"metric\":\"round_trip\",\"chaincore\":%.1f,\"peer\":%.1f,"
            + "\"peer_name\":\"limit: bare Netty\",\"ratio\":%.3f,\"goal\":%.2f,"
            + "\"unit\":\"microseconds, p50 of %d bytes and back\",\"runs\":%d}%n",
        median(micros),
        median(bareMicros),
        median(ratios),
        GOAL,
        RoundTrips.BYTES,
        turns);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
