package org.chaincore.core.config;

/**
 * One node's own limits. They are no part of consensus, so nodes may differ in them. They are taken
 * when the chain is opened; those of the mempool may change while it runs. Immutable.
 *
 * @param mempool what is kept of unconfirmed transactions; may change while the chain is open
 * @param orphans what is kept of blocks and transactions without parents
 * @param maxReorgDepthBlocks a chain of more work that would disconnect more blocks waits for the
 *     host's decision; it also bounds the memory of a reorganisation
 * @param keptEvents how many events a reader may fall behind
 * @param rememberedTransactions how many checked transactions to remember, so that their block
 *     costs no signatures; each takes at most 128 bytes
 */
public record PolicyLimits(
    MempoolLimits mempool,
    OrphanLimits orphans,
    int maxReorgDepthBlocks,
    int keptEvents,
    int rememberedTransactions) {
  public static final PolicyLimits DEFAULT =
      new PolicyLimits(MempoolLimits.DEFAULT, OrphanLimits.DEFAULT, 1_000, 10_000, 100_000);

  public PolicyLimits {
    Ranges.require("maxReorgDepthBlocks", maxReorgDepthBlocks, 1, 1_000_000);
    Ranges.require("keptEvents", keptEvents, 1, 10_000_000);
    Ranges.require("rememberedTransactions", rememberedTransactions, 2, 10_000_000);
  }

  public PolicyLimits withMempool(MempoolLimits newLimits) {
    return new PolicyLimits(
        newLimits, orphans, maxReorgDepthBlocks, keptEvents, rememberedTransactions);
  }

  public PolicyLimits withMaxReorgDepth(int blocks) {
    return new PolicyLimits(mempool, orphans, blocks, keptEvents, rememberedTransactions);
  }
}
