package org.chaincore.core.chain;

import org.chaincore.core.pow.Ancestry;
import org.jspecify.annotations.Nullable;

/**
 * The chain below a header, as difficulty rules see it. Rules mostly walk down a height at a time,
 * so the node of the last answer is kept: the next is one step away. Not thread-safe; the tree owns
 * one and sets it on a parent.
 */
final class NodeAncestry implements Ancestry {
  private final int firstHeight;
  private HeaderNode tip;
  private HeaderNode last;

  NodeAncestry(HeaderNode root) {
    this.firstHeight = root.height();
    this.tip = root;
    this.last = root;
  }

  NodeAncestry on(HeaderNode parent) {
    tip = parent;
    last = parent;
    return this;
  }

  @Override
  public int tipHeight() {
    return tip.height();
  }

  @Override
  public int firstHeight() {
    return firstHeight;
  }

  @Override
  public long time(int height) {
    return at(height).header().time();
  }

  @Override
  public int bits(int height) {
    return at(height).header().bits();
  }

  private HeaderNode at(int height) {
    HeaderNode from = height <= last.height() ? last : tip;
    @Nullable HeaderNode node = from.ancestor(height);
    if (node == null) {
      throw new IndexOutOfBoundsException(
          "height " + height + " outside " + firstHeight + ".." + tip.height());
    }
    last = node;
    return node;
  }
}
