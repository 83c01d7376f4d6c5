package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.peer.PeerId;

/**
 * Gathers what each peer is to be told of and tells it together, a random while later: that saves
 * frames, and who listens learns less of where a transaction began.
 *
 * <p>Not thread-safe; confined to {@link TransactionRelay}.
 */
final class TransactionAnnouncements {
  /** Of one announcement; what is more follows in the next. */
  static final int MAX_TOLD_AT_ONCE = 1_000;

  /** How long announcements are gathered on average: for peers that we chose, and for others. */
  static final long TELL_OUTBOUND_MILLIS = 300;

  static final long TELL_INBOUND_MILLIS = 700;

  /** How often a peer may ask for all of our mempool. */
  static final long MEMPOOL_ANSWER_MILLIS = 60_000;

  private final MachineContext context;
  private final TransactionTelling telling;
  private final Map<PeerId, PeerRelay> relays;
  private final SplittableRandom random;

  TransactionAnnouncements(
      MachineContext context,
      TransactionTelling telling,
      Map<PeerId, PeerRelay> relays,
      SplittableRandom random) {
    this.context = context;
    this.telling = telling;
    this.relays = relays;
    this.random = random;
  }

  /** A transaction is to be told to all who want it. */
  void add(Transaction transaction, long nowMillis) {
    for (Peer peer : context.peers().established()) {
      PeerRelay relay = relays.get(peer.id());
      if (relay != null && telling.wants(peer, relay, transaction)) {
        relay.tellLater(transaction.txid());
        setTimer(peer, nowMillis);
      }
    }
  }

  private void setTimer(Peer peer, long nowMillis) {
    if (!context.timers().isSet(Timer.ANNOUNCE_TRANSACTIONS, peer.id())) {
      long mean = peer.kind().isInbound() ? TELL_INBOUND_MILLIS : TELL_OUTBOUND_MILLIS;
      // Exponential, so that when one is told says nothing of when it came; never in the same
      // millisecond, which would tell without gathering and send twice what a round gives.
      long wait = 1 + (long) (-StrictMath.log(1 - random.nextDouble()) * mean);
      context.timers().set(Timer.ANNOUNCE_TRANSACTIONS, peer.id(), nowMillis + wait);
    }
  }

  /** It is time to tell a peer what has gathered for it. */
  void due(Peer peer, long nowMillis) {
    PeerRelay relay = relays.get(peer.id());
    if (relay == null) {
      return;
    }
    List<MempoolEntry> told = new ArrayList<>(1);
    while (told.size() < MAX_TOLD_AT_ONCE && relay.hasToTell()) {
      MempoolEntry entry = context.engine().mempoolEntry(relay.takeToTell()).orElse(null);
      if (entry != null
          && entry.feeRate().compareTo(relay.minFee) >= 0
          && telling.wants(peer, relay, entry.transaction())) {
        told.add(entry);
      }
    }
    telling.announceAgain(peer, told);
    if (relay.hasToTell()) {
      context
          .timers()
          .set(Timer.ANNOUNCE_TRANSACTIONS, peer.id(), nowMillis + TELL_OUTBOUND_MILLIS);
    }
  }

  /** The peer wants to know all that our mempool has (BIP35). */
  void mempoolRequested(Peer peer, long nowMillis) {
    PeerRelay relay = relays.get(peer.id());
    if (relay == null || nowMillis < relay.mempoolAnswerMillis + MEMPOOL_ANSWER_MILLIS) {
      return;
    }
    relay.mempoolAnswerMillis = nowMillis;
    List<MempoolEntry> tellable = telling.tellable(peer);
    int most = Math.min(tellable.size(), InventoryItem.MAX_IN_MESSAGE);
    telling.announceAgain(peer, tellable.subList(0, most));
  }
}
