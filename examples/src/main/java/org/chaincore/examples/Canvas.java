package org.chaincore.examples;

import java.util.Locale;

/**
 * An SVG picture in the making, with a column for each block height; colours and fonts are the
 * style sheet's. Not thread-safe.
 */
final class Canvas {
  /** The side of a block. */
  static final double BLOCK = 26;

  private static final int WIDTH = 1240;
  private static final double LEFT = 62;
  private static final double RIGHT = 30;

  private final StringBuilder svg = new StringBuilder();
  private final double column;

  private Canvas(double column) {
    this.column = column;
  }

  /**
   * An empty picture.
   *
   * @param height of the picture
   * @param highest the height of the highest block
   * @param name for those who cannot see it
   */
  static Canvas of(int height, int highest, String name) {
    Canvas canvas = new Canvas((WIDTH - LEFT - RIGHT - BLOCK) / highest);
    canvas.draw(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", WIDTH, height, escape(name));
    return canvas;
  }

  /** The picture, which is then finished. */
  String finish() {
    return svg.append("</svg>\n").toString();
  }

  /** The middle of a column; between two columns for a fraction. */
  double x(double height) {
    return LEFT + BLOCK / 2 + height * column;
  }

  double halfColumn() {
    return column / 2;
  }

  double left() {
    return LEFT;
  }

  double right() {
    return WIDTH - RIGHT + 6;
  }

  void line(String kind, double x1, double y1, double x2, double y2) {
    draw(
        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
        kind, x1, y1, x2, y2);
  }

  void text(String kind, double x, double y, String words) {
    draw("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", kind, x, y, escape(words));
  }

  /** A rounded square around a middle. */
  void square(String kind, double x, double y, double side) {
    draw(
        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%.1f\"/>",
        kind, x - side / 2, y - side / 2, side, side, side / 5);
  }

  /** What follows until {@link #endGroup} shows this when it is hovered over. */
  void group(String title) {
    draw("<g><title>%s</title>", escape(title));
  }

  void endGroup() {
    draw("</g>");
  }

  /** Any element, in the digits of no language. */
  void draw(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** A text as HTML has it. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
