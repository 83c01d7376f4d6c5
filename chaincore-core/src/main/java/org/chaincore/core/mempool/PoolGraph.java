package org.chaincore.core.mempool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.CoinView;
import org.chaincore.core.script.DataOutput;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of the mempool, who spends from whom, and their orders by age, by worth to a
 * miner and by worth to be kept.
 *
 * <p>Each node carries the sums over its ancestors and its descendants. {@link #link} and {@link
 * #unlink} keep them exact for a node anywhere in the graph, and undo each other: after a
 * reorganisation a transaction may come back below others that spend from it. One that comes in at
 * the end, or leaves from there or from the beginning, costs O((a + d) log n) for its a ancestors
 * and d descendants; only in between are sums made anew.
 *
 * <p>Not thread-safe.
 */
final class PoolGraph {
  private final Map<Hash256, PoolNode> nodes = new HashMap<>();
  private final Map<OutPoint, PoolNode> spenders = new HashMap<>();
  private final NavigableSet<PoolNode> byArrival = new TreeSet<>(PoolNode.BY_ARRIVAL);
  private final NavigableSet<PoolNode> bestFirst = new TreeSet<>(MiningPackage.BEST_FIRST);
  private final NavigableSet<PoolNode> worstFirst = new TreeSet<>(PoolNode.WORST_FIRST);
  private final Totals totals = new Totals();

  /** Puts a node in its place, which its transaction names. */
  void link(PoolNode node) {
    attach(node);
    Set<PoolNode> ancestors = node.findAncestors();
    Set<PoolNode> descendants = node.findDescendants();
    node.ancestors().become(ancestors);
    node.ancestors().add(node.entry());
    node.descendants().become(descendants);
    node.descendants().add(node.entry());
    index(node);
    if (ancestors.isEmpty() && descendants.isEmpty()) {
      return; // As for most: nobody else's sums change.
    }
    removeEach(worstFirst, ancestors);
    removeEach(bestFirst, descendants);
    if (ancestors.isEmpty() || descendants.isEmpty()) {
      ancestors.forEach(ancestor -> ancestor.descendants().add(node.entry()));
      descendants.forEach(descendant -> descendant.ancestors().add(node.entry()));
    } else {
      sumAnew(ancestors, descendants);
    }
    worstFirst.addAll(ancestors);
    bestFirst.addAll(descendants);
  }

  /** Takes a node out; who spends from it stays. */
  void unlink(PoolNode node) {
    Set<PoolNode> ancestors = node.findAncestors();
    Set<PoolNode> descendants = node.findDescendants();
    removeIndex(node);
    if (ancestors.isEmpty() && descendants.isEmpty()) {
      detach(node);
      return;
    }
    removeEach(worstFirst, ancestors);
    removeEach(bestFirst, descendants);
    detach(node);
    if (ancestors.isEmpty() || descendants.isEmpty()) {
      ancestors.forEach(ancestor -> ancestor.descendants().subtract(node.entry()));
      descendants.forEach(descendant -> descendant.ancestors().subtract(node.entry()));
    } else {
      sumAnew(ancestors, descendants);
    }
    worstFirst.addAll(ancestors);
    bestFirst.addAll(descendants);
  }

  private static void removeEach(Set<PoolNode> from, Set<PoolNode> gone) {
    gone.forEach(from::remove);
  }

  /** A node in the middle joins or parts others that may be related by another way too. */
  private static void sumAnew(Set<PoolNode> ancestors, Set<PoolNode> descendants) {
    for (PoolNode ancestor : ancestors) {
      ancestor.descendants().become(ancestor.findDescendants());
      ancestor.descendants().add(ancestor.entry());
    }
    for (PoolNode descendant : descendants) {
      descendant.ancestors().become(descendant.findAncestors());
      descendant.ancestors().add(descendant.entry());
    }
  }

  private void attach(PoolNode node) {
    Transaction transaction = node.transaction();
    for (TransactionInput input : transaction.inputs()) {
      spenders.put(input.previousOutput(), node);
    }
    for (PoolNode parent : parentsOf(transaction)) {
      node.parents.add(parent);
      parent.children.add(node);
    }
    for (PoolNode child : childrenOf(transaction)) {
      node.children.add(child);
      child.parents.add(node);
    }
    nodes.put(node.txid(), node);
  }

  private void detach(PoolNode node) {
    for (TransactionInput input : node.transaction().inputs()) {
      spenders.remove(input.previousOutput());
    }
    if (!node.parents.isEmpty()) {
      node.parents.forEach(parent -> parent.children.remove(node));
      node.parents.clear();
    }
    if (!node.children.isEmpty()) {
      node.children.forEach(child -> child.parents.remove(node));
      node.children.clear();
    }
    nodes.remove(node.txid());
  }

  private void index(PoolNode node) {
    byArrival.add(node);
    bestFirst.add(node);
    worstFirst.add(node);
    totals.add(node.entry());
  }

  private void removeIndex(PoolNode node) {
    byArrival.remove(node);
    bestFirst.remove(node);
    worstFirst.remove(node);
    totals.subtract(node.entry());
  }

  @Nullable PoolNode find(Hash256 txid) {
    return nodes.get(txid);
  }

  /** Who spends a coin. */
  @Nullable PoolNode spender(OutPoint coin) {
    return spenders.get(coin);
  }

  /** Who spends coins that a transaction spends too. */
  Set<PoolNode> spendersOf(Transaction transaction) {
    Set<PoolNode> spending = Set.of();
    for (TransactionInput input : transaction.inputs()) {
      spending = with(spending, spenders.get(input.previousOutput()));
    }
    return spending;
  }

  /** Whom a transaction, which may not be here itself, spends from. */
  Set<PoolNode> parentsOf(Transaction transaction) {
    Set<PoolNode> parents = Set.of();
    for (TransactionInput input : transaction.inputs()) {
      parents = with(parents, nodes.get(input.previousOutput().txid()));
    }
    return parents;
  }

  /** Who spends outputs of a transaction that may not be here itself. */
  Set<PoolNode> childrenOf(Transaction transaction) {
    Set<PoolNode> children = Set.of();
    for (int i = 0; i < transaction.outputs().size(); i++) {
      children = with(children, spenders.get(transaction.outPoint(i)));
    }
    return children;
  }

  /** A set with one more, if there is one: there is none for most transactions, and then no set. */
  private static Set<PoolNode> with(Set<PoolNode> some, @Nullable PoolNode more) {
    if (more == null) {
      return some;
    }
    Set<PoolNode> all = some.isEmpty() ? new LinkedHashSet<>() : some;
    all.add(more);
    return all;
  }

  /** Those given and all their descendants, the last descendants first. */
  static List<PoolNode> withDescendants(Collection<PoolNode> from) {
    if (from.isEmpty()) {
      return List.of();
    }
    Set<PoolNode> all = new LinkedHashSet<>(from);
    from.forEach(node -> all.addAll(node.findDescendants()));
    List<PoolNode> ordered = new ArrayList<>(all);
    ordered.sort(Collections.reverseOrder(PoolNode.PARENTS_FIRST));
    return ordered;
  }

  /** Oldest first. */
  NavigableSet<PoolNode> byArrival() {
    return Collections.unmodifiableNavigableSet(byArrival);
  }

  /** By worth to a miner. */
  NavigableSet<PoolNode> bestFirst() {
    return Collections.unmodifiableNavigableSet(bestFirst);
  }

  /** By worth to be kept, least first. */
  NavigableSet<PoolNode> worstFirst() {
    return Collections.unmodifiableNavigableSet(worstFirst);
  }

  /** Of all transactions. */
  Totals totals() {
    return totals;
  }

  /**
   * The chain's coins and the unconfirmed ones, whether or not somebody here spends them.
   *
   * @param nextHeight the height that unconfirmed coins are given: the soonest they can have
   */
  CoinView over(CoinView chain, int nextHeight) {
    return outPoint -> {
      PoolNode creator = nodes.get(outPoint.txid());
      return creator == null
          ? chain.coin(outPoint)
          : unconfirmed(creator.transaction(), outPoint.index(), nextHeight);
    };
  }

  private static @Nullable Coin unconfirmed(Transaction creator, int index, int height) {
    TransactionOutput output = creator.output(index).orElse(null);
    return output == null || DataOutput.matches(output.script())
        ? null
        : new Coin(output, height, false);
  }
}
