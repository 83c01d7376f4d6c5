package org.chaincore.core.store;

/**
 * Which bodies of the chain a store still has. Immutable.
 *
 * @param prunedHeight bodies and undo data up to this height are forgotten; 0 if none are
 * @param keptBlocks so many blocks below the tip are kept whatever they take; no reorganisation can
 *     go deeper
 */
public record BodyRetention(int prunedHeight, int keptBlocks) {
  /** Of a store that forgets nothing. */
  public static final BodyRetention EVERYTHING = new BodyRetention(0, Integer.MAX_VALUE);

  public BodyRetention {
    if (prunedHeight < 0 || keptBlocks < 1) {
      throw new IllegalArgumentException(
          "pruned to height " + prunedHeight + ", keeping " + keptBlocks);
    }
  }

  /**
   * Whether old blocks are missing, or will be. A node of such a store offers its peers the last
   * blocks only: NODE_NETWORK_LIMITED in place of NODE_NETWORK, which promises {@link
   * #LIMITED_PEER_BLOCKS}.
   */
  public boolean isLimited() {
    return prunedHeight > 0 || keptBlocks < Integer.MAX_VALUE;
  }

  /** How many blocks below its tip a node must serve to announce NODE_NETWORK_LIMITED (BIP159). */
  public static final int LIMITED_PEER_BLOCKS = 288;

  /** How many blocks below a height can be taken off the chain. */
  public int depthBelow(int height) {
    return Math.max(0, height - prunedHeight);
  }
}
