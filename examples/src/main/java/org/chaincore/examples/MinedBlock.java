package org.chaincore.examples;

import org.chaincore.core.block.Block;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Target;

/**
 * A block of the demo and how it came to be. Immutable.
 *
 * @param block the block
 * @param height its place
 * @param miner who mined it
 * @param effort what that took
 */
record MinedBlock(Block block, int height, String miner, Effort effort) {
  private static final double LOG_16 = Math.log(16);

  /**
   * What a search took.
   *
   * @param hashes nonces up to the good one
   * @param seconds on the clock
   */
  record Effort(long hashes, double seconds) {}

  Hash256 hash() {
    return block.hash();
  }

  /** How many hashes a block of this target takes on average. */
  double expectedHashes() {
    return Target.ofBits(block.header().bits()).work().toDouble();
  }

  /** The difficulty level, log16 of the work, with its fraction. */
  double level() {
    return Math.log(expectedHashes()) / LOG_16;
  }
}
