package org.chaincore.core.chain;

import java.util.Arrays;
import java.util.Comparator;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Work;
import org.jspecify.annotations.Nullable;

/**
 * A header at its place in the tree: its height, the work of the chain that ends in it, and the way
 * down.
 *
 * <p>Beside its parent every node knows one ancestor further down, so that {@link #ancestor} takes
 * O(log n) steps with one reference a node: the jump goes as far as the parent's two jumps together
 * if those are equally long, else to the parent (Myers, "An applicative random-access stack",
 * Information Processing Letters 17, 1983). A chain therefore needs no index of heights: its tip is
 * enough, and a reorganisation changes nothing that a reader may be looking at.
 *
 * <p>Header, height, work and ancestors never change, and any thread may read them. The rest, what
 * is known of the block's body and validity, is the tree's: written by the one writer, and read by
 * others as of their last {@link ChainView} or later.
 */
public final class HeaderNode {
  /** Lowest first; among equals by their hashes. */
  public static final Comparator<HeaderNode> LOWEST_FIRST =
      (a, b) ->
          a.height != b.height ? Integer.compare(a.height, b.height) : a.hash().compareTo(b.hash());

  private static final int BODY = 1;
  private static final int INVALID = 2;
  private static final int INVALIDATED_BY_HOST = 4;
  private static final int INVALID_ANCESTOR = 8;
  private static final int ANY_INVALID = INVALID | INVALIDATED_BY_HOST | INVALID_ANCESTOR;

  private final BlockHeader header;
  private final @Nullable HeaderNode parent;
  private final @Nullable HeaderNode jump;
  private final Work chainWork;
  private final int height;
  private final int index;

  // The children, as a linked list; the writer's alone.
  @Nullable HeaderNode firstChild;
  @Nullable HeaderNode nextSibling;

  /** When the body came, counted in bodies; the first seen wins a tie. The writer's alone. */
  int bodySequence = Integer.MAX_VALUE;

  private volatile int flags;

  private HeaderNode(
      BlockHeader header, @Nullable HeaderNode parent, Work chainWork, int height, int index) {
    this.header = header;
    this.parent = parent;
    this.jump = parent == null ? null : parent.jumpOfChild();
    this.chainWork = chainWork;
    this.height = height;
    this.index = index;
  }

  static HeaderNode root(BlockHeader header, int height, Work work) {
    return new HeaderNode(header, null, work, height, 0);
  }

  HeaderNode child(BlockHeader childHeader, Work work, int childIndex) {
    return new HeaderNode(childHeader, this, chainWork.plus(work), height + 1, childIndex);
  }

  private HeaderNode jumpOfChild() {
    HeaderNode near = jump;
    if (near == null || near.jump == null) {
      return this;
    }
    HeaderNode far = near.jump;
    return height - near.height == near.height - far.height ? far : this;
  }

  public BlockHeader header() {
    return header;
  }

  public Hash256 hash() {
    return header.hash();
  }

  public int height() {
    return height;
  }

  /** The work of all headers from the tree's root to this one. */
  public Work chainWork() {
    return chainWork;
  }

  /** The parent; null at the tree's root. */
  public @Nullable HeaderNode parent() {
    return parent;
  }

  /**
   * The node of this chain at a height.
   *
   * @return null below the tree's root or above this node
   */
  public @Nullable HeaderNode ancestor(int atHeight) {
    if (atHeight > height) {
      return null;
    }
    HeaderNode node = this;
    while (node != null && node.height != atHeight) {
      HeaderNode far = node.jump;
      node = far != null && far.height >= atHeight ? far : node.parent;
    }
    return node;
  }

  /** The node that the tree grows from. */
  HeaderNode root() {
    HeaderNode node = this;
    while (node.jump != null) {
      node = node.jump;
    }
    return node;
  }

  /** Whether {@code other} is this node or one of its ancestors. */
  public boolean descendsFrom(HeaderNode other) {
    return ancestor(other.height) == other;
  }

  /** The highest node that both chains have; null if they have different roots. */
  public @Nullable HeaderNode forkWith(HeaderNode other) {
    int lower = Math.min(height, other.height);
    HeaderNode a = ancestor(lower);
    HeaderNode b = other.ancestor(lower);
    while (a != b && a != null && b != null) {
      HeaderNode farA = a.jump;
      HeaderNode farB = b.jump;
      // Equal heights have equally long jumps. A jump that ends in different nodes stays above the
      // fork.
      boolean jumpStaysAbove = farA != farB && farA != null && farB != null;
      a = jumpStaysAbove ? farA : a.parent;
      b = jumpStaysAbove ? farB : b.parent;
    }
    return a == b ? a : null;
  }

  /**
   * The median time of this header and those before it, Unix seconds: what a child's time must
   * exceed (BIP113 names it median-time-past).
   *
   * @param spanBlocks how many headers count; near genesis those there are
   */
  public long medianTimePast(int spanBlocks) {
    long[] times = new long[spanBlocks];
    int count = 0;
    for (HeaderNode node = this; node != null && count < spanBlocks; node = node.parent) {
      times[count++] = node.header.time();
    }
    Arrays.sort(times, 0, count);
    return times[count / 2];
  }

  /**
   * Whether a time is after the median time past, without sorting: it is exactly if more than half
   * of the times lie before it, rounding down.
   */
  boolean isAfterMedianTime(long time, int spanBlocks) {
    int count = 0;
    int before = 0;
    for (HeaderNode node = this; node != null && count < spanBlocks; node = node.parent) {
      count++;
      if (node.header.time() < time) {
        before++;
      }
    }
    return before > count / 2;
  }

  boolean hasChild() {
    return firstChild != null;
  }

  /** Whether the body is known, and those of all ancestors. */
  public boolean hasBody() {
    return (flags & BODY) != 0;
  }

  /** Whether this block or one of its ancestors is invalid. */
  public boolean isInvalid() {
    return (flags & ANY_INVALID) != 0;
  }

  /** Whether this very block broke a rule. */
  public boolean brokeRule() {
    return (flags & INVALID) != 0;
  }

  /** Whether the host invalidated this very block. */
  public boolean isInvalidatedByHost() {
    return (flags & INVALIDATED_BY_HOST) != 0;
  }

  /** The node's place in the order in which headers came. */
  int index() {
    return index;
  }

  void setBody(int sequence) {
    bodySequence = sequence;
    set(BODY);
  }

  void setInvalid() {
    set(INVALID);
  }

  void setInvalidatedByHost() {
    set(INVALIDATED_BY_HOST);
  }

  void setInvalidAncestor() {
    set(INVALID_ANCESTOR);
  }

  void clearInvalidAncestor() {
    clear(INVALID_ANCESTOR);
  }

  void clearInvalid() {
    clear(ANY_INVALID);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
  private void set(int flag) {
    flags |= flag;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
  private void clear(int flag) {
    flags &= ~flag;
  }

  @Override
  public String toString() {
    return "header " + hash() + " at height " + height;
  }
}
