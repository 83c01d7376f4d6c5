package org.chaincore.core.mempool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.chaincore.core.event.ChainEvent.RemovalReason;

/**
 * Changes to the graph that may still be taken back, all of them: so that a transaction can be
 * judged in its place, and a refusal leaves nothing behind. Not thread-safe.
 */
final class Trial {
  /** One step; no reason means that the node was put in. */
  private sealed interface Step {
    PoolNode node();
  }

  private record Linked(PoolNode node) implements Step {}

  private record Unlinked(PoolNode node, RemovalReason reason) implements Step {}

  private final PoolGraph graph;
  private final List<Step> steps = new ArrayList<>(2);

  Trial(PoolGraph graph) {
    this.graph = graph;
  }

  void link(PoolNode node) {
    graph.link(node);
    steps.add(new Linked(node));
  }

  /** Takes nodes out with all their descendants, the last descendants first. */
  List<PoolNode> remove(Collection<PoolNode> nodes, RemovalReason reason) {
    List<PoolNode> gone = PoolGraph.withDescendants(nodes);
    for (PoolNode node : gone) {
      graph.unlink(node);
      steps.add(new Unlinked(node, reason));
    }
    return gone;
  }

  /** Evicts what is worth least until the rest fits, and says what each package was worth. */
  List<FeeRate> makeRoom(long maxVirtualBytes) {
    List<FeeRate> rates = new ArrayList<>(0);
    while (graph.totals().virtualBytes() > maxVirtualBytes) {
      PoolNode worst = graph.worstFirst().first();
      rates.add(worst.keepRate());
      remove(List.of(worst), RemovalReason.EVICTED);
    }
    return rates;
  }

  /** What was taken out so far, in that order. */
  List<Removal> removals() {
    List<Removal> removals = new ArrayList<>(steps.size());
    for (Step step : steps) {
      if (step instanceof Unlinked gone) {
        removals.add(new Removal(gone.node().entry(), gone.reason()));
      }
    }
    return removals;
  }

  /** Takes everything back. */
  void undo() {
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      if (step instanceof Linked) {
        graph.unlink(step.node());
      } else {
        graph.link(step.node());
      }
    }
    steps.clear();
  }
}
