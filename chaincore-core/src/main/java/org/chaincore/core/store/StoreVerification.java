package org.chaincore.core.store;

import java.util.List;
import java.util.Optional;
import org.chaincore.core.value.Hash256;

/**
 * What came of reading a whole store. Immutable.
 *
 * @param rows how many values were read
 * @param blocks how many of them are bodies
 * @param coins how many are coins
 * @param findings what is not as it was written, the first {@link #MOST_FINDINGS} of it
 * @param faults how many faults there are in all
 */
public record StoreVerification(
    long rows, long blocks, long coins, List<Finding> findings, long faults) {
  /** So that a disk that is all broken does not fill the heap with reports of it. */
  public static final int MOST_FINDINGS = 1_000;

  public StoreVerification {
    findings = List.copyOf(findings);
  }

  /**
   * Something is not as it was written.
   *
   * @param where the table, and the key if there is one
   * @param problem what is wrong, for a person
   * @param block the block whose body is to be had from peers and given to {@link
   *     DurableChainStore#repair}, if that is what is wrong
   */
  public record Finding(String where, String problem, Optional<Hash256> block) {}

  /** Whether all is as it was written. */
  public boolean isGood() {
    return faults == 0;
  }
}
