package org.chaincore.sync.protocol;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.chaincore.core.mempool.FeeRate;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.SipKey;
import org.jspecify.annotations.Nullable;

/**
 * What the relay of transactions knows of one peer. Nothing but a few numbers while it is idle, and
 * at most 32 KiB for what it is known to have until that is forgotten.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class PeerRelay {
  /** What the peer told us of or was told by us, so that it is not told of it again. */
  final RecentFingerprints known;

  private Set<Hash256> toTell = new LinkedHashSet<>(0);
  FeeRate minFee = FeeRate.perKilobyte(0);
  long mempoolAnswerMillis = Long.MIN_VALUE;
  double unaskedLeft = TransactionRelay.MAX_UNASKED;
  long unaskedSinceMillis;

  /** The fee floor that the peer was told of; negative if it does not know such messages. */
  long toldFloor = -1;

  PeerRelay(SipKey key) {
    this.known = new RecentFingerprints(key, TransactionRelay.MAX_KNOWN);
  }

  /** The peer is to be told of a transaction, unless too many newer ones come before. */
  void tellLater(Hash256 txid) {
    toTell.add(txid);
    if (toTell.size() > TransactionRelay.MAX_TO_TELL) {
      takeToTell();
    }
  }

  /** Takes the transaction that has waited longest to be told; null if none waits. */
  @Nullable Hash256 takeToTell() {
    Iterator<Hash256> oldest = toTell.iterator();
    if (!oldest.hasNext()) {
      return null;
    }
    Hash256 txid = oldest.next();
    needNotTell(txid);
    return txid;
  }

  /** The peer has been told of a transaction by other means, or will be. */
  void needNotTell(Hash256 txid) {
    if (toTell.remove(txid) && toTell.isEmpty()) {
      // A set keeps the room that it once needed.
      toTell = new LinkedHashSet<>(0);
    }
  }

  boolean hasToTell() {
    return !toTell.isEmpty();
  }
}
