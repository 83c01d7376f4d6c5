package org.chaincore.core.chain;

import org.chaincore.core.block.BlockHeader;

/**
 * Follows the chain of most work by headers alone, as a light client or a checker of header files
 * does. A tip of equal work never displaces the first seen. Not thread-safe.
 */
public final class HeaderChain {
  private final HeaderTree tree;
  private HeaderNode tip;
  private int reorganisations;

  private HeaderChain(HeaderTree tree) {
    this.tree = tree;
    this.tip = tree.root();
  }

  /** Follows a tree that has only its root. */
  public static HeaderChain on(HeaderTree tree) {
    if (tree.size() != 1) {
      throw new IllegalArgumentException("the tree already has " + tree.size() + " headers");
    }
    return new HeaderChain(tree);
  }

  /** Offers a header to the tree, and moves the tip if it makes a chain of more work. */
  public HeaderOutcome accept(BlockHeader header, long nowSeconds) {
    HeaderOutcome outcome = tree.accept(header, nowSeconds);
    if (outcome instanceof HeaderOutcome.Added added) {
      consider(added.node());
    }
    return outcome;
  }

  private void consider(HeaderNode node) {
    if (node.chainWork().compareTo(tip.chainWork()) > 0) {
      if (node.parent() != tip) {
        reorganisations++;
      }
      tip = node;
    }
  }

  public HeaderTree tree() {
    return tree;
  }

  public HeaderNode tip() {
    return tip;
  }

  /** How often the tip moved to a block that does not descend from it. */
  public int reorganisations() {
    return reorganisations;
  }
}
