package org.chaincore.net.http;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * What the transactions of the mempool pay to whom. It follows the engine's events, and begins anew
 * when it has missed some. As large as the mempool. Guarded by the index's lock.
 */
final class PendingPayments {
  private static final int EVENTS_AT_ONCE = 256;

  private final ChainEngine engine;
  private final Function<OutPoint, Optional<TransactionOutput>> chain;
  private final Map<Hash256, Transaction> transactions = new LinkedHashMap<>();
  private final Map<Hash256, Map<Bytes, Long>> effects = new LinkedHashMap<>();
  private final Map<Bytes, Set<Hash256>> byScript = new LinkedHashMap<>();
  private final Map<OutPoint, Hash256> spenders = new LinkedHashMap<>();
  private long cursor = -1;

  /**
   * Knows nothing yet.
   *
   * @param chain the outputs of the chain that are not spent there
   */
  PendingPayments(ChainEngine engine, Function<OutPoint, Optional<TransactionOutput>> chain) {
    this.engine = engine;
    this.chain = chain;
  }

  void follow() {
    if (cursor < 0) {
      beginAnew();
    }
    while (cursor < engine.events().cursor()) {
      EventReader.Page page = engine.events().read(cursor, EVENTS_AT_ONCE);
      if (page instanceof EventReader.Page.Events read) {
        read.events().forEach(this::note);
        cursor = read.cursor();
      } else {
        beginAnew();
      }
    }
  }

  /** What happens meanwhile is in the mempool or among the events that are read on from here. */
  private void beginAnew() {
    cursor = engine.events().cursor();
    transactions.clear();
    effects.clear();
    byScript.clear();
    spenders.clear();
    for (MempoolEntry entry : engine.mempool()) {
      add(entry.transaction());
    }
  }

  private void note(ChainEvent event) {
    if (event instanceof ChainEvent.TransactionAccepted accepted) {
      add(accepted.transaction());
    } else if (event instanceof ChainEvent.TransactionRemoved removed) {
      remove(removed.txid());
    }
  }

  private void add(Transaction transaction) {
    Hash256 txid = transaction.txid();
    if (transactions.putIfAbsent(txid, transaction) != null) {
      return;
    }
    Map<Bytes, Long> effect = new LinkedHashMap<>();
    for (TransactionInput input : transaction.inputs()) {
      spenders.put(input.previousOutput(), txid);
      spend(input.previousOutput(), effect);
    }
    for (TransactionOutput output : transaction.outputs()) {
      effect.merge(output.script(), output.units(), Long::sum);
    }
    effects.put(txid, effect);
    for (Bytes script : effect.keySet()) {
      byScript.computeIfAbsent(script, of -> new LinkedHashSet<>()).add(txid);
    }
  }

  private void spend(OutPoint outPoint, Map<Bytes, Long> effect) {
    Transaction parent = transactions.get(outPoint.txid());
    Optional<TransactionOutput> spent =
        parent != null ? parent.output(outPoint.index()) : chain.apply(outPoint);
    spent.ifPresent(output -> effect.merge(output.script(), -output.units(), Long::sum));
  }

  private void remove(Hash256 txid) {
    @Nullable Transaction gone = transactions.remove(txid);
    @Nullable Map<Bytes, Long> effect = effects.remove(txid);
    if (gone == null || effect == null) {
      return;
    }
    for (TransactionInput input : gone.inputs()) {
      spenders.remove(input.previousOutput(), txid);
    }
    for (Bytes script : effect.keySet()) {
      byScript.computeIfPresent(
          script,
          (of, txids) -> {
            txids.remove(txid);
            return txids.isEmpty() ? null : txids;
          });
    }
  }

  /** What waiting transactions would change at a script, in the order in which they came. */
  Map<Hash256, Long> of(Bytes script) {
    Map<Hash256, Long> changes = new LinkedHashMap<>();
    for (Hash256 txid : byScript.getOrDefault(script, Set.of())) {
      changes.put(txid, effects.getOrDefault(txid, Map.of()).getOrDefault(script, 0L));
    }
    return changes;
  }

  /** Whether a waiting transaction spends a coin. */
  boolean isSpent(OutPoint outPoint) {
    return spenders.containsKey(outPoint);
  }
}
