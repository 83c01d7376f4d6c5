package org.chaincore.sync.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.mempool.FeeRate;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.SipKey;
import org.chaincore.sync.message.FeeFilter;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;

/**
 * Tells peers of transactions and asks them for those that we lack, so that no silent peer can hold
 * one back.
 *
 * <p>{@link TransactionFetch} asks, {@link TransactionArrivals} judges what comes, {@link
 * TransactionAnnouncements} tells later what {@link TransactionTelling} can also tell at once, and
 * {@link FeeFloor} says what is not worth telling us. This class says to them what happened, and
 * keeps what they share.
 *
 * <p>Peers that can are told wtxids (BIP339), so that a copy with another witness is not taken for
 * the transaction. Sources: BIP35, BIP133, BIP339.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class TransactionRelay implements Machine {
  /** Transactions that were refused or mined lately, so that they are not asked for again. */
  static final int MAX_DECIDED = 20_000;

  /** What a peer was known to have is forgotten after twice this time: it is of no use any more. */
  static final long KNOWN_MILLIS = 10 * 60_000;

  private final SipKey key;
  private final MachineContext context;
  private final MempoolIndex mempool = new MempoolIndex();
  private final RecentHashes decided = new RecentHashes(MAX_DECIDED);

  /** One an established peer that carries transactions. */
  private final Map<PeerId, PeerRelay> relays = new LinkedHashMap<>();

  private final FeeFloor feeFloor;
  private final TransactionFetch fetch;
  private final TransactionArrivals arrivals;
  private final TransactionTelling telling;
  private final TransactionAnnouncements announcements;
  private long ageAtMillis = Long.MIN_VALUE;

  TransactionRelay(MachineContext context, FilteredRelay filters) {
    SplittableRandom random = context.newRandom();
    this.key = SipKey.of(random.nextLong(), random.nextLong());
    this.context = context;
    this.feeFloor = new FeeFloor(context, relays);
    this.fetch = new TransactionFetch(context, mempool, decided);
    this.arrivals = new TransactionArrivals(context, mempool, decided, fetch);
    this.telling = new TransactionTelling(context, filters, mempool, relays);
    this.announcements = new TransactionAnnouncements(context, telling, relays, random);
    for (MempoolEntry entry : context.engine().mempool()) {
      mempool.add(entry.transaction());
    }
  }

  @Override
  public void established(Peer peer, long nowMillis) {
    if (peer.kind() != ConnectionKind.BLOCK_RELAY) {
      PeerRelay relay = new PeerRelay(key, nowMillis);
      relays.put(peer.id(), relay);
      feeFloor.established(peer, relay, nowMillis);
    }
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    relays.remove(peer.id());
    fetch.disconnected(peer, nowMillis);
  }

  /** A peer says what it has. */
  void announced(Peer peer, List<InventoryItem> items, long nowMillis) {
    PeerRelay relay = relays.get(peer.id());
    if (relay == null) {
      complainOf(peer, "inv on a block connection");
      return;
    }
    for (InventoryItem item : items) {
      relay.known.add(item.hash());
    }
    fetch.announced(peer, items, nowMillis);
  }

  private void complainOf(Peer peer, String detail) {
    context.out().complain(peer.id(), Misbehaviour.UNEXPECTED_MESSAGE, detail);
  }

  /**
   * The peer does not have what it was asked for.
   *
   * @return how many of the items it had announced
   */
  int notFound(Peer peer, List<InventoryItem> items, long nowMillis) {
    return fetch.notFound(peer, items, nowMillis);
  }

  /**
   * A transaction as a peer sent it.
   *
   * @param isExpected whether the peer may send it without being asked
   * @return whether we did not have it and had not refused it
   */
  boolean received(Peer peer, Transaction transaction, boolean isExpected, long nowMillis) {
    PeerRelay relay = relays.get(peer.id());
    if (relay == null) {
      complainOf(peer, "tx on a block connection");
      return false;
    }
    relay.known.add(transaction.wtxid());
    relay.known.add(transaction.txid());
    return arrivals.received(peer, relay, transaction, isExpected, nowMillis);
  }

  void feeFilter(Peer peer, FeeFilter message) {
    PeerRelay relay = relays.get(peer.id());
    if (relay != null && message.unitsPerKilobyte() >= 0) {
      relay.minFee = FeeRate.perKilobyte(message.unitsPerKilobyte());
    }
  }

  /** The peer wants to know all that our mempool has. */
  void mempoolRequested(Peer peer, long nowMillis) {
    announcements.mempoolRequested(peer, nowMillis);
  }

  /** It is time to tell a peer what has gathered for it. */
  void announceDue(Peer peer, long nowMillis) {
    announcements.due(peer, nowMillis);
  }

  /** A request has run out, or may be made now. */
  void requestsDue(long nowMillis) {
    fetch.due(nowMillis);
  }

  /** The mempool takes other fees than before. */
  void feeFloorChanged(long nowMillis) {
    feeFloor.changed(nowMillis);
  }

  /** Sees to what changes slowly. To be called now and then. */
  void tidy(long nowMillis) {
    feeFloor.follow(nowMillis);
    if (nowMillis >= ageAtMillis) {
      ageAtMillis = nowMillis + KNOWN_MILLIS;
      relays.values().forEach(relay -> relay.known.age());
    }
  }

  /** The mempool took in a transaction, whoever brought it. */
  void accepted(Transaction transaction, long nowMillis) {
    mempool.add(transaction);
    decided.remove(transaction.wtxid());
    fetch.done(transaction);
    announcements.add(transaction, nowMillis);
  }

  /** A transaction left the mempool. */
  void removed(Hash256 txid, ChainEvent.RemovalReason reason, long nowMillis) {
    Hash256 wtxid = mempool.remove(txid);
    if (reason == ChainEvent.RemovalReason.MINED) {
      decided.add(txid);
      if (wtxid != null) {
        decided.add(wtxid);
      }
    }
  }

  /**
   * Events were missed: the mempool is looked at as it is, and peers are told of what is new there.
   */
  void lagged(long nowMillis) {
    Set<Hash256> gone = mempool.txids();
    for (MempoolEntry entry : context.engine().mempool()) {
      if (!gone.remove(entry.txid())) {
        accepted(entry.transaction(), nowMillis);
      }
    }
    gone.forEach(mempool::remove);
    decided.clear(); // Some of it may have been refused on top of another chain.
  }

  /** What was refused on top of another chain may be good on this one. */
  void tipChanged(ChainEvent.TipChanged change) {
    decided.clear();
  }

  /** Tells peers of transactions at once, and says which one they may have. */
  TransactionTelling telling() {
    return telling;
  }

  /** How many transactions peers have sent. */
  long received() {
    return arrivals.received();
  }

  /** How many of those we had already. */
  long duplicates() {
    return arrivals.duplicates();
  }

  /** How many transactions are wanted from peers. */
  int wanted() {
    return fetch.wanted();
  }
}
