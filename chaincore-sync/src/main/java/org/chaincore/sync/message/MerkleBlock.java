package org.chaincore.sync.message;

import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.PartialMerkleTree;

/**
 * A header and the proof of those of its transactions that meet the receiver's filter. Source:
 * BIP37.
 *
 * @param header the block's
 * @param tree whether it proves anything under the header's root is not yet known
 */
public record MerkleBlock(BlockHeader header, PartialMerkleTree tree) implements Message {
  public static final String COMMAND = "merkleblock";

  /** One bit for each node of the largest tree; more would be kept for nothing. */
  public static final int MAX_FLAG_BYTES = PartialMerkleTree.MAX_TRANSACTIONS / 4 + 8;

  public MerkleBlock {
    Checks.atMost("merkle hashes", tree.hashes().size(), PartialMerkleTree.MAX_TRANSACTIONS);
    Checks.atMost("bytes of merkle flags", tree.flags().length(), MAX_FLAG_BYTES);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
