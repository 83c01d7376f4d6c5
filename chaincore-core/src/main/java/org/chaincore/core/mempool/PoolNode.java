package org.chaincore.core.mempool;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.value.Hash256;

/**
 * A transaction among those it spends from and those that spend from it. Changed by its {@link
 * PoolGraph} only, which orders nodes by the totals here. Compared by identity.
 */
final class PoolNode implements MiningPackage {
  /**
   * Worst first: who is evicted when the mempool is full. A transaction is worth what it and its
   * descendants pay together, as they go with it, but not less than it pays itself. Among equals
   * the last to come goes first.
   */
  static final Comparator<PoolNode> WORST_FIRST =
      (a, b) -> {
        int order = compareKeepWorth(a, b);
        return order != 0 ? order : b.compareSequence(a);
      };

  /** Ancestors first: whoever has more ancestors is none of theirs. */
  static final Comparator<PoolNode> PARENTS_FIRST =
      (a, b) -> {
        int order = Integer.compare(a.ancestors.count(), b.ancestors.count());
        return order != 0 ? order : a.compareSequence(b);
      };

  /** Oldest first. */
  static final Comparator<PoolNode> BY_ARRIVAL =
      (a, b) -> {
        int order = Long.compare(a.entry.arrivalSeconds(), b.entry.arrivalSeconds());
        return order != 0 ? order : a.compareSequence(b);
      };

  private final MempoolEntry entry;
  final Set<PoolNode> parents = new LinkedHashSet<>(4);
  final Set<PoolNode> children = new LinkedHashSet<>(4);
  private final Totals ancestors = new Totals();
  private final Totals descendants = new Totals();

  PoolNode(MempoolEntry entry) {
    this.entry = entry;
  }

  @Override
  public MempoolEntry entry() {
    return entry;
  }

  Transaction transaction() {
    return entry.transaction();
  }

  Hash256 txid() {
    return entry.txid();
  }

  long sequence() {
    return entry.sequence();
  }

  /** Of this node and all it spends from, directly or not. */
  @Override
  public Totals ancestors() {
    return ancestors;
  }

  /** Of this node and all that spend from it, directly or not. */
  Totals descendants() {
    return descendants;
  }

  /** What it would have to be worth for others to be evicted before it. */
  FeeRate keepRate() {
    return paysMoreThanDescendants(this)
        ? entry.feeRate()
        : FeeRate.of(descendants.fees(), descendants.virtualBytes());
  }

  /** All it spends from, itself left out. */
  Set<PoolNode> findAncestors() {
    return reach(node -> node.parents);
  }

  /** All that spend from it, itself left out. */
  Set<PoolNode> findDescendants() {
    return reach(node -> node.children);
  }

  private Set<PoolNode> reach(Function<PoolNode, Set<PoolNode>> next) {
    if (next.apply(this).isEmpty()) {
      return Set.of();
    }
    Set<PoolNode> found = new LinkedHashSet<>(next.apply(this));
    Deque<PoolNode> open = new ArrayDeque<>(found);
    while (!open.isEmpty()) {
      for (PoolNode node : next.apply(open.remove())) {
        if (found.add(node)) {
          open.add(node);
        }
      }
    }
    return found;
  }

  private int compareSequence(PoolNode other) {
    return Long.compare(sequence(), other.sequence());
  }

  private static int compareKeepWorth(PoolNode a, PoolNode b) {
    boolean ownA = paysMoreThanDescendants(a);
    boolean ownB = paysMoreThanDescendants(b);
    return FeeRate.compare(
        ownA ? a.entry.fee().units() : a.descendants.fees(),
        ownA ? a.entry.virtualSize() : a.descendants.virtualBytes(),
        ownB ? b.entry.fee().units() : b.descendants.fees(),
        ownB ? b.entry.virtualSize() : b.descendants.virtualBytes());
  }

  private static boolean paysMoreThanDescendants(PoolNode node) {
    return FeeRate.compare(
            node.entry.fee().units(),
            node.entry.virtualSize(),
            node.descendants.fees(),
            node.descendants.virtualBytes())
        > 0;
  }

  @Override
  public String toString() {
    return "mempool " + entry.transaction();
  }
}
