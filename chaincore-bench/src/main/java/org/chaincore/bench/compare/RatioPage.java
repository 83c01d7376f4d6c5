package org.chaincore.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.chaincore.bench.growth.GrowthPlots;

/**
 * Draws the ratios of a run as one HTML page that needs nothing else: a bar for each comparison on
 * a logarithmic scale, a mark where its goal is; and below them how costs grow.
 *
 * <p>{@code java -cp chaincore-bench/target/benchmarks.jar org.chaincore.bench.compare.RatioPage
 * docs/bench/ratios.jsonl docs/bench/growth.jsonl docs/bench/index.html "machine" "commit"}
 */
public final class RatioPage {
  private static final double LEAST = 0.25;
  private static final double MOST = 128;

  private final List<Ratio> ratios;
  private final StringBuilder rows = new StringBuilder();

  private RatioPage(List<Ratio> ratios) {
    this.ratios = ratios;
  }

  /** Reads the first two files and writes the third. */
  public static void main(String[] args) throws IOException {
    if (args.length != 5) {
      System.err.println("wanted: RATIOS GROWTH PAGE MACHINE COMMIT");
      System.exit(2);
    }
    RatioPage page = new RatioPage(Ratio.read(Path.of(args[0])));
    String growth = GrowthPlots.of(Path.of(args[1]));
    Files.writeString(Path.of(args[2]), page.html(args[3], args[4]).replace("@growth@", growth));
  }

  /** Where a ratio is on the scale, in percent of its width. */
  private static double x(double ratio) {
    double within = Math.max(LEAST, Math.min(MOST, ratio));
    return 100 * Math.log(within / LEAST) / Math.log(MOST / LEAST);
  }

  private void add(String format, Object... values) {
    rows.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private String html(String machine, String commit) {
    scale();
    ratios.forEach(this::row);
    return PAGE.replace("@machine@", text(machine))
        .replace("@commit@", text(commit))
        .replace("@ratios@", rows);
  }

  private void scale() {
    add("<div class=\"row\"><div></div><div class=\"track\">");
    for (double mark = LEAST; mark <= MOST; mark *= 2) {
      String name = mark < 1 ? String.valueOf(mark) : String.valueOf((int) mark);
      add("<span class=\"scale\" style=\"left:%.2f%%\">%s</span>", x(mark), name);
    }
    add("</div></div>");
  }

  private void row(Ratio ratio) {
    double from = Math.min(x(1), x(ratio.ratio()));
    double to = Math.max(x(1), x(ratio.ratio()));
    add(
        "<div class=\"row\"><div class=\"name\">%s, beside %s<small>%s</small></div>",
        text(ratio.metric()), text(ratio.peerName()), text(ratio.unit()));
    add("<div class=\"track\">");
    for (double mark = LEAST; mark <= MOST; mark *= 2) {
      add("<i class=\"%s\" style=\"left:%.2f%%\"></i>", mark == 1 ? "one" : "line", x(mark));
    }
    add(
        "<i class=\"bar %s\" style=\"left:%.2f%%; width:%.2f%%\"></i>",
        ratio.isLimit() ? "limit" : "peer", from, Math.max(0.2, to - from));
    if (ratio.goal() > 0) {
      add("<i class=\"goal\" style=\"left:%.2f%%\"></i>", x(ratio.goal()));
    }
    add(
        "<b class=\"%s\" style=\"left:%.2f%%\">%.2f</b></div></div>",
        ratio.isMet() ? "met" : "missed", Math.max(to, x(ratio.goal())), ratio.ratio());
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
      :root { color-scheme: light dark; --text: #1c2733; --faint: #5f6b78; --grid: #e4e8ec; --back: #ffffff;
        --peer: #1b6ca8; --limit: #9fb3c4; --goal: #d68910; --missed: #b03a2e; }
      @media (prefers-color-scheme: dark) {
        :root { --text: #dfe6ec; --faint: #93a1af; --grid: #2c3742; --back: #141a20;
          --peer: #4f9fd9; --limit: #5d7284; --goal: #e8a33d; --missed: #ef8072; }
      }
      body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back);
        max-width: 1060px; margin: 2rem auto; padding: 0 1rem; }
      svg { display: block; width: 100%; height: auto; font: 12px system-ui, sans-serif; }
      svg text { fill: var(--text); }
      .row { display: grid; grid-template-columns: minmax(0, 24rem) 1fr; gap: 0 1rem; align-items: center; }
      .name { text-align: right; font-size: 13px; line-height: 1.25; }
      .name small { display: block; color: var(--faint); font-size: 11px; }
      .track { position: relative; height: 2.1rem; margin-right: 2.5rem; }
      .track > * { position: absolute; top: 0; bottom: 0; }
      .track .scale { top: auto; transform: translateX(-50%); font-size: 12px; color: var(--faint); }
      .track .line { border-left: 1px solid var(--grid); }
      .track .one { border-left: 1px solid var(--text); }
      .track .bar { top: 0.5rem; bottom: 0.5rem; }
      .bar.peer { background: var(--peer); }
      .bar.limit { background: var(--limit); }
      .track .goal { border-left: 3px solid var(--goal); top: 0.25rem; bottom: 0.25rem; }
      .track b { padding-left: 0.5rem; font-size: 13px; line-height: 2.1rem; }
      @media (max-width: 700px) {
        .row { grid-template-columns: 1fr; }
        .name { text-align: left; margin-top: 0.4rem; }
      }
      .grow { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 1.5rem; }
      figure { margin: 0; }
      figcaption { font-size: 13.5px; line-height: 1.4; }
      svg .axis { text-anchor: middle; fill: var(--faint); font-size: 11px; }
      svg .left { text-anchor: end; fill: var(--faint); font-size: 11px; }
      svg .grid { stroke: var(--grid); }
      svg .one { stroke: var(--text); }
      svg .peer { fill: var(--peer); }
      .growth { fill: none; stroke: var(--peer); stroke-width: 2; }
      .missed { color: var(--missed); font-weight: 600; }
      .key { display: inline-block; width: 1em; height: 0.8em; margin: 0 0.3em 0 1em; }
      </style>
      </head>
      <body>
      <h1>ChainCore beside others</h1>
      <p>Each bar is how many times better ChainCore is than what stands beside it, measured in turns in one
      process; the scale doubles from line to line.
      <span class="key" style="background:var(--peer)"></span>a peer
      <span class="key" style="background:var(--limit)"></span>a bound that nobody can pass by much
      <span class="key" style="background:var(--goal); width: 3px"></span>the goal; a figure in red misses it.</p>
      <p>Machine: @machine@. Commit: @commit@.</p>
      @ratios@
      <h2>How costs grow</h2>
      <p>CPU time of one thing against how many there are, both on logarithmic scales: where the line is level,
      twice as many cost twice as much.</p>
      <div class="grow">
      @growth@
      </div>
      </body>
      </html>
      """;
}
