package org.chaincore.sync.protocol;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.chaincore.core.mempool.FeeRate;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.SipKey;

/**
 * What the relay of transactions knows of one peer. Nothing but a few numbers while it is idle, and
 * at most 32 KiB for what it is known to have until that is forgotten.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class PeerRelay {
  /** What a peer is known to have; with more, a peer could fill our memory by announcing. */
  static final int MAX_KNOWN = 5_000;

  /** What waits to be told to one peer; beyond that the oldest is left to reconciliation. */
  static final int MAX_TO_TELL = 5_000;

  /** A set for so many is worth keeping: most peers are told of a few at a time, for hours. */
  private static final int FEW_TO_TELL = 8;

  private static final long NONE_TOLD = -1;

  /** What the peer told us of or was told by us, so that it is not told of it again. */
  final RecentFingerprints known;

  FeeRate minFee = FeeRate.perKilobyte(0);
  long mempoolAnswerMillis = Long.MIN_VALUE;
  double unaskedLeft = TransactionArrivals.MAX_UNASKED;
  long unaskedSinceMillis;

  /** The fee floor that the peer was told of; negative if it does not know such messages. */
  long toldFloor = -1;

  private Set<Hash256> toTell = new LinkedHashSet<>(0);

  /** How many have waited at once since the set was new. */
  private int mostToTell;

  /** Of the transactions that the peer was told of, the place of the last that came to us. */
  private long toldUpTo = NONE_TOLD;

  PeerRelay(SipKey key, long nowMillis) {
    this.known = new RecentFingerprints(key, MAX_KNOWN);
    this.unaskedSinceMillis = nowMillis;
  }

  /** The peer is to be told of a transaction, unless too many newer ones come before. */
  void tellLater(Hash256 txid) {
    toTell.add(txid);
    mostToTell = Math.max(mostToTell, toTell.size());
    if (toTell.size() > MAX_TO_TELL) {
      takeToTell();
    }
  }

  boolean hasToTell() {
    return !toTell.isEmpty();
  }

  /** Takes the transaction that has waited longest to be told; there must be one. */
  Hash256 takeToTell() {
    Iterator<Hash256> oldest = toTell.iterator();
    Hash256 txid = oldest.next();
    needNotTell(txid);
    return txid;
  }

  /** The peer has been told of a transaction, or sent it. */
  void told(MempoolEntry entry) {
    known.add(entry.transaction().wtxid());
    toldUpTo = Math.max(toldUpTo, entry.sequence());
    needNotTell(entry.transaction().txid());
  }

  private void needNotTell(Hash256 txid) {
    if (toTell.remove(txid) && toTell.isEmpty() && mostToTell > FEW_TO_TELL) {
      // A set keeps the room that it once needed.
      toTell = new LinkedHashSet<>(0);
      mostToTell = 0;
    }
  }

  /**
   * Whether the peer may have a transaction if it asks for it: one that it was told of, or that
   * came to us before one that it was told of and does not wait to be told. Otherwise a peer could
   * ask again and again for a transaction that it knows of, learn at what moment we got it, and
   * follow it back to where it began: announcements wait a random while so that nobody can. What
   * came before and was not announced, as it paid too little for the peer or did not pass its
   * filter, may be the parent of what was.
   */
  boolean mayHave(MempoolEntry entry) {
    return entry.sequence() <= toldUpTo && !toTell.contains(entry.transaction().txid());
  }
}
