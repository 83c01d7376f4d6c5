package org.chaincore.examples;

import java.util.List;
import java.util.Locale;

/** Draws the difficulty of the chain's blocks: a staircase, for it moves at retargets only. */
final class DifficultyCurve {
  private static final double TOP = 352;
  private static final double BOTTOM = 480;
  private static final double TICK = 0.25;

  private final Canvas canvas;
  private final List<MinedBlock> blocks;
  private final double lowest;
  private final double highest;

  /** A curve of these blocks. */
  DifficultyCurve(Canvas canvas, List<MinedBlock> blocks) {
    this.canvas = canvas;
    this.blocks = blocks;
    double least = blocks.stream().mapToDouble(MinedBlock::level).min().orElse(1);
    double most = blocks.stream().mapToDouble(MinedBlock::level).max().orElse(1);
    this.lowest = Math.floor(least / TICK) * TICK - TICK;
    this.highest = Math.ceil(most / TICK) * TICK + TICK / 2;
  }

  void draw() {
    canvas.text(
        "title", 8, TOP - 12, "Difficulty, as a level: log16 of the hashes that a block takes");
    for (double level = lowest + TICK; level < highest; level += TICK) {
      canvas.line("grid", canvas.left(), y(level), canvas.right(), y(level));
      String label = String.format(Locale.ROOT, "%.2f", level);
      canvas.text("small end", canvas.left() - 8, y(level) + 3.5, label);
    }
    drawStairs();
    drawLabels();
  }

  private void drawStairs() {
    StringBuilder path = new StringBuilder();
    for (MinedBlock mined : blocks) {
      path.append(path.isEmpty() ? 'M' : 'L')
          .append(point(from(mined), mined))
          .append('L')
          .append(point(from(mined) + 2 * canvas.halfColumn(), mined));
    }
    canvas.draw("<path class=\"curve\" d=\"%s\"/>", path);
  }

  private String point(double x, MinedBlock mined) {
    return String.format(Locale.ROOT, "%.1f %.1f", x, y(mined.level()));
  }

  /** At the beginning of each stair, what it means. */
  private void drawLabels() {
    int before = 0;
    for (MinedBlock mined : blocks) {
      int bits = mined.block().header().bits();
      if (bits != before) {
        before = bits;
        String hashes = Journal.count(mined.expectedHashes());
        canvas.text("small", from(mined) + 5, y(mined.level()) - 6, hashes);
      }
    }
  }

  /** Where the column of a block begins. */
  private double from(MinedBlock mined) {
    return canvas.x(mined.height()) - canvas.halfColumn();
  }

  private double y(double level) {
    return BOTTOM - (level - lowest) / (highest - lowest) * (BOTTOM - TOP);
  }
}
