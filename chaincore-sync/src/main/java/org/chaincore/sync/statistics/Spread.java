package org.chaincore.sync.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How a figure is spread over the nodes, told so that few liars do not matter: the sixth part of
 * the nodes that say the least and the sixth that say the most are left out, except for the median,
 * which only half of all can move. Of five nodes or fewer none is left out.
 *
 * <p>Immutable.
 *
 * @param min the least that is left
 * @param median the middle one; of an even number the mean of the middle two
 * @param mean of what is left
 * @param max the most that is left
 */
public record Spread(double min, double median, double mean, double max) {
  static final Spread NONE = new Spread(0, 0, 0, 0);

  /** Above the tenth part that may lie, by three and a half standard errors of a sample of 256. */
  private static final int PART_LEFT_OUT = 6;

  static Spread of(List<SignedObservation> sample, ToDoubleFunction<Observation> figure) {
    return of(sample.stream().mapToDouble(s -> figure.applyAsDouble(s.observation())).toArray());
  }

  static Spread of(double[] values) {
    if (values.length == 0) {
      return NONE;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int out = sorted.length / PART_LEFT_OUT;
    int end = sorted.length - out;
    double sum = 0;
    for (int i = out; i < end; i++) {
      sum += sorted[i];
    }
    double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    return new Spread(sorted[out], median, sum / (end - out), sorted[end - 1]);
  }
}
