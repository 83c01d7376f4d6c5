package org.chaincore.core.mempool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.chaincore.core.value.Amount;
import org.jspecify.annotations.Nullable;

/**
 * Which transactions the next block should take.
 *
 * <p><b>Idea.</b> The best package is the transaction whose ancestors, itself counted, pay most for
 * their room together: a child can pay for its parents. It is taken whole, and then its other
 * descendants are worth more or less than before, as they need not bring what is already taken. So
 * two orders are merged: the mempool's own, which is always kept, and a small one of those that
 * changed. What does not fit is passed over; after so many failures in an almost full block the
 * search ends.
 *
 * <p><b>Cost.</b> O((a + d) log n) for each transaction that is taken, with its a ancestors and d
 * descendants; nothing is sorted anew.
 *
 * <p>As {@code BlockAssembler::addPackageTxs} of Bitcoin Core's miner.cpp. Not thread-safe; used
 * once.
 */
final class PackageSelection {
  private static final int MAX_FAILURES = 1_000;

  /** A block with less room is full: hardly a transaction is lighter. */
  private static final int ALMOST_FULL_WEIGHT = 4_000;

  /** A package some of whose ancestors are taken already. */
  private record Changed(PoolNode node, Totals ancestors) implements MiningPackage {
    @Override
    public MempoolEntry entry() {
      return node.entry();
    }
  }

  private final Iterator<PoolNode> unchanged;

  /** Of all whose package changed, whether they are still to be looked at or were passed over. */
  private final Map<PoolNode, Changed> changed = new HashMap<>();

  private final TreeSet<Changed> changedBestFirst = new TreeSet<>(MiningPackage.BEST_FIRST);
  private final Set<PoolNode> taken = new HashSet<>();
  private final List<MempoolEntry> selected = new ArrayList<>();
  private long weightLeft;
  private long operationsLeft;
  private long feesLeft = Amount.MAX_UNITS;

  private PackageSelection(PoolGraph graph, long weightBudget, long operationsBudget) {
    this.unchanged = graph.bestFirst().iterator();
    this.weightLeft = weightBudget;
    this.operationsLeft = operationsBudget;
  }

  /** Selects within budgets; parents come before their children. */
  static List<MempoolEntry> from(PoolGraph graph, long weightBudget, long operationsBudget) {
    return new PackageSelection(graph, weightBudget, operationsBudget).run();
  }

  private List<MempoolEntry> run() {
    PoolNode next = nextUnchanged();
    int failures = 0;
    while (next != null || !changedBestFirst.isEmpty()) {
      PoolNode best;
      if (next != null && isBestUnchanged(next)) {
        best = next;
        next = nextUnchanged();
        if (taken.contains(best) || changed.containsKey(best)) {
          continue;
        }
      } else {
        best = changedBestFirst.first().node();
        changedBestFirst.remove(changedBestFirst.first());
      }
      if (take(best)) {
        failures = 0;
      } else {
        failures++;
        if (failures > MAX_FAILURES && weightLeft < ALMOST_FULL_WEIGHT) {
          break;
        }
      }
    }
    return selected;
  }

  private @Nullable PoolNode nextUnchanged() {
    return unchanged.hasNext() ? unchanged.next() : null;
  }

  private boolean isBestUnchanged(PoolNode next) {
    return changedBestFirst.isEmpty()
        || MiningPackage.BEST_FIRST.compare(next, changedBestFirst.first()) <= 0;
  }

  /** Takes a node with all of its ancestors that are not taken, if they fit. */
  private boolean take(PoolNode node) {
    List<PoolNode> members = new ArrayList<>();
    for (PoolNode ancestor : node.findAncestors()) {
      if (!taken.contains(ancestor)) {
        members.add(ancestor);
      }
    }
    members.add(node);
    if (!fits(members)) {
      return false;
    }
    members.sort(PoolNode.PARENTS_FIRST);
    for (PoolNode member : members) {
      taken.add(member);
      selected.add(member.entry());
      Changed before = changed.get(member);
      if (before != null) {
        changedBestFirst.remove(before);
      }
    }
    members.forEach(this::updateDescendants);
    return true;
  }

  private boolean fits(List<PoolNode> members) {
    long weight = 0;
    long operations = 0;
    long fees = 0;
    for (PoolNode member : members) {
      weight += member.transaction().weight();
      operations += member.entry().signatureOperationsCost();
      fees += member.entry().fee().units();
    }
    if (weight > weightLeft || operations > operationsLeft || fees > feesLeft) {
      return false;
    }
    weightLeft -= weight;
    operationsLeft -= operations;
    feesLeft -= fees;
    return true;
  }

  private void updateDescendants(PoolNode member) {
    for (PoolNode descendant : member.findDescendants()) {
      if (taken.contains(descendant)) {
        continue;
      }
      Changed before = changed.get(descendant);
      Totals ancestors = (before == null ? descendant.ancestors() : before.ancestors()).copy();
      ancestors.subtract(member.entry());
      if (before != null) {
        changedBestFirst.remove(before);
      }
      // One that was passed over comes back: with less to bring it may fit.
      Changed after = new Changed(descendant, ancestors);
      changed.put(descendant, after);
      changedBestFirst.add(after);
    }
  }
}
