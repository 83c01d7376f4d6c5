package org.chaincore.bench.growth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One size of one series, measured.
 *
 * @param series which
 * @param size how many of what it grows with
 * @param micros CPU time of one unit, microseconds
 * @param unit what that is
 */
record Point(String series, int size, double micros, String unit) {
  private static final Pattern LINE =
      Pattern.compile(
          "\\{\"series\":\"([^\"]*)\",\"size\":(\\d+),\"cpu_us\":([0-9.]+),\"unit\":\"([^\"]*)\"}");

  String toJson() {
    return String.format(
        Locale.ROOT,
        "{\"series\":\"%s\",\"size\":%d,\"cpu_us\":%.3f,\"unit\":\"%s\"}",
        series,
        size,
        micros,
        unit);
  }

  /** CPU time of all units. */
  double total() {
    return micros * size;
  }

  /** The points of a file, in its order; other lines are left out. */
  static List<Point> read(Path file) throws IOException {
    try (var lines = Files.lines(file)) {
      return lines.map(LINE::matcher).filter(Matcher::matches).map(Point::of).toList();
    }
  }

  private static Point of(Matcher line) {
    return new Point(
        line.group(1),
        Integer.parseInt(line.group(2)),
        Double.parseDouble(line.group(3)),
        line.group(4));
  }
}
