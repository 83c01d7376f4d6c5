package org.chaincore.sync.protocol;

import org.chaincore.core.event.ChainEvent;
import org.chaincore.sync.message.BlockTransactions;
import org.chaincore.sync.message.CompactBlock;
import org.chaincore.sync.message.SendCompact;

/**
 * Tells peers of new blocks, each in the way that it wants: by compact blocks, by headers or by
 * inv; and takes in compact blocks.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class BlockRelay implements Machine {
  BlockRelay(MachineContext context) {}

  /** The chain went on, or elsewhere. */
  void tipChanged(ChainEvent.TipChanged change, long nowMillis) {}

  void sendHeaders(Peer peer) {}

  void sendCompact(Peer peer, SendCompact message) {}

  void compactBlock(Peer peer, CompactBlock message, long nowMillis) {}

  void blockTransactions(Peer peer, BlockTransactions message, long nowMillis) {}

  void transactionsMissing(Peer peer, long nowMillis) {}
}
