package org.chaincore.bench.growth;

import java.util.List;
import java.util.Locale;

/**
 * How a series grows: the slope of the line through its points where both axes are logarithmic, of
 * the cost of all units together; beside it the slope that n log n has over the same sizes.
 *
 * @param series which
 * @param exponent 1 where twice as many cost twice as much
 * @param ofNLogN the same of n log n
 */
record Fit(String series, double exponent, double ofNLogN) {
  /** What a busy machine adds to a slope, and caches do as they overflow. */
  private static final double NOISE = 0.15;

  static Fit of(List<Point> points) {
    double[] sizes = points.stream().mapToDouble(Point::size).toArray();
    double[] costs = points.stream().mapToDouble(Point::total).toArray();
    double[] bound = points.stream().mapToDouble(p -> p.size() * Math.log(p.size())).toArray();
    return new Fit(points.get(0).series(), slope(sizes, costs), slope(sizes, bound));
  }

  private static double slope(double[] sizes, double[] costs) {
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < sizes.length; i++) {
      meanX += Math.log(sizes[i]) / sizes.length;
      meanY += Math.log(costs[i]) / sizes.length;
    }
    double covariance = 0;
    double variance = 0;
    for (int i = 0; i < sizes.length; i++) {
      double x = Math.log(sizes[i]) - meanX;
      covariance += x * (Math.log(costs[i]) - meanY);
      variance += x * x;
    }
    return covariance / variance;
  }

  boolean isWorse() {
    return exponent > ofNLogN + NOISE;
  }

  String toJson() {
    return String.format(
        Locale.ROOT,
        "{\"growth\":\"%s\",\"exponent\":%.2f,\"of_n_log_n\":%.2f,\"worse\":%b}",
        series,
        exponent,
        ofNLogN,
        isWorse());
  }
}
