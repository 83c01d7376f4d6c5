package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.chaincore.core.block.Block;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that were asked for and came before their parents. They are not judged yet; only their
 * headers have been.
 *
 * <p>Not thread-safe; confined to {@link BlockFetch}.
 */
final class WaitingBlocks {
  /**
   * Stops peers that withhold one block from making us keep all that follow it. When it is reached
   * the highest blocks go, and are asked for again later.
   */
  static final long MAX_BYTES = 32L << 20;

  /**
   * A block that waits.
   *
   * @param block the block
   * @param node its header's place
   * @param from who sent it
   * @param bytes its size
   */
  record Waiting(Block block, HeaderNode node, PeerId from, int bytes) {}

  private final long maxBytes;
  private final Map<Hash256, Waiting> byHash = new HashMap<>();
  private final Map<Hash256, List<Waiting>> byParent = new HashMap<>();
  private final NavigableSet<HeaderNode> byHeight = new TreeSet<>(HeaderNode.LOWEST_FIRST);
  private long bytes;

  WaitingBlocks(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  boolean contains(Hash256 block) {
    return byHash.containsKey(block);
  }

  /**
   * Keeps a block.
   *
   * @return what had to go for it, maybe the block itself; to be asked for again
   */
  List<HeaderNode> add(Waiting waiting) {
    Hash256 hash = waiting.node.hash();
    if (byHash.putIfAbsent(hash, waiting) != null) {
      return List.of();
    }
    byParent
        .computeIfAbsent(waiting.node.header().previous(), parent -> new ArrayList<>(1))
        .add(waiting);
    byHeight.add(waiting.node);
    bytes += waiting.bytes;
    List<HeaderNode> gone = new ArrayList<>(0);
    while (bytes > maxBytes) {
      HeaderNode highest = byHeight.last();
      remove(highest.hash());
      gone.add(highest);
    }
    return gone;
  }

  /** A block that waits for this parent; null if none does. */
  @Nullable Waiting childOf(Hash256 parent) {
    List<Waiting> children = byParent.get(parent);
    return children == null ? null : children.get(0);
  }

  /** Lets go of what waits in vain. */
  void drop(Predicate<HeaderNode> isVain) {
    for (HeaderNode node : List.copyOf(byHeight)) {
      if (isVain.test(node)) {
        remove(node.hash());
      }
    }
  }

  /** Takes out all that came from a peer, which has sent something bad. */
  List<HeaderNode> takeFrom(PeerId peer) {
    List<HeaderNode> taken = new ArrayList<>();
    for (HeaderNode node : List.copyOf(byHeight)) {
      Waiting waiting = byHash.get(node.hash());
      if (waiting != null && waiting.from.equals(peer)) {
        remove(node.hash());
        taken.add(node);
      }
    }
    return taken;
  }

  /** Takes out a block, if it waits. */
  void remove(Hash256 hash) {
    Waiting gone = byHash.remove(hash);
    if (gone != null) {
      Hash256 parent = gone.node.header().previous();
      List<Waiting> siblings = byParent.getOrDefault(parent, List.of());
      siblings.remove(gone);
      if (siblings.isEmpty()) {
        byParent.remove(parent);
      }
      byHeight.remove(gone.node);
      bytes -= gone.bytes;
    }
  }

  long maxBytes() {
    return maxBytes;
  }

  long bytes() {
    return bytes;
  }

  int size() {
    return byHash.size();
  }
}
