package org.chaincore.core.orphan;

import org.chaincore.core.block.Block;
import org.chaincore.core.value.Hash256;

/**
 * A block that waits for its parent. Immutable.
 *
 * @param block the block
 * @param source who sent it, 0 for the host itself
 * @param arrivalSeconds when it came, Unix seconds
 */
public record OrphanBlock(Block block, long source, long arrivalSeconds) {
  public Hash256 hash() {
    return block.hash();
  }

  /** The parent that is missing, or waits itself. */
  public Hash256 missingParent() {
    return block.header().previous();
  }
}
