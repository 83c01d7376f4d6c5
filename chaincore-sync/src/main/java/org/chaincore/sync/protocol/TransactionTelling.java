package org.chaincore.sync.protocol;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.TransactionMessage;
import org.chaincore.sync.peer.PeerId;

/**
 * Says which transactions a peer may be told of, and tells it at once: by announcing them, or by
 * sending those that it is sure to lack.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class TransactionTelling {
  private final MachineContext context;
  private final FilteredRelay filters;
  private final MempoolIndex mempool;
  private final Map<PeerId, PeerRelay> relays;

  TransactionTelling(
      MachineContext context,
      FilteredRelay filters,
      MempoolIndex mempool,
      Map<PeerId, PeerRelay> relays) {
    this.context = context;
    this.filters = filters;
    this.mempool = mempool;
    this.relays = relays;
  }

  /** How a peer calls a transaction. */
  static InventoryItem name(Peer peer, Transaction transaction) {
    return peer.facts().options().namesByWtxid()
        ? new InventoryItem(InventoryType.WTX, transaction.wtxid())
        : new InventoryItem(InventoryType.TRANSACTION, transaction.txid());
  }

  /** Whether a peer wants this transaction and is not known to have it. */
  boolean wants(Peer peer, PeerRelay relay, Transaction transaction) {
    return !relay.known.contains(transaction.wtxid())
        && !relay.known.contains(transaction.txid())
        && filters.wants(peer, transaction);
  }

  /** Whether a peer is told of transactions at all. */
  boolean tells(Peer peer) {
    return relays.containsKey(peer.id()) && filters.wantsAny(peer);
  }

  /** What of the mempool pays enough for a peer to be told of it, in the order of arrival. */
  List<MempoolEntry> tellable(Peer peer) {
    PeerRelay relay = relays.get(peer.id());
    return relay == null
        ? List.of()
        : context.engine().mempool().stream()
            .filter(entry -> entry.feeRate().compareTo(relay.minFee) >= 0)
            .filter(entry -> !filters.wantsAny(peer) || filters.wants(peer, entry.transaction()))
            .toList();
  }

  /** Those of these transactions that are in the mempool, in the order of arrival. */
  List<MempoolEntry> entries(Collection<Hash256> wtxids) {
    return wtxids.stream()
        .map(mempool::txid)
        .filter(Objects::nonNull)
        .flatMap(txid -> context.engine().mempoolEntry(txid).stream())
        .sorted(Comparator.comparingLong(MempoolEntry::sequence))
        .toList();
  }

  /** The transaction of the mempool that a peer asks for, if it may have it. */
  Optional<Transaction> find(Peer peer, Hash256 either) {
    PeerRelay relay = relays.get(peer.id());
    Hash256 txid = mempool.txid(either);
    MempoolEntry entry =
        relay == null || txid == null ? null : context.engine().mempoolEntry(txid).orElse(null);
    return entry != null && relay != null && relay.mayHave(entry)
        ? Optional.of(entry.transaction())
        : Optional.empty();
  }

  /** Sends a transaction that a peer lacks, without announcing it. */
  void give(Peer peer, MempoolEntry entry) {
    PeerRelay relay = relays.get(peer.id());
    if (relay != null) {
      relay.told(entry);
      context.out().send(peer.id(), new TransactionMessage(entry.transaction()));
    }
  }

  /**
   * Announces at once those transactions that a peer is not known to have, up to a number.
   *
   * @return how many
   */
  int announce(Peer peer, List<MempoolEntry> entries, int most) {
    PeerRelay relay = relays.get(peer.id());
    List<MempoolEntry> unknown =
        relay == null
            ? List.of()
            : entries.stream()
                .filter(entry -> wants(peer, relay, entry.transaction()))
                .limit(most)
                .toList();
    announceAgain(peer, unknown);
    return unknown.size();
  }

  /** Announces transactions at once, also if they were announced before. */
  void announceAgain(Peer peer, List<MempoolEntry> entries) {
    PeerRelay relay = relays.get(peer.id());
    if (relay != null && !entries.isEmpty()) {
      InventoryItem[] items = new InventoryItem[entries.size()];
      for (int i = 0; i < items.length; i++) {
        MempoolEntry entry = entries.get(i);
        relay.told(entry);
        items[i] = name(peer, entry.transaction());
      }
      context.out().send(peer.id(), new Inventory(List.of(items)));
    }
  }
}
