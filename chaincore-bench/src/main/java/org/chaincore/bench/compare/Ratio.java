package org.chaincore.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One comparison that was measured, as one JSON object on a line.
 *
 * @param metric what was measured
 * @param chaincore ChainCore's figure, the median
 * @param peer the other's figure, the median
 * @param peerName who the other is; {@code limit: …} for a bound that is no competitor
 * @param ratio how many times better ChainCore is: the median of the runs' ratios
 * @param goal the ratio aimed at
 * @param unit of both figures
 * @param runs how many pairs of runs
 * @param spread the middle half of the ratios, as a part of their median
 */
record Ratio(
    String metric,
    double chaincore,
    double peer,
    String peerName,
    double ratio,
    double goal,
    String unit,
    int runs,
    double spread) {
  private static final Pattern FIELD =
      Pattern.compile("\"(\\w+)\":(?:\"([^\"\\\\]*)\"|(-?[0-9.]+))");

  String toJson() {
    return String.format(
        Locale.ROOT,
        "{\"metric\":\"%s\",\"chaincore\":%.0f,\"peer\":%.0f,\"peer_name\":\"%s\",\"ratio\":%.3f,"
            + "\"goal\":%.2f,\"unit\":\"%s\",\"runs\":%d,\"spread\":%.3f}",
        metric,
        chaincore,
        peer,
        peerName,
        ratio,
        goal,
        unit,
        runs,
        spread);
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if a field is missing
   */
  static Ratio parse(String line) {
    return new Ratio(
        field(line, "metric"),
        number(line, "chaincore"),
        number(line, "peer"),
        field(line, "peer_name"),
        number(line, "ratio"),
        number(line, "goal"),
        field(line, "unit"),
        (int) number(line, "runs"),
        number(line, "spread"));
  }

  private static double number(String line, String name) {
    return Double.parseDouble(field(line, name));
  }

  private static String field(String line, String name) {
    Matcher at = FIELD.matcher(line);
    while (at.find()) {
      if (at.group(1).equals(name)) {
        return at.group(2) != null ? at.group(2) : at.group(3);
      }
    }
    throw new IllegalArgumentException("no " + name + " in: " + line);
  }

  /** The comparisons of a file, in its order. */
  static List<Ratio> read(Path file) throws IOException {
    try (var lines = Files.lines(file)) {
      return lines.filter(line -> line.startsWith("{")).map(Ratio::parse).toList();
    }
  }

  /** Whether both compare the same things. */
  boolean isLike(Ratio other) {
    return metric.equals(other.metric)
        && peerName.equals(other.peerName)
        && unit.equals(other.unit);
  }

  boolean isMet() {
    return ratio >= goal;
  }

  boolean isLimit() {
    return peerName.startsWith("limit: ");
  }
}
