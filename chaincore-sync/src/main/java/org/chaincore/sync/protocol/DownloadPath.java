package org.chaincore.sync.protocol;

import java.util.function.Predicate;
import org.chaincore.core.chain.HeaderNode;
import org.jspecify.annotations.Nullable;

/**
 * The way from the bodies that are there up to a header, and how far it has been asked for.
 *
 * <p>Heights at and below {@code done} have bodies. Above them lies the window. The cursor passes
 * over each height once, when its block is asked for; what is to be asked for again is kept by
 * {@link BlockRequests}. The nodes of the window lie in a ring that is filled downwards in runs, as
 * a tree can only be walked down; so a step costs the same however long the way is.
 *
 * <p>Not thread-safe; confined to {@link BlockFetch}.
 */
final class DownloadPath {
  /**
   * So far ahead of the first missing block bodies are asked for: stops whoever would make us keep
   * a whole chain of bodies by withholding its first.
   */
  static final int WINDOW_BLOCKS = 1_024;

  private final @Nullable HeaderNode[] ring = new @Nullable HeaderNode[WINDOW_BLOCKS];
  private HeaderNode target;
  private int done;
  private int cursor;
  private int filled;
  private int followers;

  private DownloadPath(HeaderNode target, int done) {
    this.target = target;
    this.done = done;
    this.cursor = done + 1;
    this.filled = done;
  }

  /** The way to a header, from the highest of its ancestors whose body is there. */
  static DownloadPath to(HeaderNode target) {
    // A body is there only if all those below it are: the highest is found by bisection.
    int there = 0;
    int missing = target.height() + 1;
    while (missing - there > 1) {
      int middle = (there + missing) >>> 1;
      HeaderNode node = target.ancestor(middle);
      if (node != null && node.hasBody()) {
        there = middle;
      } else {
        missing = middle;
      }
    }
    return new DownloadPath(target, there);
  }

  /** One peer more has blocks of this way. */
  void joined() {
    followers++;
  }

  /** One peer fewer has. */
  void left() {
    followers--;
  }

  /** How many peers share the window. */
  int followers() {
    return followers;
  }

  HeaderNode target() {
    return target;
  }

  /** Whether the way leads through this header. */
  boolean leadsThrough(HeaderNode header) {
    return target.descendsFrom(header);
  }

  /**
   * Goes further, to a descendant of the target.
   *
   * @throws IllegalArgumentException if it is none
   */
  void extendTo(HeaderNode further) {
    if (!further.descendsFrom(target)) {
      throw new IllegalArgumentException(further + " is not above " + target);
    }
    target = further;
  }

  /** Passes over what has come by now. */
  void advance() {
    while (done < target.height() && at(done + 1).hasBody()) {
      done++;
    }
    cursor = Math.max(cursor, done + 1);
  }

  boolean isComplete() {
    return done == target.height();
  }

  /** The height up to which all bodies are there. */
  int doneHeight() {
    return done;
  }

  /** The first block that is missing; to be asked only of a way that is not complete. */
  HeaderNode firstMissing() {
    return at(done + 1);
  }

  /** The highest block that may be asked for now. */
  int windowEnd() {
    return Math.min(done + WINDOW_BLOCKS, target.height());
  }

  /** Whether everything in the window has been passed over, and more lies above it. */
  boolean isWindowUsedUp() {
    return cursor > windowEnd() && windowEnd() < target.height();
  }

  /** Whether everything up to the end has been passed over. */
  boolean isAllAskedFor() {
    return cursor > target.height();
  }

  /**
   * The lowest block that was not passed over yet. It stays the next until it is {@linkplain #pass
   * passed}, or taken.
   *
   * @param reach no block above this height
   * @param isTaken whether a block is asked for, or here, already
   * @return null if there is none up to {@code reach} in the window
   */
  @Nullable HeaderNode next(int reach, Predicate<HeaderNode> isTaken) {
    int last = Math.min(reach, windowEnd());
    while (cursor <= last) {
      HeaderNode node = at(cursor);
      if (!node.hasBody() && !isTaken.test(node)) {
        return node;
      }
      cursor++;
    }
    return null;
  }

  /** The next block is asked for. */
  void pass() {
    cursor++;
  }

  private HeaderNode at(int height) {
    if (height > filled) {
      fill();
    }
    HeaderNode node = ring[height % WINDOW_BLOCKS];
    if (node == null || node.height() != height) {
      throw new IllegalStateException("height " + height + " is not in the window above " + done);
    }
    return node;
  }

  private void fill() {
    int top = windowEnd();
    @Nullable HeaderNode node = target.ancestor(top);
    for (int height = top; height > filled && node != null; height--) {
      ring[height % WINDOW_BLOCKS] = node;
      node = node.parent();
    }
    filled = top;
  }
}
