package org.chaincore.core.chain;

import org.chaincore.core.block.BlockHeader;

/**
 * Follows the chain of most work by headers alone, as a light client or a checker of header files
 * does. A tip of equal work never displaces the first seen. Not thread-safe.
 */
public final class HeaderChain {
  private final HeaderTree tree;
  private int reorganisations;

  private HeaderChain(HeaderTree tree) {
    this.tree = tree;
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
    HeaderNode before = tree.heaviest();
    HeaderOutcome outcome = tree.accept(header, nowSeconds);
    HeaderNode after = tree.heaviest();
    if (after != before && after.parent() != before) {
      reorganisations++;
    }
    return outcome;
  }

  public HeaderTree tree() {
    return tree;
  }

  public HeaderNode tip() {
    return tree.heaviest();
  }

  /** How often the tip moved to a block that does not descend from it. */
  public int reorganisations() {
    return reorganisations;
  }
}
