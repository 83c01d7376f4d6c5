package org.chaincore.sync.protocol;

import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.FeeFilter;
import org.chaincore.sync.message.InventoryItem;

/**
 * Tells peers of transactions and asks them for those that we lack, so that no silent peer can hold
 * one back.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class TransactionRelay implements Machine {
  TransactionRelay(MachineContext context) {}

  /** The transaction that a peer asks for, if it may have it. */
  Optional<Transaction> find(Peer peer, InventoryItem item) {
    return Optional.empty();
  }

  /** Peers say what they have. */
  void announced(Peer peer, List<InventoryItem> items, long nowMillis) {}

  void received(Peer peer, Transaction transaction, long nowMillis) {}

  void notFound(Peer peer, InventoryItem item, long nowMillis) {}

  void feeFilter(Peer peer, FeeFilter message) {}

  /** The peer wants to know all that our mempool has. */
  void mempoolRequested(Peer peer, long nowMillis) {}

  /** The mempool took in a transaction, whoever brought it. */
  void accepted(Transaction transaction, long nowMillis) {}

  /** A transaction left the mempool. */
  void removed(Hash256 txid, ChainEvent.RemovalReason reason, long nowMillis) {}

  void announceDue(Peer peer, long nowMillis) {}

  void requestsDue(long nowMillis) {}
}
