package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Which transactions peers have told of, and whom to ask for each.
 *
 * <p><b>The idea.</b> For each hash the peers that announced it stand in line, each with a time
 * from which it may be asked: those that came to us, and those with much to answer already, later
 * than others. One is asked at a time; who does not answer in time is out of the line, and the next
 * is asked: of those whose time has come one that is not silent before one that is, one that we
 * chose before one that came to us, then one with little to answer, then the earliest. A peer is
 * silent from when it let a request run out until it answers one. So a peer that announces and
 * stays silent delays a transaction by one deadline, once, and cannot keep anybody else from being
 * asked, and many such peers cannot stand before one that we chose.
 *
 * <p><b>Limits.</b> A peer has at most {@link #MAX_ANNOUNCED} hashes in all lines together and at
 * most {@link #MAX_ASKED} requests under way before it is put off: what it announces beyond that is
 * forgotten, and costs nobody but it.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class TransactionRequests {
  /** What one peer may have announced that nobody has delivered: some hundred kilobytes. */
  static final int MAX_ANNOUNCED = 5_000;

  /** Who has more requests to answer is asked later, if anybody else can be asked. */
  static final int MAX_ASKED = 100;

  /** Peers that we chose are asked at once; those that came to us get the second turn. */
  static final long INBOUND_DELAY_MILLIS = 2_000;

  static final long BUSY_DELAY_MILLIS = 2_000;

  /** Who has not answered until then is out of the line. */
  static final long DEADLINE_MILLIS = 10_000;

  /** Somebody who may be asked. */
  private record Candidate(
      PeerId peer, InventoryItem item, boolean isPreferred, long notBeforeMillis) {}

  /** A transaction that is wanted. */
  private static final class Wanted {
    private final Hash256 hash;
    private final long order;
    private final List<Candidate> line = new ArrayList<>(1);
    private @Nullable PeerId asked;
    private long dueMillis;

    Wanted(Hash256 hash, long order) {
      this.hash = hash;
      this.order = order;
    }

    /** Whose time comes first; among equals who was wanted first. */
    int compareByDue(Wanted other) {
      int byDue = Long.compare(dueMillis, other.dueMillis);
      return byDue != 0 ? byDue : Long.compare(order, other.order);
    }
  }

  /** What a peer is to be asked for. */
  record Request(PeerId peer, InventoryItem item) {}

  private final Map<Hash256, Wanted> wanted = new HashMap<>();
  private final TreeSet<Wanted> byDue = new TreeSet<>(Wanted::compareByDue);

  /** By peer, until it has gone: it comes and goes with every transaction. */
  private final Map<PeerId, int[]> announcedBy = new HashMap<>();

  private final Map<PeerId, int[]> askedOf = new HashMap<>();

  /** Who let a request run out and has answered none since. Only looked up in. */
  private final Set<PeerId> silent = new HashSet<>();

  private long nextOrder;

  /**
   * A peer has told of a transaction.
   *
   * @param isPreferred whether we chose this peer
   * @return false if it has told of too many
   */
  boolean announced(PeerId peer, InventoryItem item, boolean isPreferred, long nowMillis) {
    Wanted one = wanted.get(item.hash());
    if (one != null && isInLine(one, peer)) {
      return true;
    }
    if (count(announcedBy, peer) >= MAX_ANNOUNCED) {
      return false;
    }
    if (one == null) {
      one = new Wanted(item.hash(), nextOrder++);
      wanted.put(item.hash(), one);
    } else {
      byDue.remove(one);
    }
    long notBefore = nowMillis + (isPreferred ? 0 : INBOUND_DELAY_MILLIS);
    if (isBusy(peer)) {
      notBefore += BUSY_DELAY_MILLIS;
    }
    one.line.add(new Candidate(peer, item, isPreferred, notBefore));
    change(announcedBy, peer, 1);
    schedule(one);
    return true;
  }

  private static boolean isInLine(Wanted one, PeerId peer) {
    for (Candidate candidate : one.line) {
      if (candidate.peer.equals(peer)) {
        return true;
      }
    }
    return false;
  }

  /** Puts a transaction where it is due next: when somebody may be asked, or has had his time. */
  private void schedule(Wanted one) {
    if (one.asked == null) {
      long earliest = Long.MAX_VALUE;
      for (Candidate candidate : one.line) {
        earliest = Math.min(earliest, candidate.notBeforeMillis);
      }
      one.dueMillis = earliest;
    }
    byDue.add(one);
  }

  /** Whom to ask for what, now. Each is counted as asked. */
  List<Request> due(long nowMillis) {
    if (!isAnyDue(nowMillis)) {
      return List.of();
    }
    List<Request> requests = new ArrayList<>(1);
    while (isAnyDue(nowMillis)) {
      Wanted one = byDue.first();
      byDue.remove(one);
      PeerId late = one.asked;
      if (late != null) {
        silent.add(late);
        leaveLine(one, late);
      }
      Candidate next = first(one, nowMillis);
      if (next != null) {
        one.asked = next.peer;
        one.dueMillis = nowMillis + DEADLINE_MILLIS;
        change(askedOf, next.peer, 1);
        requests.add(new Request(next.peer, next.item));
      }
      if (one.line.isEmpty()) {
        wanted.remove(one.hash);
      } else {
        schedule(one);
      }
    }
    return requests;
  }

  private boolean isAnyDue(long nowMillis) {
    return !byDue.isEmpty() && byDue.first().dueMillis <= nowMillis;
  }

  /** Of equals the one that announced first. */
  private @Nullable Candidate first(Wanted one, long nowMillis) {
    Candidate first = null;
    for (Candidate candidate : one.line) {
      if (candidate.notBeforeMillis <= nowMillis
          && (first == null || compareMerit(candidate, first) < 0)) {
        first = candidate;
      }
    }
    return first;
  }

  /** Who deserves to be asked comes first: who answers, whom we chose, who is not busy. */
  private int compareMerit(Candidate a, Candidate b) {
    int order = Boolean.compare(silent.contains(a.peer), silent.contains(b.peer));
    if (order == 0) {
      order = Boolean.compare(b.isPreferred, a.isPreferred);
    }
    if (order == 0) {
      order = Boolean.compare(isBusy(a.peer), isBusy(b.peer));
    }
    return order != 0 ? order : Long.compare(a.notBeforeMillis, b.notBeforeMillis);
  }

  private boolean isBusy(PeerId peer) {
    return count(askedOf, peer) >= MAX_ASKED;
  }

  /** When {@link #due} has something to say next. */
  OptionalLong nextDueMillis() {
    return byDue.isEmpty() ? OptionalLong.empty() : OptionalLong.of(byDue.first().dueMillis);
  }

  /** Whether this peer is being asked for this. */
  boolean isAsked(PeerId peer, Hash256 hash) {
    Wanted one = wanted.get(hash);
    return one != null && peer.equals(one.asked);
  }

  /** The transaction is here, or is not wanted any more. */
  void done(Hash256 hash) {
    Wanted one = wanted.remove(hash);
    if (one != null) {
      byDue.remove(one);
      while (!one.line.isEmpty()) {
        leaveLine(one, one.line.get(0).peer);
      }
    }
  }

  /** The peer has delivered what it was asked for. */
  void answered(PeerId peer) {
    silent.remove(peer);
  }

  /**
   * The peer does not have it.
   *
   * @return whether it had announced it
   */
  boolean notFound(PeerId peer, Hash256 hash) {
    Wanted one = wanted.get(hash);
    if (one == null || !isInLine(one, peer)) {
      return false;
    }
    drop(one, peer);
    return true;
  }

  /** The peer is gone. */
  void disconnected(PeerId peer) {
    if (count(announcedBy, peer) > 0) {
      // In the order in which they were announced, so that the next are asked in that order.
      List<Wanted> ofPeer = new ArrayList<>();
      for (Wanted one : byDue) {
        if (isInLine(one, peer)) {
          ofPeer.add(one);
        }
      }
      for (Wanted one : ofPeer) {
        drop(one, peer);
      }
    }
    announcedBy.remove(peer);
    askedOf.remove(peer);
    silent.remove(peer);
  }

  private void drop(Wanted one, PeerId peer) {
    byDue.remove(one);
    leaveLine(one, peer);
    if (one.line.isEmpty()) {
      wanted.remove(one.hash);
    } else {
      schedule(one);
    }
  }

  private void leaveLine(Wanted one, PeerId peer) {
    if (peer.equals(one.asked)) {
      one.asked = null;
      change(askedOf, peer, -1);
    }
    if (one.line.removeIf(candidate -> candidate.peer.equals(peer))) {
      change(announcedBy, peer, -1);
    }
  }

  private static int count(Map<PeerId, int[]> counts, PeerId peer) {
    int[] count = counts.get(peer);
    return count == null ? 0 : count[0];
  }

  private static void change(Map<PeerId, int[]> counts, PeerId peer, int by) {
    int[] count = counts.computeIfAbsent(peer, id -> new int[1]);
    count[0] += by;
  }

  /** How many transactions are wanted. */
  int size() {
    return wanted.size();
  }
}
