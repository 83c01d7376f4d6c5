package org.chaincore.sync.statistics;

import java.util.Optional;
import org.chaincore.sync.identity.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * The observations of one epoch, one a node, of the nodes of lowest rank. Which ones it holds in
 * the end does not depend on the order in which they came, as long as no group exceeds its share.
 *
 * <p><b>Cost.</b> An array of the capacity, kept in the order of rank; a search, and a move of half
 * of it for one that comes.
 *
 * <p>Not thread-safe.
 */
final class ObservationSet {
  private final EpochSalt salt;
  private final @Nullable SampledNode[] nodes;
  private int size;

  ObservationSet(EpochSalt salt, int capacity) {
    this.salt = salt;
    this.nodes = new @Nullable SampledNode[capacity];
  }

  EpochSalt salt() {
    return salt;
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size == nodes.length;
  }

  /** The highest rank in the set, which must not be empty. */
  long highestRank() {
    return at(size - 1).rank();
  }

  /** The node at a place in the order of rank. */
  SampledNode at(int index) {
    SampledNode node = nodes[index];
    if (node == null) {
      throw new IndexOutOfBoundsException(index + " of " + size + " nodes");
    }
    return node;
  }

  /** What is held of a node. */
  Optional<SampledNode> find(NodeId node, long rank) {
    int at = place(node, rank);
    return at < 0 ? Optional.empty() : Optional.of(at(at));
  }

  /** Whether an observation would be taken, as far as is known without its signature. */
  boolean isWelcome(SampledNode node) {
    int at = place(node.node(), node.rank());
    if (at >= 0) {
      return isNewer(node.signed(), at(at).signed());
    }
    return !isFull() || -at - 1 < size;
  }

  /**
   * Takes an observation if it is welcome; one more than there is room pushes out the highest rank.
   *
   * @return whether it was taken
   */
  boolean offer(SampledNode node) {
    if (!isWelcome(node)) {
      return false;
    }
    int at = place(node.node(), node.rank());
    if (at >= 0) {
      release(at(at));
      nodes[at] = node;
    } else {
      insert(-at - 1, node);
    }
    SourceGroup source = node.source();
    if (source != null) {
      source.took();
    }
    return true;
  }

  /** Gives back what groups hold here. */
  void release() {
    for (int i = 0; i < size; i++) {
      release(at(i));
    }
  }

  private void insert(int at, SampledNode node) {
    if (isFull()) {
      release(at(size - 1));
      size--;
    }
    System.arraycopy(nodes, at, nodes, at + 1, size - at);
    nodes[at] = node;
    size++;
  }

  private static void release(SampledNode node) {
    SourceGroup source = node.source();
    if (source != null) {
      source.lost();
    }
  }

  /** Newest wins; of two of one second, which only a liar makes, the one all nodes agree on. */
  private static boolean isNewer(SignedObservation one, SignedObservation other) {
    int byTime = Integer.compare(one.observation().second(), other.observation().second());
    return byTime > 0 || (byTime == 0 && !one.equals(other) && isPreferred(one, other));
  }

  private static boolean isPreferred(SignedObservation one, SignedObservation other) {
    return one.signature().toString().compareTo(other.signature().toString()) > 0;
  }

  /** The place of this node, or −1 − the place it would have. Equal ranks are ordered by id. */
  private int place(NodeId node, long rank) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      SampledNode other = at(middle);
      int c = Long.compareUnsigned(other.rank(), rank);
      if (c == 0) {
        c = other.node().compareTo(node);
      }
      if (c == 0) {
        return middle;
      }
      if (c < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return -1 - low;
  }
}
