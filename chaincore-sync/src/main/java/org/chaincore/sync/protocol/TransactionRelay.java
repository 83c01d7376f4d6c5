package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.mempool.FeeRate;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.FeeFilter;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;

/**
 * Tells peers of transactions and asks them for those that we lack, so that no silent peer can hold
 * one back.
 *
 * <p>Announcements are gathered for a random while and go out together: that saves frames, and who
 * listens learns less of where a transaction began. Peers that can are told wtxids (BIP339), so
 * that a copy with another witness is not taken for the transaction. Sources: BIP35, BIP133,
 * BIP339.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class TransactionRelay implements Machine {
  /** Of one announcement; what is more follows in the next. */
  static final int MAX_TOLD_AT_ONCE = 1_000;

  /** What waits to be told to one peer; beyond that the oldest is left to reconciliation. */
  static final int MAX_TO_TELL = 5_000;

  /** What a peer is known to have; with more, a peer could fill our memory by announcing. */
  static final int MAX_KNOWN = 5_000;

  /** Transactions that were refused or mined lately, so that they are not asked for again. */
  static final int MAX_DECIDED = 20_000;

  /** Parents of one orphan that are asked for: as many as a mempool lets a transaction have. */
  static final int MAX_PARENTS_ASKED = 25;

  /** Transactions that a peer may send without being asked, at once and a second after that. */
  static final int MAX_UNASKED = 200;

  static final int UNASKED_A_SECOND = 20;

  /** How long announcements are gathered on average: for peers that we chose, and for others. */
  static final long TELL_OUTBOUND_MILLIS = 300;

  static final long TELL_INBOUND_MILLIS = 700;

  /** How often a peer may ask for all of our mempool. */
  static final long MEMPOOL_ANSWER_MILLIS = 60_000;

  /** Peers of an earlier version do not know feefilter (BIP133). */
  private static final int FEEFILTER_VERSION = 70_013;

  private final MachineContext context;
  private final SplittableRandom random;
  private final MempoolIndex mempool = new MempoolIndex();
  private final TransactionRequests requests = new TransactionRequests();
  private final RecentHashes decided = new RecentHashes(MAX_DECIDED);
  private final Map<PeerId, PeerRelay> relays = new LinkedHashMap<>();
  private final TransactionTelling telling;
  private long received;
  private long duplicates;

  TransactionRelay(MachineContext context, FilteredRelay filters) {
    this.context = context;
    this.random = context.newRandom();
    this.telling = new TransactionTelling(context, filters, mempool, relays);
    for (MempoolEntry entry : context.engine().mempool()) {
      mempool.add(entry.transaction());
    }
  }

  @Override
  public void established(Peer peer, long nowMillis) {
    if (peer.kind() == ConnectionKind.BLOCK_RELAY || peer.kind() == ConnectionKind.FEELER) {
      return;
    }
    PeerRelay relay = new PeerRelay();
    relay.unaskedSinceMillis = nowMillis;
    relays.put(peer.id(), relay);
    if (peer.facts().version() >= FEEFILTER_VERSION) {
      tellFloor(peer, relay, floor(nowMillis));
    }
  }

  /** The mempool takes other fees than before. */
  void feeFloorChanged(long nowMillis) {
    tellFloor(nowMillis, (told, floor) -> told != floor);
  }

  private long floor(long nowMillis) {
    return context.engine().mempoolStats(context.seconds(nowMillis)).minFeePerKilobyte();
  }

  private void tellFloor(Peer peer, PeerRelay relay, long floor) {
    relay.toldFloor = floor;
    context.out().send(peer.id(), new FeeFilter(floor));
  }

  /**
   * Tells peers of our fee floor if it has become quite another: it rises when the mempool is full
   * and sinks for a while after that. To be called now and then.
   */
  void tellFloor(long nowMillis) {
    tellFloor(nowMillis, TransactionRelay::isQuiteAnother);
  }

  /** Tells our floor to those for whom it differs enough from what they were told. */
  private void tellFloor(long nowMillis, FloorTest differs) {
    long floor = floor(nowMillis);
    for (Peer peer : context.peers().established()) {
      PeerRelay relay = relays.get(peer.id());
      if (relay != null && relay.toldFloor >= 0 && differs.test(relay.toldFloor, floor)) {
        tellFloor(peer, relay, floor);
      }
    }
  }

  /** Whether a floor is to be told to who was told another. */
  @FunctionalInterface
  private interface FloorTest {
    boolean test(long told, long floor);
  }

  /** By more than a quarter, or between none and some. */
  private static boolean isQuiteAnother(long told, long floor) {
    long most = Math.max(told, floor);
    return Math.min(told, floor) < most - most / 4;
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    relays.remove(peer.id());
    requests.disconnected(peer.id());
    ask(nowMillis);
  }

  /** The transaction that a peer asks for, if it is in the mempool. */
  Optional<Transaction> find(Peer peer, InventoryItem item) {
    Hash256 txid = relays.containsKey(peer.id()) ? mempool.txid(item.hash()) : null;
    return txid == null
        ? Optional.empty()
        : context.engine().mempoolEntry(txid).map(MempoolEntry::transaction);
  }

  /** A peer says what it has. */
  void announced(Peer peer, List<InventoryItem> items, long nowMillis) {
    PeerRelay relay = relays.get(peer.id());
    if (relay == null) {
      context
          .out()
          .complain(peer.id(), Misbehaviour.UNEXPECTED_MESSAGE, "inv on a block connection");
      return;
    }
    for (InventoryItem item : items) {
      relay.known.add(item.hash());
      if (!mempool.contains(item.hash()) && !decided.contains(item.hash())) {
        requests.announced(peer.id(), asked(item), !peer.kind().isInbound(), nowMillis);
      }
    }
    ask(nowMillis);
  }

  /** A transaction is asked for by the hash that was told, and with its witness. */
  private static InventoryItem asked(InventoryItem told) {
    return told.type().equals(InventoryType.TRANSACTION)
        ? new InventoryItem(InventoryType.WITNESS_TRANSACTION, told.hash())
        : told;
  }

  /** Asks for what may be asked for now, all that goes to a peer in one message. */
  private void ask(long nowMillis) {
    if (requests.size() > 0) {
      // Who is told to go is asked for nothing, whenever the transport is done with it.
      context.peers().all().stream()
          .filter(Peer::isLeaving)
          .forEach(gone -> requests.disconnected(gone.id()));
    }
    Map<PeerId, List<InventoryItem>> items = new LinkedHashMap<>();
    for (TransactionRequests.Request request : requests.due(nowMillis)) {
      items.computeIfAbsent(request.peer(), peer -> new ArrayList<>()).add(request.item());
    }
    items.forEach((peer, wanted) -> context.out().send(peer, new GetData(wanted)));
    OptionalLong next = requests.nextDueMillis();
    if (next.isPresent()) {
      context.timers().set(Timer.REQUEST_TRANSACTIONS, next.getAsLong());
    } else {
      context.timers().cancel(Timer.REQUEST_TRANSACTIONS);
    }
  }

  /** A request has run out, or may be made now. */
  void requestsDue(long nowMillis) {
    ask(nowMillis);
  }

  /** The peer does not have what it was asked for. */
  void notFound(Peer peer, InventoryItem item, long nowMillis) {
    requests.notFound(peer.id(), item.hash());
    ask(nowMillis);
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
      context
          .out()
          .complain(peer.id(), Misbehaviour.UNEXPECTED_MESSAGE, "tx on a block connection");
      return false;
    }
    boolean wasAsked =
        requests.isAsked(peer.id(), transaction.wtxid())
            || requests.isAsked(peer.id(), transaction.txid());
    if (wasAsked) {
      requests.answered(peer.id());
    }
    relay.known.add(transaction.wtxid());
    relay.known.add(transaction.txid());
    received++;
    if (mempool.contains(transaction.wtxid()) || decided.contains(transaction.wtxid())) {
      duplicates++;
      settle(transaction, nowMillis);
      return false;
    }
    if (isExpected || wasAsked || mayBringUnasked(relay, nowMillis)) {
      offer(peer, transaction, nowMillis);
    }
    return true;
  }

  /** Verifying costs far more than sending: who brings without end is not listened to. */
  private static boolean mayBringUnasked(PeerRelay relay, long nowMillis) {
    double gained = (nowMillis - relay.unaskedSinceMillis) * UNASKED_A_SECOND / 1_000.0;
    relay.unaskedLeft = Math.min(MAX_UNASKED, relay.unaskedLeft + Math.max(0, gained));
    relay.unaskedSinceMillis = nowMillis;
    if (relay.unaskedLeft < 1) {
      return false;
    }
    relay.unaskedLeft--;
    return true;
  }

  private void offer(Peer peer, Transaction transaction, long nowMillis) {
    MempoolOutcome outcome =
        context.engine().accept(transaction, peer.id().value(), context.seconds(nowMillis));
    settle(transaction, nowMillis);
    if (outcome instanceof MempoolOutcome.Accepted) {
      peer.broughtTransaction(nowMillis);
    } else if (outcome instanceof MempoolOutcome.AlreadyKnown) {
      decided.add(transaction.wtxid());
    } else if (outcome instanceof MempoolOutcome.Rejected rejected) {
      refused(peer, transaction, rejected.rejection());
    } else if (outcome instanceof MempoolOutcome.Orphaned orphaned && orphaned.isKept()) {
      askForParents(peer, orphaned.missing(), nowMillis);
    }
  }

  /**
   * A copy without its witnesses has the txid of the whole transaction for its wtxid: to remember
   * it would let anybody keep out the whole one by sending the copy. So it is not remembered, and
   * nobody's fault, as there are nodes that pass on nothing else. What needs no witness is known by
   * its scripts: an input that has neither can only have lost one.
   */
  private void refused(Peer peer, Transaction transaction, Rejection rejection) {
    boolean mayBeStripped =
        rejection.code() == RejectionCode.BAD_SPEND
            && !transaction.hasWitness()
            && transaction.inputs().stream().anyMatch(input -> input.scriptSig().isEmpty());
    if (mayBeStripped) {
      return;
    }
    decided.add(transaction.wtxid());
    if (isRefusedByAll(rejection.code())) {
      String detail = "transaction " + transaction.wtxid() + ": " + rejection;
      context.out().complain(peer.id(), Misbehaviour.INVALID_TRANSACTION, detail);
    }
  }

  /**
   * Whether every node of the network refuses what was refused for this, whatever its chain, clock
   * and policy: then an honest one cannot have passed it on. The coins that are spent are given by
   * their names, so their amounts and scripts are the same everywhere.
   */
  private static boolean isRefusedByAll(RejectionCode code) {
    return switch (code) {
      case LOOSE_COINBASE,
          NO_OUTPUTS,
          OVERSIZE,
          BAD_OUTPUT_AMOUNT,
          DUPLICATE_INPUTS,
          NULL_INPUT,
          TRANSACTION_OF_64_BYTES,
          OUTPUT_SCRIPT_REFUSED,
          DATA_OUTPUT_TOO_LARGE,
          INPUTS_BELOW_OUTPUTS,
          BAD_SPEND ->
          true;
      default -> false;
    };
  }

  private void settle(Transaction transaction, long nowMillis) {
    requests.done(transaction.wtxid());
    requests.done(transaction.txid());
    ask(nowMillis);
  }

  /** Who has a transaction has its parents. */
  private void askForParents(Peer peer, List<OutPoint> missing, long nowMillis) {
    Set<Hash256> parents = new LinkedHashSet<>();
    for (OutPoint outPoint : missing) {
      parents.add(outPoint.txid());
    }
    parents.stream()
        .limit(MAX_PARENTS_ASKED)
        .filter(parent -> !mempool.contains(parent) && !decided.contains(parent))
        .map(parent -> new InventoryItem(InventoryType.WITNESS_TRANSACTION, parent))
        .forEach(item -> requests.announced(peer.id(), item, true, nowMillis));
    ask(nowMillis);
  }

  void feeFilter(Peer peer, FeeFilter message) {
    PeerRelay relay = relays.get(peer.id());
    if (relay != null && message.unitsPerKilobyte() >= 0) {
      relay.minFee = FeeRate.perKilobyte(message.unitsPerKilobyte());
    }
  }

  /** The peer wants to know all that our mempool has. */
  void mempoolRequested(Peer peer, long nowMillis) {
    PeerRelay relay = relays.get(peer.id());
    if (relay == null || nowMillis < relay.mempoolAnswerMillis + MEMPOOL_ANSWER_MILLIS) {
      return;
    }
    relay.mempoolAnswerMillis = nowMillis;
    List<InventoryItem> items =
        telling.tellable(peer).stream()
            .limit(InventoryItem.MAX_IN_MESSAGE)
            .map(entry -> TransactionTelling.name(peer, entry.transaction()))
            .toList();
    if (!items.isEmpty()) {
      context.out().send(peer.id(), new Inventory(items));
    }
  }

  /** Tells peers of transactions at once. */
  TransactionTelling telling() {
    return telling;
  }

  /** The mempool took in a transaction, whoever brought it. */
  void accepted(Transaction transaction, long nowMillis) {
    mempool.add(transaction);
    decided.remove(transaction.wtxid());
    requests.done(transaction.wtxid());
    requests.done(transaction.txid());
    for (Peer peer : context.peers().established()) {
      PeerRelay relay = relays.get(peer.id());
      if (relay != null && telling.wants(peer, relay, transaction)) {
        tellLater(peer, relay, transaction.txid(), nowMillis);
      }
    }
  }

  private void tellLater(Peer peer, PeerRelay relay, Hash256 txid, long nowMillis) {
    relay.toTell.add(txid);
    if (relay.toTell.size() > MAX_TO_TELL) {
      Iterator<Hash256> oldest = relay.toTell.iterator();
      oldest.next();
      oldest.remove();
    }
    if (!context.timers().isSet(Timer.ANNOUNCE_TRANSACTIONS, peer.id())) {
      long mean = peer.kind().isInbound() ? TELL_INBOUND_MILLIS : TELL_OUTBOUND_MILLIS;
      // Exponential, so that when one is told says nothing of when it came; never in the same
      // millisecond, which would tell without gathering and send twice what a round gives.
      long wait = 1 + (long) (-StrictMath.log(1 - random.nextDouble()) * mean);
      context.timers().set(Timer.ANNOUNCE_TRANSACTIONS, peer.id(), nowMillis + wait);
    }
  }

  /** It is time to tell a peer what has gathered for it. */
  void announceDue(Peer peer, long nowMillis) {
    PeerRelay relay = relays.get(peer.id());
    if (relay == null) {
      return;
    }
    List<InventoryItem> items = new ArrayList<>();
    Iterator<Hash256> next = relay.toTell.iterator();
    while (next.hasNext() && items.size() < MAX_TOLD_AT_ONCE) {
      Hash256 txid = next.next();
      next.remove();
      context
          .engine()
          .mempoolEntry(txid)
          .filter(entry -> entry.feeRate().compareTo(relay.minFee) >= 0)
          .filter(entry -> telling.wants(peer, relay, entry.transaction()))
          .ifPresent(
              entry -> {
                items.add(TransactionTelling.name(peer, entry.transaction()));
                relay.known.add(entry.transaction().wtxid());
              });
    }
    if (!items.isEmpty()) {
      context.out().send(peer.id(), new Inventory(items));
    }
    if (!relay.toTell.isEmpty()) {
      context
          .timers()
          .set(Timer.ANNOUNCE_TRANSACTIONS, peer.id(), nowMillis + TELL_OUTBOUND_MILLIS);
    }
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

  /** How many transactions peers have sent. */
  long received() {
    return received;
  }

  /** How many of those we had already. */
  long duplicates() {
    return duplicates;
  }

  /** How many transactions are wanted from peers. */
  int wanted() {
    return requests.size();
  }
}
