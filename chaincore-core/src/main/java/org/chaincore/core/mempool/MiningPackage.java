package org.chaincore.core.mempool;

import java.util.Comparator;

/**
 * A transaction together with the ancestors that must be mined with it.
 *
 * <p>It is worth what the whole package pays for its room, but never more than the transaction
 * itself pays: one that pays little does not rank with its rich ancestors, who will be taken
 * without it.
 */
interface MiningPackage {
  /** Best first; among equals who came first. */
  Comparator<MiningPackage> BEST_FIRST =
      (a, b) -> {
        int order = compareWorth(b, a);
        return order != 0 ? order : Long.compare(a.entry().sequence(), b.entry().sequence());
      };

  MempoolEntry entry();

  /** The transaction and those of its ancestors that are not taken yet. */
  Totals ancestors();

  private static int compareWorth(MiningPackage a, MiningPackage b) {
    boolean ownA = paysLessThanItsPackage(a);
    boolean ownB = paysLessThanItsPackage(b);
    return FeeRate.compare(
        ownA ? a.entry().fee().units() : a.ancestors().fees(),
        ownA ? a.entry().virtualSize() : a.ancestors().virtualBytes(),
        ownB ? b.entry().fee().units() : b.ancestors().fees(),
        ownB ? b.entry().virtualSize() : b.ancestors().virtualBytes());
  }

  private static boolean paysLessThanItsPackage(MiningPackage each) {
    return FeeRate.compare(
            each.entry().fee().units(),
            each.entry().virtualSize(),
            each.ancestors().fees(),
            each.ancestors().virtualBytes())
        < 0;
  }
}
