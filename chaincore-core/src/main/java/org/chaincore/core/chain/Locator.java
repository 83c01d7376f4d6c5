package org.chaincore.core.chain;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * Tells a peer which chain one has with few hashes: the last eleven, then steps twice as wide each
 * down to the root. The peer finds the highest that is on its own chain, at most twice as far below
 * the fork as need be. Immutable.
 *
 * @param hashes highest first
 */
public record Locator(List<Hash256> hashes) {
  /** More than any honest chain gives; what the wire allows. */
  public static final int MAX_HASHES = 101;

  private static final int DENSE = 10;

  public Locator {
    if (hashes.size() > MAX_HASHES) {
      throw new IllegalArgumentException("a locator of " + hashes.size() + " hashes");
    }
    hashes = List.copyOf(hashes);
  }

  /** The locator of the chain that ends in {@code tip}. */
  public static Locator of(HeaderNode tip) {
    int rootHeight = tip.root().height();
    List<Hash256> hashes = new ArrayList<>();
    int step = 1;
    @Nullable HeaderNode node = tip;
    while (node != null) {
      hashes.add(node.hash());
      int below = Math.max(rootHeight, node.height() - step);
      node = node.height() == rootHeight ? null : node.ancestor(below);
      step = hashes.size() < DENSE ? 1 : step * 2;
    }
    return new Locator(hashes);
  }
}
