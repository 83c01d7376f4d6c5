package org.chaincore.store.rocks;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which undo data outlives its block's time on the chain. Coins lag behind: after a crash they go
 * back from the flushed block to the fork with the chain, and that takes the undo data of blocks
 * which may have left the chain long before. So of the flushed block and its ancestors it is kept,
 * out of sight, until the next flush; of any other block that leaves it goes at once.
 *
 * <p>Immutable; a move gives a new one.
 */
final class UndoRetention {
  /** The highest block that has been on the chain all the time since the flush. */
  private final int forkHeight;

  /** Blocks of the flushed chain that left: sequence to whether they are away now. */
  private final Map<Integer, Boolean> left;

  private UndoRetention(int forkHeight, Map<Integer, Boolean> left) {
    this.forkHeight = forkHeight;
    this.left = left;
  }

  /** Nothing has moved since the flush at a height. */
  static UndoRetention since(int flushedHeight) {
    return new UndoRetention(flushedHeight, Map.of());
  }

  /** A move of the tip, block by block. Not thread-safe. */
  static final class Move {
    private int forkHeight;
    private final Map<Integer, Boolean> left;

    private Move(UndoRetention before) {
      this.forkHeight = before.forkHeight;
      this.left = new HashMap<>(before.left);
    }

    /**
     * The top block leaves.
     *
     * @return whether its undo data is kept
     */
    boolean disconnect(int sequence, int height) {
      boolean isOfFlushedChain = height <= forkHeight || left.containsKey(sequence);
      if (isOfFlushedChain) {
        left.put(sequence, true);
        forkHeight = Math.min(forkHeight, height - 1);
      }
      return isOfFlushedChain;
    }

    void connect(int sequence) {
      left.computeIfPresent(sequence, (known, away) -> false);
    }

    UndoRetention end() {
      return new UndoRetention(forkHeight, left);
    }
  }

  Move move() {
    return new Move(this);
  }

  /**
   * The highest block that has been on the chain all the time since the flush: a replay needs
   * nothing of it and of what is below.
   */
  int forkHeight() {
    return forkHeight;
  }

  /** Whether undo data that is in the table is not to be seen. */
  boolean hides(int sequence) {
    return left.getOrDefault(sequence, false);
  }

  /** What is to be forgotten with the next flush. */
  Set<Integer> hidden() {
    Set<Integer> hidden = new HashSet<>();
    left.forEach(
        (sequence, away) -> {
          if (away) {
            hidden.add(sequence);
          }
        });
    return hidden;
  }
}
