package org.chaincore.core.mempool;

import org.chaincore.core.orphan.OrphanStats;

/**
 * What a mempool holds, and what happened to it since it was made. Immutable.
 *
 * @param transactions how many there are
 * @param virtualBytes their virtual bytes together
 * @param feeUnits their fees together, base units
 * @param minFeePerKilobyte base units for 1,000 virtual bytes below which nothing is taken now
 * @param flow what came and went
 * @param orphans the transactions that wait for others
 */
public record MempoolStats(
    int transactions,
    long virtualBytes,
    long feeUnits,
    long minFeePerKilobyte,
    Flow flow,
    OrphanStats orphans) {
  /**
   * What came and went: {@code accepted} is always the sum of what is there and all who left.
   *
   * @param accepted how many came in
   * @param rejected how many were refused for a broken rule
   * @param mined how many left in a block
   * @param conflicting how many left as a block had another that spends the same
   * @param replaced how many left for one that pays more
   * @param expired how many waited too long
   * @param evicted how many paid least when it was full
   * @param invalid how many a reorganisation took the ground from
   */
  public record Flow(
      long accepted,
      long rejected,
      long mined,
      long conflicting,
      long replaced,
      long expired,
      long evicted,
      long invalid) {}
}
