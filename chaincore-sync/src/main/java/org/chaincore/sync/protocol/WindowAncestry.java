package org.chaincore.sync.protocol;

import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.pow.Ancestry;

/**
 * A chain of headers that are not kept, as difficulty rules see it: the known chain up to the fork,
 * nothing in between, and the last headers.
 *
 * <p>That is enough for every rule with a window of up to {@link #WINDOW} headers, and for an
 * anchor at or below the fork. What a rule asks beyond that is answered with {@link Forgotten}.
 *
 * <p>Not thread-safe; confined to {@link LowWorkChain}.
 */
final class WindowAncestry implements Ancestry {
  /** So many headers are remembered: 32 KiB a chain, which bounds what a peer can make us keep. */
  static final int WINDOW = 4_096;

  /** A height was asked for that is neither known nor remembered. */
  static final class Forgotten extends IndexOutOfBoundsException {
    private static final long serialVersionUID = 1L;

    Forgotten(int height) {
      super("height " + height + " is not remembered");
    }
  }

  private final HeaderNode fork;
  private final int[] times = new int[WINDOW];
  private final int[] bits = new int[WINDOW];
  private int tipHeight;

  /** Headers two, at most, above the genesis block, which anchors lie at. */
  private final int[] firstTimes = new int[3];

  private final int[] firstBits = new int[3];

  WindowAncestry(HeaderNode fork) {
    this.fork = fork;
    this.tipHeight = fork.height();
  }

  /** The chain goes on by a header. */
  void add(long time, int headerBits) {
    tipHeight++;
    times[tipHeight % WINDOW] = (int) time;
    bits[tipHeight % WINDOW] = headerBits;
    if (tipHeight < firstTimes.length) {
      firstTimes[tipHeight] = (int) time;
      firstBits[tipHeight] = headerBits;
    }
  }

  @Override
  public int tipHeight() {
    return tipHeight;
  }

  @Override
  public int firstHeight() {
    return 0;
  }

  @Override
  public long time(int height) {
    return height <= fork.height()
        ? known(height).header().time()
        : Integer.toUnsignedLong(remembered(height, times, firstTimes));
  }

  @Override
  public int bits(int height) {
    return height <= fork.height()
        ? known(height).header().bits()
        : remembered(height, bits, firstBits);
  }

  private HeaderNode known(int height) {
    HeaderNode node = fork.ancestor(height);
    if (node == null) {
      throw new IndexOutOfBoundsException("height " + height);
    }
    return node;
  }

  private int remembered(int height, int[] last, int[] first) {
    if (height > tipHeight) {
      throw new IndexOutOfBoundsException("height " + height + " above " + tipHeight);
    }
    if (height > tipHeight - WINDOW) {
      return last[height % WINDOW];
    }
    if (height < first.length) {
      return first[height];
    }
    throw new Forgotten(height);
  }

  /** Whether a time is after the median of so many headers before it. */
  boolean isAfterMedian(long time, int spanBlocks) {
    int count = Math.min(spanBlocks, tipHeight + 1);
    int before = 0;
    for (int height = tipHeight; height > tipHeight - count; height--) {
      before += time(height) < time ? 1 : 0;
    }
    return before > count / 2;
  }
}
