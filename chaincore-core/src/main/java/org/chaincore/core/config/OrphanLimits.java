package org.chaincore.core.config;

/**
 * What one node keeps of blocks and transactions whose parents are unknown. Whoever sends them
 * chose them, so all of it is small and shared out by sender. Immutable.
 *
 * @param maxBlocks blocks in all
 * @param maxBlockBytes their bytes in all
 * @param reservedBlocksPerSource so many blocks of one sender nobody else can push out
 * @param maxTransactions transactions in all
 * @param expirySeconds how long each may wait
 */
public record OrphanLimits(
    int maxBlocks,
    int maxBlockBytes,
    int reservedBlocksPerSource,
    int maxTransactions,
    int expirySeconds) {
  public static final OrphanLimits DEFAULT = new OrphanLimits(100, 64_000_000, 4, 100, 1_200);

  public OrphanLimits {
    Ranges.require("maxBlocks", maxBlocks, 1, 10_000);
    Ranges.require("maxBlockBytes", maxBlockBytes, 10_000, Integer.MAX_VALUE);
    Ranges.require("reservedBlocksPerSource", reservedBlocksPerSource, 0, maxBlocks);
    Ranges.require("maxTransactions", maxTransactions, 0, 100_000);
    Ranges.require("expirySeconds", expirySeconds, 1, 86_400);
  }
}
