package org.chaincore.bench.lock;

import java.util.List;
import java.util.Locale;

/**
 * A picture of bars, panel beside panel: in each, a group for every JDK, and in it a bar for every
 * lock. Not thread-safe.
 */
final class LockPlot {
  private static final int PANEL_WIDTH = 380;
  private static final int HEIGHT = 310;
  private static final int LEFT = 20;
  private static final int BASE = 260;
  private static final int TALLEST = 210;
  private static final int BAR = 32;
  private static final int BAR_STEP = 36;
  private static final int GROUP_GAP = 20;

  /** On a log scale the bars begin here, so that a lock ten times as quick has a bar to see. */
  private static final double LOG_FLOOR = 0.05;

  private static final List<String> COLOURS = List.of("#1b6ca8", "#c0392b", "#7f8c8d", "#d68910");

  private final List<String> groups;
  private final List<String> names;
  private final StringBuilder body = new StringBuilder();
  private int panels;

  /**
   * A picture without panels.
   *
   * @param groups what stands below each group
   * @param names what each bar of a group is, for the legend
   */
  LockPlot(List<String> groups, List<String> names) {
    this.groups = groups;
    this.names = names;
  }

  /**
   * Adds a panel.
   *
   * @param values a list a group, a value a bar
   */
  void bars(String title, boolean logarithmic, List<List<Double>> values) {
    int left = LEFT + PANEL_WIDTH * panels++;
    double most = values.stream().flatMap(List::stream).max(Double::compare).orElseThrow();
    add("<text x=\"%d\" y=\"20\" font-weight=\"bold\">%s</text>", left, title);
    int x = left;
    for (int group = 0; group < values.size(); group++) {
      List<Double> bars = values.get(group);
      for (int i = 0; i < bars.size(); i++) {
        double height = TALLEST * share(bars.get(i), most, logarithmic);
        add(
            "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" fill=\"%s\"/>",
            x + i * BAR_STEP, BASE - height, BAR, height, COLOURS.get(i));
        add(
            "<text x=\"%d\" y=\"%.1f\" text-anchor=\"middle\" font-size=\"10\">%s</text>",
            x + i * BAR_STEP + BAR / 2, BASE - height - 4, LockFigures.number(bars.get(i)));
      }
      int width = bars.size() * BAR_STEP - BAR_STEP + BAR;
      add(
          "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          x + width / 2, BASE + 16, groups.get(group));
      x += width + GROUP_GAP;
    }
    add(
        "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"black\"/>",
        left, x - GROUP_GAP, BASE, BASE);
  }

  private static double share(double value, double most, boolean logarithmic) {
    if (!logarithmic) {
      return value / most;
    }
    return Math.max(0.01, Math.log(value / LOG_FLOOR) / Math.log(most / LOG_FLOOR));
  }

  private void add(String format, Object... parts) {
    body.append(String.format(Locale.ROOT, format, parts)).append('\n');
  }

  /** The picture as SVG. */
  @Override
  public String toString() {
    int width = PANEL_WIDTH * panels;
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n",
            width,
            HEIGHT,
            width,
            HEIGHT));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n").append(body);
    int x = width / 2 - 55 * names.size();
    for (int i = 0; i < names.size(); i++) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%d\" y=\"290\" width=\"10\" height=\"10\" fill=\"%s\"/>"
                  + "<text x=\"%d\" y=\"299\">%s</text>\n",
              x,
              COLOURS.get(i),
              x + 14,
              names.get(i)));
      x += 110;
    }
    return svg.append("</svg>\n").toString();
  }
}
