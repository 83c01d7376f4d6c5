package org.chaincore.examples;

import java.util.List;
import java.util.Locale;

/** Draws how long the search for each of the chain's blocks took, and what the network aims at. */
final class BlockTimes {
  static final int BOTTOM = 624;

  private static final double TOP = 526;
  private static final double BAR_WIDTH = 0.56;

  private final Canvas canvas;
  private final List<MinedBlock> blocks;
  private final double longest;

  /** Bars of these blocks. */
  BlockTimes(Canvas canvas, List<MinedBlock> blocks) {
    this.canvas = canvas;
    this.blocks = blocks;
    this.longest =
        blocks.stream()
            .mapToDouble(mined -> mined.effort().seconds())
            .reduce(DemoNetwork.BLOCK_SECONDS, Math::max);
  }

  void draw() {
    canvas.text("title", 8, TOP - 16, "Seconds of search for each block");
    blocks.forEach(this::drawBar);
    canvas.line("axis", canvas.left(), BOTTOM, canvas.right(), BOTTOM);
    double aim = y(DemoNetwork.BLOCK_SECONDS);
    canvas.line("aim", canvas.left(), aim, canvas.right(), aim);
    String label = "aim " + DemoNetwork.BLOCK_SECONDS + " s";
    canvas.text("warn end", canvas.left() - 8, aim + 4, label);
  }

  private void drawBar(MinedBlock mined) {
    double seconds = mined.effort().seconds();
    double top = Math.min(BOTTOM - 1.5, y(seconds));
    double halfWidth = canvas.halfColumn() * BAR_WIDTH;
    String label = String.format(Locale.ROOT, "%.1f", seconds);
    canvas.group(String.format(Locale.ROOT, "block %d: %.3f s", mined.height(), seconds));
    canvas.draw(
        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"/>",
        mined.miner(), canvas.x(mined.height()) - halfWidth, top, 2 * halfWidth, BOTTOM - top);
    canvas.endGroup();
    if (seconds >= 1.3 * DemoNetwork.BLOCK_SECONDS) {
      canvas.text("small mid", canvas.x(mined.height()), top - 5, label);
    }
  }

  private double y(double seconds) {
    return BOTTOM - seconds / longest * (BOTTOM - TOP);
  }
}
