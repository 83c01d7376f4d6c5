package org.chaincore.sync.protocol;

import org.chaincore.core.block.Block;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.value.Hash256;

/**
 * Downloads the blocks of the best chain of headers from many peers at once.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class BlockFetch implements Machine {
  BlockFetch(MachineContext context) {}

  void received(Peer peer, Block block, long nowMillis) {}

  /** A block that was put together from a peer's compact block. */
  void rebuilt(Peer peer, Block block, long nowMillis) {}

  /** A peer does not have what it was asked for. */
  void notFound(Peer peer, Hash256 block, long nowMillis) {}

  /** Whether a block is asked for already. */
  boolean isRequested(Hash256 block) {
    return false;
  }

  /**
   * Another machine asks this peer for this block by means of its own; it is not asked for a second
   * time until that is over.
   */
  void claim(Peer peer, HeaderNode block, long nowMillis) {}

  /** What was claimed did not come about. */
  void release(Peer peer, Hash256 block, long nowMillis) {}

  /**
   * Asks for what may be asked for now. Called after every input; costs nothing where there is
   * nothing to do.
   */
  void fetch(long nowMillis) {}

  void stalled(Peer peer, long nowMillis) {}

  void blockMissing(Peer peer, long nowMillis) {}
}
