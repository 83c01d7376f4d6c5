package org.chaincore.net.journal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.orphan.OrphanBlock;
import org.chaincore.core.orphan.OrphanTransaction;
import org.chaincore.core.value.Hash256;

/** Explains what waits for something that has not come. Thread-safe. */
final class Orphans {
  private final ChainEngine engine;
  private final LongFunction<String> senders;

  /**
   * What waits in an engine.
   *
   * @param senders names a source
   */
  Orphans(ChainEngine engine, LongFunction<String> senders) {
    this.engine = engine;
    this.senders = senders;
  }

  /** A block that waits; what is missing is the parent of the lowest that waits below it. */
  Optional<Explanation> block(Hash256 hash) {
    Map<Hash256, OrphanBlock> orphans = new LinkedHashMap<>();
    for (OrphanBlock orphan : engine.orphans()) {
      orphans.put(orphan.hash(), orphan);
    }
    OrphanBlock found = orphans.get(hash);
    if (found == null) {
      return Optional.empty();
    }
    OrphanBlock lowest = found;
    for (OrphanBlock parent = orphans.get(lowest.missingParent());
        parent != null;
        parent = orphans.get(lowest.missingParent())) {
      lowest = parent;
    }
    return Optional.of(
        new Explanation.OfOrphan(
            hash, lowest.missingParent(), senders.apply(found.source()), found.arrivalSeconds()));
  }

  /** A transaction that waits, by txid or wtxid; of several with the same txid the oldest. */
  Optional<Explanation> transaction(Hash256 hash) {
    return engine.orphanTransactions().stream()
        .filter(orphan -> isNamed(orphan.transaction(), hash))
        .findFirst()
        .map(this::explained);
  }

  private static boolean isNamed(Transaction transaction, Hash256 hash) {
    return transaction.txid().equals(hash) || transaction.wtxid().equals(hash);
  }

  private Explanation explained(OrphanTransaction orphan) {
    return new Explanation.OfOrphanTransaction(
        orphan.transaction().txid(),
        missing(orphan.transaction()),
        senders.apply(orphan.source()),
        orphan.arrivalSeconds());
  }

  private List<OutPoint> missing(Transaction transaction) {
    return transaction.inputs().stream()
        .map(TransactionInput::previousOutput)
        .filter(coin -> engine.mempoolEntry(coin.txid()).isEmpty() && engine.coin(coin).isEmpty())
        .toList();
  }
}
