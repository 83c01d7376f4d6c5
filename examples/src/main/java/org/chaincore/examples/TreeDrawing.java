package org.chaincore.examples;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.value.Hash256;

/**
 * Draws the block tree: the chain as a row of blocks, the stale branch below it, and what happened
 * to them.
 */
final class TreeDrawing {
  private static final double CHAIN_Y = 150;
  private static final double STALE_Y = 232;
  private static final double SPLIT_TOP = 36;
  private static final double BOTTOM = 298;
  private static final double HALF_BLOCK = Canvas.BLOCK / 2;
  private static final double COIN_RADIUS = 9;

  private final Canvas canvas;
  private final Journal journal;
  private final List<MinedBlock> chain;
  private final List<MinedBlock> stale;
  private final int forkHeight;

  /**
   * A drawing of what the journal tells.
   *
   * @param onChain the blocks of the chain
   */
  TreeDrawing(Canvas canvas, Journal journal, Set<Hash256> onChain) {
    this.canvas = canvas;
    this.journal = journal;
    this.chain = journal.mined(mined -> onChain.contains(mined.hash()));
    this.stale = journal.mined(mined -> !onChain.contains(mined.hash()));
    this.forkHeight = stale.stream().mapToInt(MinedBlock::height).min().orElse(1) - 1;
  }

  void draw() {
    canvas.draw(
        "<defs><marker id=\"head\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\""
            + " markerHeight=\"7\" orient=\"auto\"><path class=\"arrow\" d=\"M0 0L10 5L0 10z\"/>"
            + "</marker></defs>");
    canvas.text("title", 8, 22, "Block tree");
    journal.outages().forEach(this::drawOutage);
    drawEdges();
    drawBlock(0, CHAIN_Y, "nobody", "G", "genesis, which nobody mined");
    chain.forEach(mined -> drawMined(mined, CHAIN_Y, "", ""));
    stale.forEach(mined -> drawMined(mined, STALE_Y, " stale", ", stale"));
    drawOrphans();
    drawPayments();
    drawLostBlock();
    journal.reorganisations().forEach(seen -> drawReorganisation(seen.node(), seen.change()));
    for (int height = 0; height <= chain.size(); height++) {
      String label = Integer.toString(height);
      canvas.text("small mid", canvas.x(height), CHAIN_Y + HALF_BLOCK + 16, label);
    }
  }

  /** The blocks that were mined while the cable was cut. */
  private void drawOutage(Journal.Outage outage) {
    double from = canvas.x(outage.lastHeight() + 0.5);
    double to = canvas.x(outage.healedHeight() + 0.5);
    boolean isSplit = outage.lastHeight() == forkHeight;
    double bottom = isSplit ? BOTTOM : CHAIN_Y + HALF_BLOCK + 22;
    canvas.draw(
        "<rect class=\"band\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"8\"/>",
        from, SPLIT_TOP, to - from, bottom - SPLIT_TOP);
    String label = isSplit ? "the cable is cut" : "cut";
    canvas.text("warn mid", (from + to) / 2, SPLIT_TOP + 18, label);
  }

  private boolean wasOrphan(Hash256 block) {
    return journal.recoveries().stream().anyMatch(waiting -> waiting.block().equals(block));
  }

  private void drawEdges() {
    canvas.line("edge", canvas.x(0), CHAIN_Y, canvas.x(chain.size()), CHAIN_Y);
    double fork = canvas.x(forkHeight);
    double half = canvas.halfColumn();
    canvas.draw(
        "<path class=\"edge lost\" d=\"M%.1f %.1f C%.1f %.1f %.1f %.1f %.1f %.1f L%.1f %.1f\"/>",
        fork + HALF_BLOCK,
        CHAIN_Y,
        fork + half,
        CHAIN_Y + 30,
        fork + half,
        STALE_Y,
        canvas.x(forkHeight + 1.0),
        STALE_Y,
        canvas.x(forkHeight + (double) stale.size()),
        STALE_Y);
  }

  private void drawMined(MinedBlock mined, double y, String kind, String remark) {
    String story =
        String.format(
            Locale.ROOT,
            "block %d by %s%s: %s, level %.2f, %,d hashes",
            mined.height(),
            mined.miner(),
            remark,
            mined.hash(),
            mined.level(),
            mined.effort().hashes());
    drawBlock(mined.height(), y, mined.miner() + kind, mined.miner().substring(0, 1), story);
  }

  private void drawBlock(int height, double y, String kind, String initial, String story) {
    canvas.group(story);
    // Stale blocks are pale, and what lies under them must not shine through.
    canvas.square("paper", canvas.x(height), y, Canvas.BLOCK);
    canvas.square(kind, canvas.x(height), y, Canvas.BLOCK);
    String letter = kind.endsWith("stale") ? "mid" : "in";
    canvas.text(letter, canvas.x(height), y + 4.5, initial);
    canvas.endGroup();
  }

  private void drawOrphans() {
    Set<Hash256> seen = new HashSet<>();
    for (Journal.Waiting waiting : journal.recoveries()) {
      MinedBlock mined = journal.blocks().get(waiting.block());
      if (mined != null && seen.add(mined.hash())) {
        canvas.square("ring", canvas.x(mined.height()), y(mined), Canvas.BLOCK + 7);
      }
    }
  }

  private double y(MinedBlock mined) {
    return stale.contains(mined) ? STALE_Y : CHAIN_Y;
  }

  private void drawPayments() {
    Map<Hash256, Integer> stacked = new HashMap<>();
    for (MinedBlock mined : journal.blocks().values()) {
      for (Journal.Payment payment : journal.payments()) {
        if (mined.block().transactions().contains(payment.transaction())) {
          drawPayment(mined, payment, stacked.merge(mined.hash(), 1, Integer::sum));
        }
      }
    }
  }

  /** Above a block of the chain, below a stale one. */
  private void drawPayment(MinedBlock mined, Journal.Payment payment, int place) {
    double away = stale.contains(mined) ? 1 : -1;
    double x = canvas.x(mined.height());
    double edge = y(mined) + away * (HALF_BLOCK + 4);
    double middle = edge + away * (15 + (place - 1) * (2 * COIN_RADIUS + 3));
    if (place == 1) {
      canvas.line("pin", x, edge, x, middle - away * COIN_RADIUS);
    }
    canvas.group(payment.from() + " " + payment.what());
    canvas.draw(
        "<circle class=\"coin\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", x, middle, COIN_RADIUS);
    canvas.text("gold mid", x, middle + 4.2, Integer.toString(payment.number()));
    canvas.endGroup();
  }

  /** The orphan of the story: the block whose parent did not arrive. */
  private void drawLostBlock() {
    for (MinedBlock mined : chain) {
      if (mined.height() <= forkHeight && wasOrphan(mined.hash())) {
        double x = canvas.x(mined.height());
        canvas.line("pin", x, CHAIN_Y - HALF_BLOCK - 4, x, 84);
        canvas.text("gold end", x + 4, 78, "came before its parent: an orphan, recovered");
      }
    }
  }

  private void drawReorganisation(String node, ChainEvent.TipChanged change) {
    List<ChainEvent.BlockRef> left = change.disconnected();
    List<ChainEvent.BlockRef> joined = change.connected();
    double from = canvas.x(left.get(0).height()) + HALF_BLOCK + 5;
    double to = canvas.x(joined.get(joined.size() - 1).height());
    canvas.draw(
        "<path class=\"reorg\" marker-end=\"url(#head)\""
            + " d=\"M%.1f %.1f C%.1f %.1f %.1f %.1f %.1f %.1f\"/>",
        from, STALE_Y, to, STALE_Y, to, STALE_Y - 20, to, CHAIN_Y + HALF_BLOCK + 21);
    double label = canvas.x(forkHeight + 0.5) - 14;
    canvas.text("warn end", label, STALE_Y + 14, node + " reorganises, in one event:");
    String counts = left.size() + " blocks leave her chain, " + joined.size() + " join it";
    canvas.text("warn end", label, STALE_Y + 31, counts);
  }
}
