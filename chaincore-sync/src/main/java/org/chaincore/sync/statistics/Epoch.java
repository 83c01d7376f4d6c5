package org.chaincore.sync.statistics;

import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * The stretches of time that statistics are made for, numbered from 1970 on. Their length is part
 * of the protocol, since nodes that counted them differently would not understand each other.
 */
public final class Epoch {
  /**
   * Length of an epoch. An observation needs about six rounds of a minute to reach every node of
   * ten thousand, and at ten kilobytes a minute a sample of 256 needs sixteen more to arrive; the
   * rest is for lost messages, clocks that differ and networks that begin with nothing.
   */
  public static final int SECONDS = 1_800;

  /**
   * How long before its epoch the anchor block must have been the past. Forks of the chain that are
   * younger do not change the salt; a wish to know the salt early is not served longer than needed.
   */
  public static final int ANCHOR_AGE_SECONDS = 600;

  /** The largest number that the messages can say. */
  static final long LAST = 0xffff_ffffL;

  private Epoch() {}

  /** The epoch of a Unix time in seconds, not before 1970. */
  public static long at(long seconds) {
    return seconds / SECONDS;
  }

  /** Unix seconds at which an epoch begins. */
  public static long startSeconds(long epoch) {
    return epoch * SECONDS;
  }

  /**
   * The block of a chain that salts an epoch: the highest whose median time past is {@value
   * #ANCHOR_AGE_SECONDS} seconds or more before the epoch begins, or the first there is. Medians
   * never decrease along a chain, so each chain has one such block. It stays the same while the
   * chain only grows, unless the chain had stood still; {@link StatisticsGossip} copes with a salt
   * that changes.
   */
  public static Hash256 anchor(ChainView chain, long epoch) {
    int span = chain.params().time().medianSpanBlocks();
    long latest = startSeconds(epoch) - ANCHOR_AGE_SECONDS;
    HeaderNode tip = chain.tip();
    int low = 0;
    int high = tip.height();
    while (low < high) {
      int middle = low + (high - low + 1) / 2;
      @Nullable HeaderNode block = tip.ancestor(middle);
      if (block == null || block.medianTimePast(span) <= latest) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    @Nullable HeaderNode anchor = tip.ancestor(low);
    return (anchor == null ? tip : anchor).hash();
  }
}
