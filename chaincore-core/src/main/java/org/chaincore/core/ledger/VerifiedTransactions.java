package org.chaincore.core.ledger;

import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.SipKey;

/**
 * Remembers which transactions had good signatures, so that a block need not check again what the
 * mempool has checked.
 *
 * <p>The wtxid is key enough: it covers every byte of the transaction, each input names the txid of
 * the coin it spends, and that covers the coin's script and worth. It is compared in full, so what
 * is remembered of a transaction serves that one alone, wherever it turns up, and says nothing but
 * that it is signed: whether its coins are there is judged each time. Only success is remembered;
 * whoever sends bad transactions cannot fill the memory.
 *
 * <p>It holds two generations of at most {@code capacity / 2} each and drops the older when the
 * younger is full. What is asked for moves to the younger, so that what was used lately stays. What
 * goes depends on nothing but the order in which it came, no matter what it is. Where it lies
 * depends on a secret: nobody can make transactions that collide and lengthen each look. An entry
 * takes 128 bytes at most: the 32 of its wtxid, in tables that are at least a quarter full.
 *
 * <p>Not thread-safe; confined to the writer.
 */
final class VerifiedTransactions {
  private final int generationSize;
  private SaltedHashes younger;
  private SaltedHashes older;

  VerifiedTransactions(int capacity, SipKey salt) {
    this.generationSize = capacity / 2;
    this.younger = new SaltedHashes(salt);
    this.older = new SaltedHashes(salt);
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
      SaltedHashes emptied = older;
      older = younger;
      younger = emptied;
      younger.clear();
    }
    younger.add(wtxid);
  }
}
