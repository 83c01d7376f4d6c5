package org.chaincore.core.chain;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Chooses, among the chains whose blocks are all there and none known to be invalid, the one of
 * most work; of equal work the one whose tip came first.
 *
 * <p>A new block is compared with the tip alone, which costs the same however many side branches
 * there are. Only when something becomes invalid, or valid again, are all branches looked at. Not
 * thread-safe; the writer's.
 */
public final class ForkChoice {
  private final HeaderTree tree;

  /** Blocks with bodies that have no child with a body, in the order of arrival. */
  private final Set<HeaderNode> branches = new LinkedHashSet<>();

  private int bodies;

  private ForkChoice(HeaderTree tree) {
    this.tree = tree;
    branches.add(tree.root());
  }

  public static ForkChoice on(HeaderTree tree) {
    return new ForkChoice(tree);
  }

  /**
   * A body has come whose parent has one.
   *
   * @throws IllegalArgumentException if the parent has none, or the body was there
   */
  public void bodyArrived(HeaderNode node) {
    if (node.hasBody()) {
      throw new IllegalArgumentException("body came before: " + node);
    }
    HeaderNode parent = node.parent();
    if (parent == null || !parent.hasBody()) {
      throw new IllegalArgumentException("body before its parent's: " + node);
    }
    bodies++;
    node.setBody(bodies);
    branches.remove(parent);
    branches.add(node);
  }

  /** How many bodies have come, on all branches, the root's apart. */
  public int bodies() {
    return bodies;
  }

  /** Whether {@code node} should replace {@code tip}. */
  public static boolean isBetter(HeaderNode node, HeaderNode tip) {
    if (node.isInvalid() || !node.hasBody()) {
      return false;
    }
    int byWork = node.chainWork().compareTo(tip.chainWork());
    return byWork > 0 || (byWork == 0 && node.bodySequence < tip.bodySequence);
  }

  /** The best of all branches. */
  public HeaderNode best() {
    return bestFrom(tree.root(), 0, null);
  }

  /**
   * The best of the branches that leave the chain of {@code from} not too far down; {@code from}
   * itself if no other is better.
   *
   * @param from a valid block whose body is there
   * @param maxDepth how many of the blocks that end in {@code from} may be left
   * @param refused a block to be taken as invalid; null for none
   */
  public HeaderNode bestFrom(HeaderNode from, int maxDepth, @Nullable HeaderNode refused) {
    HeaderNode best = from;
    for (HeaderNode branch : branches) {
      HeaderNode valid = firstValid(branch, refused);
      if (isBetter(valid, best) && depth(from, valid) <= maxDepth) {
        best = valid;
      }
    }
    return best;
  }

  private static int depth(HeaderNode from, HeaderNode to) {
    HeaderNode fork = from.forkWith(to);
    return fork == null ? Integer.MAX_VALUE : from.height() - fork.height();
  }

  private HeaderNode firstValid(HeaderNode branch, @Nullable HeaderNode refused) {
    @Nullable HeaderNode node = branch;
    if (refused != null && branch.descendsFrom(refused)) {
      node = refused.parent();
    }
    while (node != null && node.isInvalid()) {
      node = node.parent();
    }
    return node == null ? tree.root() : node;
  }

  /** The block broke a rule: no chain through it will be chosen. */
  public void markInvalid(HeaderNode node) {
    tree.markInvalid(node);
  }

  /** The host refuses the block: no chain through it will be chosen until it is reconsidered. */
  public void invalidate(HeaderNode node) {
    tree.markInvalidatedByHost(node);
  }

  /** The blocks that reconsidering {@code node} would clear of a mark of their own. */
  public List<HeaderNode> markedAround(HeaderNode node) {
    return tree.markedAround(node);
  }

  /**
   * Forgets what was held against the block, its ancestors and its descendants; calls back for
   * each.
   */
  public void reconsider(HeaderNode node, Consumer<HeaderNode> cleared) {
    tree.clearInvalid(node, cleared);
  }

  /** The tips of all branches whose blocks are there, in the order of arrival. */
  public Set<HeaderNode> branches() {
    return Collections.unmodifiableSet(new LinkedHashSet<>(branches));
  }
}
