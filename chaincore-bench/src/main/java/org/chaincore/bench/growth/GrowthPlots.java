package org.chaincore.bench.growth;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws what {@link Growth} printed: a picture a series, the cost of one unit against the size,
 * both logarithmic. A level line is cost that grows with the size and no faster. Not thread-safe.
 */
public final class GrowthPlots {
  private static final int WIDTH = 320;
  private static final int HEIGHT = 170;
  private static final int LEFT = 52;
  private static final int RIGHT = 16;
  private static final int TOP = 14;
  private static final int BASE = 136;

  /** The vertical axis spans this factor at least, so that noise does not look like growth. */
  private static final double LEAST_SPAN = 8;

  private final StringBuilder html = new StringBuilder();

  private GrowthPlots() {}

  /** Figures for a page: each has a picture and its caption. */
  public static String of(Path file) throws IOException {
    Map<String, List<Point>> series = new LinkedHashMap<>();
    for (Point point : Point.read(file)) {
      series.computeIfAbsent(point.series(), name -> new ArrayList<>()).add(point);
    }
    GrowthPlots plots = new GrowthPlots();
    series.values().forEach(plots::draw);
    return plots.html.toString();
  }

  private void add(String format, Object... values) {
    html.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private void draw(List<Point> points) {
    Fit fit = Fit.of(points);
    double low = points.stream().mapToDouble(Point::micros).min().orElseThrow();
    double high = points.stream().mapToDouble(Point::micros).max().orElseThrow();
    double middle = Math.sqrt(low * high);
    double half = Math.sqrt(Math.max(high / low * 1.3, LEAST_SPAN));
    Scale x =
        new Scale(
            points.get(0).size(), points.get(points.size() - 1).size(), LEFT + 8, WIDTH - RIGHT);
    Scale y = new Scale(middle / half, middle * half, BASE, TOP);
    add("<figure>");
    add("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", WIDTH, HEIGHT, fit.series());
    add(
        "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"one\"/>",
        LEFT, BASE, WIDTH - RIGHT, BASE);
    for (double mark : new double[] {low, high}) {
      if (mark == low || y.at(low) - y.at(high) > 14) {
        add(
            "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" class=\"grid\"/>",
            LEFT, y.at(mark), WIDTH - RIGHT, y.at(mark));
        add(
            "<text x=\"%d\" y=\"%.1f\" class=\"left\">%s</text>",
            LEFT - 6, y.at(mark) + 4, micros(mark));
      }
    }
    StringBuilder line = new StringBuilder();
    for (Point point : points) {
      double px = x.at(point.size());
      double py = y.at(point.micros());
      line.append(String.format(Locale.ROOT, "%.1f,%.1f ", px, py));
      add(
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" class=\"peer\"><title>%d: %s</title></circle>",
          px, py, point.size(), micros(point.micros()));
      add("<text x=\"%.1f\" y=\"%d\" class=\"axis\">%s</text>", px, BASE + 16, size(point.size()));
    }
    add("<polyline points=\"%s\" class=\"growth\"/>", line.toString().trim());
    add("</svg>");
    String verdict =
        fit.isWorse()
            ? "worse than n log n: " + Growth.EXCEPTIONS.getOrDefault(fit.series(), "not explained")
            : "n log n or better";
    add(
        "<figcaption><b>%s</b>, CPU time of %s. All together grow as n<sup>%.2f</sup>: <span class=\"%s\">%s</span>.</figcaption>",
        fit.series().replace('_', ' '),
        points.get(0).unit(),
        fit.exponent(),
        fit.isWorse() ? "missed" : "met",
        verdict);
    add("</figure>");
  }

  /** A logarithmic axis. */
  private record Scale(double least, double most, double from, double to) {
    double at(double value) {
      return from + Math.log(value / least) / Math.log(most / least) * (to - from);
    }
  }

  private static String micros(double value) {
    if (value >= 1_000) {
      return String.format(Locale.ROOT, "%.1f ms", value / 1_000);
    }
    return value >= 1
        ? String.format(Locale.ROOT, value >= 10 ? "%.0f µs" : "%.1f µs", value)
        : String.format(Locale.ROOT, "%.0f ns", value * 1_000);
  }

  private static String size(int value) {
    if (value < 1_000) {
      return String.valueOf(value);
    }
    return value % 1_000 == 0
        ? value / 1_000 + "k"
        : String.format(Locale.ROOT, "%.1fk", value / 1e3);
  }
}
