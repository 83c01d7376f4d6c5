package org.chaincore.net.http;

import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.ReorgPlan;
import org.chaincore.core.engine.ChainEngine;
import org.jspecify.annotations.Nullable;

/**
 * Ownership on the heap, some 400 bytes for every output that the chain ever made and 120 for every
 * transaction, built from the stored blocks after each start: a few thousand small blocks in a
 * second. It is bounded: past its limit it answers no more. Guarded by the index's lock.
 */
final class HeapOwnership implements OwnershipSource {
  private final ChainEngine engine;
  private final int maxCoins;
  private final AddressLedger ledger = new AddressLedger();
  private @Nullable HeaderNode at;
  private boolean isFull;

  HeapOwnership(ChainEngine engine, int maxCoins) {
    this.engine = engine;
    this.maxCoins = maxCoins;
  }

  @Override
  public Ownership at(HeaderNode tip) {
    return ledger;
  }

  @Override
  public boolean isStillAt(HeaderNode tip) {
    return true;
  }

  @Override
  public Optional<TransactionOutput> output(OutPoint outPoint) {
    return ledger
        .coin(outPoint)
        .map(coin -> new TransactionOutput(coin.units(), coin.account().script()));
  }

  @Override
  public HeaderNode follow() {
    ChainView view = engine.view();
    HeaderNode now = at == null ? view.at(0).orElseThrow() : at;
    ReorgPlan plan = ReorgPlan.between(now, view.tip());
    List<HeaderNode> back = plan.disconnect();
    List<HeaderNode> forth = plan.connect();
    int steps = 0;
    for (int i = 0; i < back.size() && steps < AddressIndex.BLOCKS_AT_ONCE; i++, steps++) {
      ledger.disconnect(back.get(i), body(back.get(i)));
      at = back.get(i).parent();
    }
    for (int i = 0; i < forth.size() && steps < AddressIndex.BLOCKS_AT_ONCE; i++, steps++) {
      if (isFull || ledger.coins() > maxCoins) {
        isFull = true;
        throw ApiFault.busy("the node's index of addresses is full", 3_600);
      }
      ledger.connect(forth.get(i), body(forth.get(i)));
      at = forth.get(i);
    }
    if (steps < back.size() + forth.size()) {
      throw ApiFault.busy("the node's index of addresses is being built", 1);
    }
    return view.tip();
  }

  private Block body(HeaderNode node) {
    Optional<Block> block = engine.block(node.hash());
    return block.orElseThrow(
        () -> ApiFault.busy("the node does not have block " + node.height() + " any more", 3_600));
  }
}
