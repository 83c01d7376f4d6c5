package org.chaincore.sync.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.statistics.NetworkStatistics.Population;
import org.jspecify.annotations.Nullable;

/**
 * The observations of the epoch that runs and of the one before, and what they say together. A set
 * needs most of its epoch to fill; until then the one before is shown.
 *
 * <p>Not thread-safe.
 */
final class Sample {
  private static final int SETTLED_AFTER_SECONDS = Epoch.SECONDS * 3 / 4;

  /** A set grows no more if the last rounds, older ones counted less, brought under this part. */
  private static final int GROWING_PART = 64;

  /** How many times the expected ranks are asked for, so that a network may shrink by half. */
  private static final double SLACK = 1.25;

  private static final int SECONDS_TO_DOUBLE = 60;

  private final int capacity;
  private final CountHistory history;
  private @Nullable ObservationSet previous;
  private boolean isPreviousSettled;
  private ObservationSet current;
  private double arriving;

  Sample(EpochSalt first, int capacity, int epochsAveraged) {
    this.capacity = capacity;
    this.history = new CountHistory(epochsAveraged);
    this.current = new ObservationSet(first, capacity);
  }

  ObservationSet current() {
    return current;
  }

  /** A round begins. */
  void beginRound() {
    arriving /= 2;
  }

  /** Goes on to another epoch, or ranks the one that runs anew. */
  void begin(EpochSalt salt) {
    ObservationSet next = new ObservationSet(salt, capacity);
    ObservationSet last = current;
    last.release();
    current = next;
    if (last.salt().epoch() == salt.epoch()) {
      for (int i = 0; i < last.size(); i++) {
        current.offer(last.at(i).ranked(salt));
      }
      return;
    }
    boolean isSettled = isSettled(last);
    if (isSettled) {
      history.add(last);
    }
    boolean follows = salt.epoch() == last.salt().epoch() + 1;
    previous = follows ? last : null;
    isPreviousSettled = follows && isSettled;
    arriving = 0;
  }

  private boolean isSettled(ObservationSet set) {
    return arriving * GROWING_PART <= set.size();
  }

  /** Takes an observation from a peer if it is welcome. */
  void hear(SampledNode node) {
    boolean isNew = current.find(node.node(), node.rank()).isEmpty();
    if (current.offer(node) && isNew) {
      arriving++;
    }
  }

  /** The upper half of the rank from which on no observation is of use now. */
  int below(int secondOfEpoch) {
    long below = current.isFull() ? (current.highestRank() >>> 32) + 1 : 1L << 32;
    double expected = history.ended().nodes();
    if (expected > 0) {
      int late = Math.max(0, secondOfEpoch - Epoch.SECONDS / 2);
      double slack = SLACK * StrictMath.pow(2, (double) late / SECONDS_TO_DOUBLE);
      below = (long) Math.min((double) below, slack * capacity / expected * 0x1p32);
    }
    return below > 0xffff_ffffL ? Wish.ANY : (int) below;
  }

  /** Whether few nodes that were not known are still heard of. */
  boolean isSettled() {
    return isSettled(current);
  }

  /** How many nodes are known one by one; the capacity if there are more. */
  int known() {
    return Math.max(current.size(), previous == null ? 0 : previous.size());
  }

  NetworkStatistics statistics(int secondOfEpoch, Set<NodeId> direct) {
    ObservationSet before = previous;
    if (before == null || secondOfEpoch >= SETTLED_AFTER_SECONDS) {
      return of(history.with(current, false), nodes(current), direct, isSettled(current));
    }
    if (before.isFull() || current.isFull()) {
      CountHistory.Count count = history.with(before, isPreviousSettled);
      return of(count, nodes(before), direct, isPreviousSettled);
    }
    Map<NodeId, SampledNode> newest = new TreeMap<>();
    nodes(before).forEach(node -> newest.put(node.node(), node));
    nodes(current).forEach(node -> newest.put(node.node(), node));
    CountHistory.Count count = new CountHistory.Count(newest.size(), 0, 1);
    return of(count, List.copyOf(newest.values()), direct, isPreviousSettled);
  }

  private static List<SampledNode> nodes(ObservationSet set) {
    List<SampledNode> nodes = new ArrayList<>(set.size());
    for (int i = 0; i < set.size(); i++) {
      nodes.add(set.at(i));
    }
    return nodes;
  }

  private static NetworkStatistics of(
      CountHistory.Count count, List<SampledNode> nodes, Set<NodeId> direct, boolean isSettled) {
    int fromItself =
        (int) nodes.stream().filter(node -> !node.isOwn() && direct.contains(node.node())).count();
    int own = (int) nodes.stream().filter(SampledNode::isOwn).count();
    Population population =
        new Population(
            Math.round(count.nodes()),
            count.relativeError(),
            count.epochs(),
            isSettled,
            new NetworkStatistics.Sources(own, fromItself, nodes.size() - own - fromItself));
    return NetworkStatistics.of(population, nodes.stream().map(SampledNode::signed).toList());
  }
}
