package org.chaincore.core.chain;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The headers without child: the end of the heaviest chain, and those of the others. One writer at
 * a time.
 */
final class BranchTips {
  /**
   * In the order in which they came, without the heaviest: a chain that grows at its end, as nearly
   * all headers do, leaves them alone. No more than there are side headers.
   */
  private final Set<HeaderNode> others = new LinkedHashSet<>();

  /** Has children where it is not the last of its chain, as when those are invalid. */
  private HeaderNode heaviest;

  BranchTips(HeaderNode root) {
    this.heaviest = root;
  }

  HeaderNode heaviest() {
    return heaviest;
  }

  /** A header has come, below its parent already. */
  void added(HeaderNode node, HeaderNode parent) {
    if (parent != heaviest) {
      others.remove(parent);
    }
    if (node.chainWork().compareTo(heaviest.chainWork()) > 0) {
      replaceHeaviest(node);
    } else {
      others.add(node);
    }
  }

  /** A header is gone from below its parent. If it was the heaviest, another is to become it. */
  void removed(HeaderNode node, HeaderNode parent) {
    if (node == heaviest) {
      heaviest = parent;
    } else {
      others.remove(node);
      if (parent != heaviest && !parent.hasChild()) {
        others.add(parent);
      }
    }
  }

  /** The heaviest changes to one of those that are there. */
  void become(HeaderNode node) {
    others.remove(node);
    replaceHeaviest(node);
  }

  private void replaceHeaviest(HeaderNode node) {
    if (node != heaviest && !heaviest.hasChild()) {
      others.add(heaviest);
    }
    heaviest = node;
  }

  int count() {
    return others.size() + (heaviest.hasChild() ? 0 : 1);
  }

  /** As {@link HeaderTree#forks}. */
  int forks(HeaderNode chainTip, int windowBlocks) {
    int forks = isFork(heaviest, chainTip, windowBlocks) ? 1 : 0;
    for (HeaderNode tip : others) {
      forks += isFork(tip, chainTip, windowBlocks) ? 1 : 0;
    }
    return forks;
  }

  private static boolean isFork(HeaderNode tip, HeaderNode chainTip, int windowBlocks) {
    return !tip.hasChild()
        && tip.height() > chainTip.height() - windowBlocks
        && !tip.isInvalid()
        && !tip.descendsFrom(chainTip)
        && !chainTip.descendsFrom(tip);
  }
}
