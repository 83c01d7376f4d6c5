package org.chaincore.core.ledger;

import java.util.HashSet;
import java.util.Set;
import org.chaincore.core.value.Hash256;

/**
 * Remembers which transactions had good signatures, so that a block need not check again what the
 * mempool has checked.
 *
 * <p>The wtxid is key enough: it covers every byte of the transaction, each input names the txid of
 * the coin it spends, and that covers the coin's script and worth. Only success is remembered;
 * whoever sends bad transactions cannot fill the memory. It holds two generations of at most {@code
 * capacity / 2} each and drops the older when the younger is full. What is asked for moves to the
 * younger, so that what was used lately stays.
 *
 * <p>Not thread-safe; confined to the writer.
 */
final class VerifiedTransactions {
  private final int generationSize;
  private Set<Hash256> younger = new HashSet<>();
  private Set<Hash256> older = new HashSet<>();

  VerifiedTransactions(int capacity) {
    this.generationSize = capacity / 2;
  }

  /** Whether the transaction is remembered; asking keeps it for longer. */
  boolean recall(Hash256 wtxid) {
    if (younger.contains(wtxid)) {
      return true;
    }
    boolean known = older.contains(wtxid);
    if (known) {
      add(wtxid);
    }
    return known;
  }

  void add(Hash256 wtxid) {
    if (generationSize == 0) {
      return;
    }
    if (younger.size() >= generationSize) {
      older = younger;
      younger = new HashSet<>();
    }
    younger.add(wtxid);
  }
}
