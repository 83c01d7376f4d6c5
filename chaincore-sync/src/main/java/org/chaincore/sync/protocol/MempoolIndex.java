package org.chaincore.sync.protocol;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * The names of the transactions of the mempool, by both hashes, so that an announcement of
 * thousands costs as many look-ups and no lock. It follows the engine's events, and may be behind
 * for as long as one input is handled.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class MempoolIndex {
  private final Map<Hash256, Hash256> txidOfWtxid = new HashMap<>();
  private final Map<Hash256, Hash256> wtxidOfTxid = new HashMap<>();

  void add(Transaction transaction) {
    txidOfWtxid.put(transaction.wtxid(), transaction.txid());
    wtxidOfTxid.put(transaction.txid(), transaction.wtxid());
  }

  /** Forgets a transaction; its wtxid, null if it was not known. */
  @Nullable Hash256 remove(Hash256 txid) {
    Hash256 wtxid = wtxidOfTxid.remove(txid);
    if (wtxid != null) {
      txidOfWtxid.remove(wtxid);
    }
    return wtxid;
  }

  /** The txid of a transaction of the mempool, whichever of its hashes this is. */
  @Nullable Hash256 txid(Hash256 either) {
    Hash256 txid = txidOfWtxid.get(either);
    return txid != null ? txid : wtxidOfTxid.containsKey(either) ? either : null;
  }

  /** The txids of all, as they are now. */
  Set<Hash256> txids() {
    return new HashSet<>(wtxidOfTxid.keySet());
  }

  boolean contains(Hash256 either) {
    return txid(either) != null;
  }

  int size() {
    return wtxidOfTxid.size();
  }
}
