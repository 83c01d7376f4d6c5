package org.chaincore.core.chain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Work;
import org.jspecify.annotations.Nullable;

/**
 * The chain as it was at one moment: what readers get. It never changes, it costs nothing to keep
 * but the headers it names, and reading it waits for nobody.
 *
 * <p>Immutable and thread-safe. The engine publishes each view after the change it shows is
 * durable; whoever sees the view sees everything that was written before.
 */
public final class ChainView {
  private final HeaderTree tree;
  private final HeaderNode tip;
  private final HeaderNode heaviestHeader;
  private final int knownHeaders;

  private ChainView(HeaderTree tree, HeaderNode tip) {
    this.tree = tree;
    this.tip = tip;
    this.heaviestHeader = tree.heaviest();
    this.knownHeaders = tree.size();
  }

  /** The chain that ends in {@code tip}, taken by the writer. */
  public static ChainView of(HeaderTree tree, HeaderNode tip) {
    return new ChainView(tree, tip);
  }

  public ChainParams params() {
    return tree.params();
  }

  /** The last block of the chain. */
  public HeaderNode tip() {
    return tip;
  }

  /** The height of the last block; genesis has 0. */
  public int height() {
    return tip.height();
  }

  public Work work() {
    return tip.chainWork();
  }

  /**
   * The header of most work that was not known to be invalid, of equal work the first: where the
   * chain may go once the bodies on the way are there.
   */
  public HeaderNode heaviestHeader() {
    return heaviestHeader;
  }

  /** The median time past that the next block's time must exceed. */
  public long medianTimePast() {
    return tip.medianTimePast(params().time().medianSpanBlocks());
  }

  /**
   * The compact bits that the next block must carry.
   *
   * @param time the block's own time, Unix seconds, which some rules look at
   * @return empty if the rule looks below a trusted start
   */
  public OptionalInt nextBits(long time) {
    NodeAncestry parents = new NodeAncestry(tree.root()).on(tip);
    return params().work().difficulty().requiredBits(parents, time);
  }

  /** The block of the chain at a height. */
  public Optional<HeaderNode> at(int height) {
    return Optional.ofNullable(tip.ancestor(height));
  }

  /** A header of any branch that was known at the moment of the view. */
  public Optional<HeaderNode> find(Hash256 hash) {
    return tree.find(hash).filter(node -> node.index() < knownHeaders);
  }

  /** A block of the chain. */
  public Optional<HeaderNode> onChain(Hash256 hash) {
    return find(hash).filter(tip::descendsFrom);
  }

  public Locator locator() {
    return Locator.of(tip);
  }

  /** The highest block of this chain that the locator names; the root if it names none. */
  public HeaderNode forkWith(Locator locator) {
    for (Hash256 hash : locator.hashes()) {
      Optional<HeaderNode> node = onChain(hash);
      if (node.isPresent()) {
        return node.get();
      }
    }
    return tree.root();
  }

  /** The blocks of the chain above {@code from}, lowest first, at most so many. */
  public List<HeaderNode> above(HeaderNode from, int most) {
    int count = Math.max(0, Math.min(most, tip.height() - from.height()));
    List<HeaderNode> nodes = new ArrayList<>(count);
    @Nullable HeaderNode node = tip.ancestor(from.height() + count);
    for (int i = 0; i < count && node != null; i++) {
      nodes.add(node);
      node = node.parent();
    }
    Collections.reverse(nodes);
    return nodes;
  }

  @Override
  public String toString() {
    return "chain of height " + height() + " with tip " + tip.hash();
  }
}
