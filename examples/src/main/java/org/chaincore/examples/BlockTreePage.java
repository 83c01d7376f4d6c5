package org.chaincore.examples;

final class BlockTreePage {
  BlockTreePage(Journal journal, DemoNode node, long seed, double seconds) {}
  String html() { return ""; }
}
