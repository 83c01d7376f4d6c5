package org.chaincore.core.config;

/**
 * What one node keeps of unconfirmed transactions. Each limit stops a way to fill or stall the node
 * for little money. Immutable.
 *
 * @param maxVirtualBytes virtual bytes of all transactions together; beyond it those that pay least
 *     go
 * @param minFeePerKilobyte base units for 1,000 virtual bytes below which nothing is taken
 * @param maxChain unconfirmed ancestors, and descendants, that a transaction may have, itself
 *     counted: a mempool's work grows with their number
 * @param maxChainVirtualBytes virtual bytes of those together
 * @param expirySeconds how long a transaction may wait
 */
public record MempoolLimits(
    long maxVirtualBytes,
    long minFeePerKilobyte,
    int maxChain,
    int maxChainVirtualBytes,
    int expirySeconds) {
  /** 64 MB of transactions for two weeks; chains of 25, as Bitcoin's nodes have them. */
  public static final MempoolLimits DEFAULT =
      new MempoolLimits(64_000_000, 1_000, 25, 101_000, 14 * 86_400);

  public MempoolLimits {
    Ranges.require("maxVirtualBytes", maxVirtualBytes, 1_000, 1_000_000_000_000L);
    Ranges.require("minFeePerKilobyte", minFeePerKilobyte, 0, 100_000_000_000L);
    Ranges.require("maxChain", maxChain, 1, 1_000);
    Ranges.require("maxChainVirtualBytes", maxChainVirtualBytes, 1_000, 100_000_000);
    Ranges.require("expirySeconds", expirySeconds, 1, 10 * 365 * 86_400);
  }
}
