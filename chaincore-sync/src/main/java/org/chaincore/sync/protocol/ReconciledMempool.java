package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.sketch.Snapshot;

/**
 * Our side of a reconciliation: what a round takes from the mempool, what of the difference is
 * worth asking for, and how the other side gets what it lacks.
 *
 * <p>Not thread-safe; confined to {@link MempoolReconciliation}.
 */
final class ReconciledMempool {
  /** Announcements of one round; what is more waits for the next. */
  static final int MAX_ANNOUNCED = 1_000;

  private final MachineContext context;
  private final TransactionTelling telling;

  ReconciledMempool(MachineContext context, TransactionTelling telling) {
    this.context = context;
    this.telling = telling;
  }

  /** What both sides would choose if the mempool is too large: what pays best. */
  Snapshot snapshot(ReconciliationRound round) {
    List<MempoolEntry> entries = telling.tellable(round.peer);
    if (entries.size() > Snapshot.MAX_TRANSACTIONS) {
      entries =
          entries.stream()
              .sorted(ReconciledMempool::compareBestPaidFirst)
              .limit(Snapshot.MAX_TRANSACTIONS)
              .toList();
    }
    List<Hash256> wtxids = entries.stream().map(entry -> entry.transaction().wtxid()).toList();
    return Snapshot.of(round.shortIds, wtxids);
  }

  /**
   * The ids to ask for: those of no transaction here, and not those asked for in vain too often.
   */
  Set<Integer> worthAsking(ReconciliationRound round, List<Integer> missingHere) {
    Set<Integer> missing = new LinkedHashSet<>(missingHere);
    removeThoseHere(missing, round);
    round.asked.keepOnly(missingHere);
    missing.removeIf(id -> !Retries.isTurn(round.asked.count(id)));
    return missing;
  }

  /** What came meanwhile, and what a fee filter or its size kept out of the snapshot, is here. */
  private void removeThoseHere(Set<Integer> ids, ReconciliationRound round) {
    if (!ids.isEmpty()) {
      for (MempoolEntry entry : context.engine().mempool()) {
        ids.remove(round.shortIds.of(entry.transaction().wtxid()));
      }
    }
  }

  /** Gets to a peer what it lacks: sent the first time, announced if that did not help. */
  void offer(ReconciliationRound round, List<Hash256> missingThere) {
    round.given.keepOnly(missingThere);
    List<Hash256> first = new ArrayList<>();
    List<Hash256> again = new ArrayList<>();
    for (Hash256 wtxid : missingThere) {
      int times = round.given.count(wtxid);
      if (times == 1) {
        first.add(wtxid);
      } else if (Retries.isTurn(times)) {
        again.add(wtxid);
      }
    }
    round.offers(again.size());
    telling.announceAgain(round.peer, telling.entries(again));
    give(round, first);
  }

  /** Sends transactions as far as the peer reads; the rest is announced. */
  void give(ReconciliationRound round, List<Hash256> wtxids) {
    round.offers(wtxids.size());
    long room = SyncProtocol.SEND_QUEUE_BYTES - round.peer.queuedBytes();
    List<MempoolEntry> rest = new ArrayList<>();
    for (MempoolEntry entry : telling.entries(wtxids)) {
      if (room > 0) {
        telling.give(round.peer, entry);
        room -= entry.transaction().size();
      } else {
        rest.add(entry);
      }
    }
    telling.announceAgain(round.peer, rest);
    announceAmbiguous(round);
  }

  /** A transaction whose short id is another's cannot be found by sketches. */
  private void announceAmbiguous(ReconciliationRound round) {
    if (!round.ambiguous().isEmpty()) {
      List<MempoolEntry> entries = telling.entries(round.ambiguous());
      telling.announce(round.peer, entries, MAX_ANNOUNCED);
    }
  }

  /** Announces what a peer is not known to have; how much. */
  int announceUnknown(Peer peer, int most) {
    return telling.announce(peer, telling.tellable(peer), most);
  }

  private static int compareBestPaidFirst(MempoolEntry a, MempoolEntry b) {
    int order = b.feeRate().compareTo(a.feeRate());
    return order != 0 ? order : a.transaction().wtxid().compareTo(b.transaction().wtxid());
  }
}
