package org.chaincore.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.value.Hash256;

/** The page at the end of the quickstart: one HTML file that loads nothing else. */
final class BlockTreePage {
  private static final String STYLE_SHEET = "quickstart.css";
  private static final double RETARGETS_TOP = 346;

  private final Journal journal;
  private final DemoNode node;
  private final long seed;
  private final double seconds;
  private final Set<Hash256> onChain = new HashSet<>();

  /**
   * A page about a run.
   *
   * @param node one whose chain is drawn
   * @param seed that gives the same run again, but for the clock
   * @param seconds that it took
   */
  BlockTreePage(Journal journal, DemoNode node, long seed, double seconds) {
    this.journal = journal;
    this.node = node;
    this.seed = seed;
    this.seconds = seconds;
    node.chain().forEach(block -> onChain.add(block.hash()));
  }

  /**
   * The whole page.
   *
   * @throws IOException if the style sheet cannot be read from the jar
   */
  String html() throws IOException {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>ChainCore quickstart</title>
        <style>
        %s</style>
        </head>
        <body><main>
        <h1>ChainCore quickstart</h1>
        <p>Three full nodes in one process, Alice, Bob and Carol, joined in a line. They mined with
        real proof of work, paid each other, lost sight of each other, and agreed again on the chain
        of most work.</p>
        %s
        <div class="picture">%s%s</div>
        <h2>Payments</h2>
        %s
        <h2>Blocks</h2>
        <details><summary>all %d blocks, in the order in which they were mined</summary>
        %s</details>
        <p class="quiet">Seed %d. Hover over a block to see its hash.</p>
        </main></body>
        </html>
        """
        .formatted(
            styleSheet(),
            figures(),
            picture(),
            legend(),
            payments(),
            journal.blocks().size(),
            blocks(),
            seed);
  }

  private static String styleSheet() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(BlockTreePage.class.getResourceAsStream(STYLE_SHEET), STYLE_SHEET)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String figures() {
    HeaderNode tip = node.engine().view().tip();
    double hashes = 0;
    double searching = 0;
    int recovered = journal.recoveries().size();
    for (MinedBlock mined : journal.blocks().values()) {
      hashes += mined.effort().hashes();
      searching += mined.effort().seconds();
    }
    return "<div class=\"figures\">"
        + figure(Integer.toString(tip.height()), "height, tip " + Journal.brief(tip.hash()))
        + figure(Integer.toString(journal.reorganisations().size()), "reorganisation")
        + figure(
            Integer.toString(recovered), recovered == 1 ? "orphan recovered" : "orphans recovered")
        + figure(Journal.count(hashes), "hashes tried")
        + figure(Journal.count(hashes / searching) + "/s", "hash rate")
        + figure(String.format(Locale.ROOT, "%.1f s", seconds), "on the clock")
        + figure(Audit.supply(node).toCoins().replaceAll("\\.?0+$", ""), "coins issued")
        + "</div>";
  }

  private static String figure(String value, String name) {
    return "<div><b>" + value + "</b><span>" + name + "</span></div>";
  }

  private String picture() {
    List<MinedBlock> chain = journal.mined(mined -> onChain.contains(mined.hash()));
    Canvas canvas =
        Canvas.of(
            BlockTimes.BOTTOM + 12,
            journal.blocks().values().stream().mapToInt(MinedBlock::height).max().orElse(1),
            "Block tree, difficulty and block times by height");
    for (MinedBlock mined : chain) {
      if (DemoNetwork.isRetarget(mined.height())) {
        double x = canvas.x(mined.height() - 0.5);
        canvas.line("retarget", x, RETARGETS_TOP, x, BlockTimes.BOTTOM);
      }
    }
    new TreeDrawing(canvas, journal, onChain).draw();
    new DifficultyCurve(canvas, chain).draw();
    new BlockTimes(canvas, chain).draw();
    return canvas.finish();
  }

  private static String legend() {
    return """
        <ul class="legend">
        <li>%s Alice</li><li>%s Bob</li><li>%s Carol</li>
        <li>%s stale: lost to the chain of more work</li>
        <li>%s came before its parent somewhere, waited as an orphan, was recovered</li>
        <li>%s a payment, by its number below</li>
        <li>%s retarget</li>
        </ul>
        """
        .formatted(
            icon("<rect class=\"Alice\" x=\"2\" y=\"2\" width=\"18\" height=\"18\" rx=\"4\"/>"),
            icon("<rect class=\"Bob\" x=\"2\" y=\"2\" width=\"18\" height=\"18\" rx=\"4\"/>"),
            icon("<rect class=\"Carol\" x=\"2\" y=\"2\" width=\"18\" height=\"18\" rx=\"4\"/>"),
            icon(
                "<rect class=\"Carol stale\" x=\"2\" y=\"2\" width=\"18\" height=\"18\" rx=\"4\"/>"),
            icon("<rect class=\"ring\" x=\"2\" y=\"2\" width=\"18\" height=\"18\" rx=\"6\"/>"),
            icon("<circle class=\"coin\" cx=\"11\" cy=\"11\" r=\"8\"/>"),
            icon("<line class=\"retarget\" x1=\"11\" y1=\"1\" x2=\"11\" y2=\"21\"/>"));
  }

  private static String icon(String shape) {
    return "<svg viewBox=\"0 0 22 22\" aria-hidden=\"true\">" + shape + "</svg>";
  }

  private String payments() {
    StringBuilder rows = new StringBuilder();
    for (Journal.Payment payment : journal.payments()) {
      rows.append(
          row(
              Integer.toString(payment.number()),
              payment.from() + " " + Canvas.escape(payment.what()),
              payment.terms().amount().toCoins(),
              payment.terms().fee().toCoins(),
              whereMined(payment),
              "<code>" + payment.transaction().txid() + "</code>"));
    }
    return table("No.|What|Coins|Fee|Mined in|Transaction", rows);
  }

  private String whereMined(Journal.Payment payment) {
    List<String> places =
        journal.blocks().values().stream()
            .filter(mined -> mined.block().transactions().contains(payment.transaction()))
            .map(
                mined ->
                    "block "
                        + mined.height()
                        + " of "
                        + mined.miner()
                        + (onChain.contains(mined.hash()) ? "" : " (stale)"))
            .toList();
    return places.isEmpty() ? "not yet" : String.join(", then ", places);
  }

  private String blocks() {
    StringBuilder rows = new StringBuilder();
    for (MinedBlock mined : journal.blocks().values()) {
      rows.append(
          row(
              mined.height() + (onChain.contains(mined.hash()) ? "" : " (stale)"),
              mined.miner(),
              String.format(Locale.ROOT, "%08x", mined.block().header().bits()),
              String.format(Locale.ROOT, "%,d", mined.effort().hashes()),
              String.format(Locale.ROOT, "%.3f", mined.effort().seconds()),
              "<code>" + mined.hash() + "</code>"));
    }
    return table("Height|Miner|Bits|Hashes tried|Seconds|Hash", rows);
  }

  private static String table(String columns, StringBuilder rows) {
    String heads =
        List.of(columns.split("\\|", -1)).stream().collect(Collectors.joining("</th><th>"));
    return "<div class=\"wide\"><table><tr><th>" + heads + "</th></tr>\n" + rows + "</table></div>";
  }

  private static String row(String... cells) {
    return "<tr><td>" + String.join("</td><td>", cells) + "</td></tr>\n";
  }
}
