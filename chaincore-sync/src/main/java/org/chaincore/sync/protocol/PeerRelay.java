package org.chaincore.sync.protocol;

import java.util.LinkedHashSet;
import java.util.Set;
import org.chaincore.core.mempool.FeeRate;
import org.chaincore.core.value.Hash256;

/**
 * What the relay of transactions knows of one peer. Nothing but a few numbers while it is idle.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class PeerRelay {
  final RecentHashes known = new RecentHashes(TransactionRelay.MAX_KNOWN);
  final Set<Hash256> toTell = new LinkedHashSet<>(0);
  FeeRate minFee = FeeRate.perKilobyte(0);
  long mempoolAnswerMillis = Long.MIN_VALUE;
  double unaskedLeft = TransactionRelay.MAX_UNASKED;
  long unaskedSinceMillis;

  /** The fee floor that the peer was told of; negative if it does not know such messages. */
  long toldFloor = -1;
}
