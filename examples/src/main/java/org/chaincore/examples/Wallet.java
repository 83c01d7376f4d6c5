package org.chaincore.examples;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.script.Signer;
import org.chaincore.core.script.SpendableTemplate;
import org.chaincore.core.script.TransactionSigner;
import org.chaincore.core.value.Amount;

/**
 * One key, and payments from the coins that it can spend. It looks through the whole chain for
 * them, which is fine for a chain of this length and for no longer one. Immutable.
 *
 * @param owner whose it is
 * @param key the only key
 * @param payout the kind of output that the owner wants to be paid with
 */
record Wallet(String owner, KeyPair key, SpendableTemplate payout) {
  private static final int VERSION = 2;

  /** A coin and its name. */
  private record Owned(OutPoint outPoint, Coin coin) {}

  /**
   * A signed transaction that pays an output, with what is left over as change.
   *
   * @param output what to pay
   * @param fee what the miner gets
   * @throws IllegalStateException if the wallet has not enough
   */
  Transaction pay(ChainEngine engine, TransactionOutput output, Amount fee) {
    long needed = output.units() + fee.units();
    List<Owned> chosen = new ArrayList<>();
    long sum = 0;
    for (Owned coin : spendable(engine)) {
      if (sum < needed) {
        chosen.add(coin);
        sum += coin.coin.output().units();
      }
    }
    if (sum < needed) {
      throw new IllegalStateException(owner + " has " + Amount.of(sum) + ", not enough");
    }
    List<TransactionOutput> outputs = new ArrayList<>(List.of(output));
    if (sum > needed) {
      outputs.add(TransactionOutput.of(Amount.of(sum - needed), payout.script()));
    }
    Transaction unsigned =
        Transaction.of(
            VERSION,
            chosen.stream().map(coin -> TransactionInput.spending(coin.outPoint)).toList(),
            outputs,
            0);
    return TransactionSigner.of(Signer.best())
        .signAll(
            unsigned,
            chosen.stream().map(coin -> coin.coin.output()).toList(),
            chosen.stream().map(coin -> key).toList());
  }

  /** The coins that the next block may spend and no waiting transaction does, oldest first. */
  private List<Owned> spendable(ChainEngine engine) {
    Set<OutPoint> promised = new HashSet<>();
    for (MempoolEntry entry : engine.mempool()) {
      entry.transaction().inputs().forEach(input -> promised.add(input.previousOutput()));
    }
    int nextHeight = engine.view().height() + 1;
    int maturity = engine.params().emission().coinbaseMaturityBlocks();
    List<Owned> coins = new ArrayList<>();
    for (OutPoint outPoint : received(engine)) {
      engine
          .coin(outPoint)
          .filter(coin -> !coin.isCoinbase() || nextHeight - coin.height() >= maturity)
          .filter(coin -> !promised.contains(outPoint))
          .ifPresent(coin -> coins.add(new Owned(outPoint, coin)));
    }
    return coins;
  }

  private List<OutPoint> received(ChainEngine engine) {
    List<OutPoint> outPoints = new ArrayList<>();
    for (int height = 0; height <= engine.view().height(); height++) {
      HeaderNode node = engine.view().at(height).orElseThrow();
      Block block = engine.block(node.hash()).orElseThrow();
      for (Transaction transaction : block.transactions()) {
        for (int index = 0; index < transaction.outputs().size(); index++) {
          if (transaction.outputs().get(index).script().equals(payout.script())) {
            outPoints.add(transaction.outPoint(index));
          }
        }
      }
    }
    return outPoints;
  }
}
