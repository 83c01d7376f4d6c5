package org.chaincore.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Draws the ratios of a run as one HTML page that needs nothing else: a bar for each comparison on
 * a logarithmic scale, a mark where its goal is.
 *
 * <p>{@code java -cp chaincore-bench/target/benchmarks.jar org.chaincore.bench.compare.RatioPage
 * docs/bench/ratios.jsonl docs/bench/index.html "machine" "commit"}
 */
public final class RatioPage {
  private static final int WIDTH = 1_000;
  private static final int LEFT = 420;
  private static final int RIGHT = 60;
  private static final int ROW = 30;
  private static final int TOP = 40;
  private static final double LEAST = 0.25;
  private static final double MOST = 128;

  private final List<Ratio> ratios;
  private final StringBuilder svg = new StringBuilder();

  private RatioPage(List<Ratio> ratios) {
    this.ratios = ratios;
  }

  /** Reads the first file and writes the second. */
  public static void main(String[] args) throws IOException {
    RatioPage page = new RatioPage(Ratio.read(Path.of(args[0])));
    Files.writeString(Path.of(args[1]), page.html(args[2], args[3]));
  }

  private static double x(double ratio) {
    double within = Math.max(LEAST, Math.min(MOST, ratio));
    double share = Math.log(within / LEAST) / Math.log(MOST / LEAST);
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private String html(String machine, String commit) {
    int height = TOP + ratios.size() * ROW + 20;
    add("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Ratios\">", WIDTH, height);
    for (double mark = LEAST; mark <= MOST; mark *= 2) {
      add(
          "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" class=\"%s\"/>",
          x(mark), TOP - 8, x(mark), height - 14, mark == 1 ? "one" : "grid");
      add(
          "<text x=\"%.1f\" y=\"%d\" class=\"axis\">%s</text>",
          x(mark), TOP - 14, mark < 1 ? String.valueOf(mark) : String.valueOf((int) mark));
    }
    for (int i = 0; i < ratios.size(); i++) {
      bar(ratios.get(i), TOP + i * ROW);
    }
    add("</svg>");
    return PAGE.replace("@machine@", text(machine))
        .replace("@commit@", text(commit))
        .replace("@picture@", svg);
  }

  private void bar(Ratio ratio, int y) {
    add(
        "<text x=\"%d\" y=\"%d\" class=\"name\">%s</text>",
        LEFT - 12, y + 10, text(ratio.metric() + ", beside " + ratio.peerName()));
    add("<text x=\"%d\" y=\"%d\" class=\"unit\">%s</text>", LEFT - 12, y + 22, text(ratio.unit()));
    double from = Math.min(x(1), x(ratio.ratio()));
    double to = Math.max(x(1), x(ratio.ratio()));
    add(
        "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"16\" class=\"%s\"/>",
        from, y + 2, Math.max(1, to - from), ratio.isLimit() ? "limit" : "peer");
    add(
        "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" class=\"goal\"/>",
        x(ratio.goal()), y - 1, x(ratio.goal()), y + 21);
    add(
        "<text x=\"%.1f\" y=\"%d\" class=\"%s\">%.2f</text>",
        Math.max(to, x(ratio.goal())) + 6, y + 14, ratio.isMet() ? "met" : "missed", ratio.ratio());
  }

  private static String text(String plain) {
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>ChainCore beside others</title>
      <style>
      body { font: 16px/1.5 system-ui, sans-serif; color: #1c2733; max-width: 1060px; margin: 2rem auto; padding: 0 1rem; }
      svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; }
      .name { text-anchor: end; }
      .unit { text-anchor: end; fill: #6b7785; font-size: 9.5px; }
      .axis { text-anchor: middle; fill: #6b7785; font-size: 11px; }
      .grid { stroke: #e4e8ec; }
      .one { stroke: #1c2733; }
      .peer { fill: #1b6ca8; }
      .limit { fill: #9fb3c4; }
      .goal { stroke: #d68910; stroke-width: 3; }
      .met { font-weight: 600; }
      .missed { fill: #b03a2e; font-weight: 600; }
      .key { display: inline-block; width: 1em; height: 0.8em; margin: 0 0.3em 0 1em; }
      </style>
      </head>
      <body>
      <h1>ChainCore beside others</h1>
      <p>Each bar is how many times better ChainCore is than what stands beside it, measured in turns in one
      process; the scale doubles from line to line.
      <span class="key" style="background:#1b6ca8"></span>a peer
      <span class="key" style="background:#9fb3c4"></span>a bound that nobody can pass by much
      <span class="key" style="background:#d68910; width: 3px"></span>the goal; a figure in red misses it.</p>
      <p>Machine: @machine@. Commit: @commit@.</p>
      @picture@
      </body>
      </html>
      """;
}
