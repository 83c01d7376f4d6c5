package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.peer.PeerId;

/**
 * Asks peers for the transactions that they announce and we lack; whom for which, and when another,
 * {@link TransactionRequests} knows.
 *
 * <p>Not thread-safe; confined to {@link TransactionRelay}.
 */
final class TransactionFetch {
  /** Parents of one orphan that are asked for: as many as a mempool lets a transaction have. */
  static final int MAX_PARENTS_ASKED = 25;

  private final MachineContext context;
  private final MempoolIndex mempool;
  private final RecentHashes decided;
  private final TransactionRequests requests = new TransactionRequests();

  TransactionFetch(MachineContext context, MempoolIndex mempool, RecentHashes decided) {
    this.context = context;
    this.mempool = mempool;
    this.decided = decided;
  }

  /** The peer will send nothing more: others are asked. */
  void disconnected(Peer peer, long nowMillis) {
    requests.disconnected(peer.id());
    ask(nowMillis);
  }

  /** A peer says what it has. */
  void announced(Peer peer, List<InventoryItem> items, long nowMillis) {
    for (InventoryItem item : items) {
      if (isWanted(item.hash())) {
        requests.announced(peer.id(), asked(item), !peer.kind().isInbound(), nowMillis);
      }
    }
    ask(nowMillis);
  }

  private boolean isWanted(Hash256 either) {
    return !mempool.contains(either) && !decided.contains(either);
  }

  /** A transaction is asked for by the hash that was told, and with its witness. */
  private static InventoryItem asked(InventoryItem told) {
    return told.type().equals(InventoryType.TRANSACTION)
        ? new InventoryItem(InventoryType.WITNESS_TRANSACTION, told.hash())
        : told;
  }

  /** An orphan came: who has a transaction has its parents. */
  void askForParents(Peer peer, List<OutPoint> missing, long nowMillis) {
    Set<Hash256> parents = new LinkedHashSet<>();
    for (OutPoint outPoint : missing) {
      parents.add(outPoint.txid());
    }
    parents.stream()
        .limit(MAX_PARENTS_ASKED)
        .filter(this::isWanted)
        .map(parent -> new InventoryItem(InventoryType.WITNESS_TRANSACTION, parent))
        .forEach(item -> requests.announced(peer.id(), item, true, nowMillis));
    ask(nowMillis);
  }

  /** A request has run out, or may be made now. */
  void due(long nowMillis) {
    ask(nowMillis);
  }

  /**
   * The peer does not have what it was asked for.
   *
   * @return how many of the items it had announced
   */
  int notFound(Peer peer, List<InventoryItem> items, long nowMillis) {
    int known = 0;
    for (InventoryItem item : items) {
      known += requests.notFound(peer.id(), item.hash()) ? 1 : 0;
    }
    if (known > 0) {
      ask(nowMillis);
    }
    return known;
  }

  /** A peer has sent a transaction; whether it was asked for it. */
  boolean cameFrom(Peer peer, Transaction transaction) {
    boolean wasAsked =
        requests.isAsked(peer.id(), transaction.wtxid())
            || requests.isAsked(peer.id(), transaction.txid());
    if (wasAsked) {
      requests.answered(peer.id());
    }
    return wasAsked;
  }

  /** A transaction is here, or is not wanted any more; what else may be asked for is. */
  void settle(Transaction transaction, long nowMillis) {
    done(transaction);
    ask(nowMillis);
  }

  /** A transaction is here, or is not wanted any more. */
  void done(Transaction transaction) {
    requests.done(transaction.wtxid());
    requests.done(transaction.txid());
  }

  /** Asks for what may be asked for now, all that goes to a peer in one message. */
  private void ask(long nowMillis) {
    List<TransactionRequests.Request> due = requests.due(nowMillis);
    if (!due.isEmpty()) {
      send(due);
    }
    OptionalLong next = requests.nextDueMillis();
    if (next.isPresent()) {
      context.timers().set(Timer.REQUEST_TRANSACTIONS, next.getAsLong());
    } else {
      context.timers().cancel(Timer.REQUEST_TRANSACTIONS);
    }
  }

  private void send(List<TransactionRequests.Request> due) {
    Map<PeerId, List<InventoryItem>> items = new LinkedHashMap<>();
    for (TransactionRequests.Request request : due) {
      items.computeIfAbsent(request.peer(), peer -> new ArrayList<>(1)).add(request.item());
    }
    items.forEach((peer, wanted) -> context.out().send(peer, new GetData(wanted)));
  }

  /** How many transactions are wanted from peers. */
  int wanted() {
    return requests.size();
  }
}
