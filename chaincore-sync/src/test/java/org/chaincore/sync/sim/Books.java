package org.chaincore.sync.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Hash256;

/**
 * A chain counted again from its first block to its last by somebody slow who knows nothing of the
 * engine: who owns how much, and that nobody made a coin.
 */
final class Books {
  private final Map<OutPoint, Long> coins = new HashMap<>();
  private final Set<Hash256> txids = new HashSet<>();
  private long minted;
  private long burnt;

  private Books() {}

  /** Counts the chain of an engine. */
  static Books of(ChainEngine engine) {
    Books books = new Books();
    for (int height = 1; height <= engine.view().height(); height++) {
      HeaderNode node = engine.view().at(height).orElseThrow();
      books.add(engine.block(node.hash()).orElseThrow());
    }
    return books;
  }

  private void add(Block block) {
    long fees = 0;
    for (Transaction transaction : block.transactions().subList(1, block.transactions().size())) {
      long in = 0;
      for (TransactionInput input : transaction.inputs()) {
        assertThat(coins)
            .as("what %s spends", transaction.txid())
            .containsKey(input.previousOutput());
        in += Objects.requireNonNull(coins.remove(input.previousOutput()));
      }
      long out = pay(transaction);
      assertThat(out).as("what %s pays out", transaction.txid()).isLessThanOrEqualTo(in);
      fees += in - out;
    }
    long reward = pay(block.transactions().get(0));
    long allowed = ChainFixture.REWARD + fees;
    assertThat(reward).as("reward of %s", block.hash()).isLessThanOrEqualTo(allowed);
    minted += ChainFixture.REWARD;
    burnt += allowed - reward;
  }

  private long pay(Transaction transaction) {
    txids.add(transaction.txid());
    long sum = 0;
    for (int i = 0; i < transaction.outputs().size(); i++) {
      long units = transaction.outputs().get(i).units();
      sum += units;
      if (units > 0) {
        coins.put(transaction.outPoint(i), units);
      }
    }
    return sum;
  }

  boolean has(Hash256 txid) {
    return txids.contains(txid);
  }

  /** No coin is there that was not minted, and the engine sees the same coins. */
  void checkAgainst(ChainEngine engine) {
    long sum = coins.values().stream().mapToLong(Long::longValue).sum();
    assertThat(sum).as("units there are").isEqualTo(minted - burnt);
    assertThat(engine.coinCount()).as("coins of the engine").isEqualTo(coins.size());
    for (Map.Entry<OutPoint, Long> coin : coins.entrySet()) {
      assertThat(engine.coin(coin.getKey()).map(found -> found.output().units()))
          .as("coin %s", coin.getKey())
          .contains(coin.getValue());
    }
  }
}
