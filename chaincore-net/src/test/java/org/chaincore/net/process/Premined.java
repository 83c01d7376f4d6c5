package org.chaincore.net.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.config.Networks;
import org.chaincore.core.script.Address;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.Payments;

/**
 * A regtest chain whose first coins may be spent, mined in this process within a moment, and
 * payments of them.
 */
final class Premined {
  /** The miner, who pays. */
  static final KeyPair PAYER = KeyPair.ofSeed(new byte[32]);

  /** Who is paid. */
  static final KeyPair PAYEE = KeyPair.ofSeed("p".repeat(32).getBytes(US_ASCII));

  private static final long AN_HOUR_AGO = System.currentTimeMillis() - 3_600_000;
  private static final Amount FEE = Amount.of(10_000);

  private final List<Block> blocks;

  private Premined(List<Block> blocks) {
    this.blocks = blocks;
  }

  /** Mines so many coins that may be spent at the chain's height. */
  static Premined withCoins(int coins) throws Exception {
    int height = Networks.regtest().emission().coinbaseMaturityBlocks() + coins;
    try (ChainNode miner =
        ChainNode.builder()
            .network(Networks.regtest())
            .clock(() -> AN_HOUR_AGO)
            .mineTo(PAYER.payToWitnessPubkeyHash())
            .start()) {
      miner.whenHeight(height).get(60, TimeUnit.SECONDS);
      List<Block> blocks = new ArrayList<>();
      for (int i = 1; i <= height; i++) {
        blocks.add(
            miner.engine().block(miner.engine().view().at(i).orElseThrow().hash()).orElseThrow());
      }
      return new Premined(blocks);
    }
  }

  int height() {
    return blocks.size();
  }

  List<Block> blocks() {
    return blocks;
  }

  static String payerAddress() {
    return new Address(Networks.regtest().addresses(), PAYER.payToWitnessPubkeyHash()).toString();
  }

  static String payeeAddress() {
    return new Address(Networks.regtest().addresses(), PAYEE.payToWitnessPubkeyHash()).toString();
  }

  /** Hands the chain to a node. */
  void submitTo(HttpCalls node) throws IOException {
    for (Block block : blocks) {
      String status =
          node.post("/submit_block", "{\"hex\":\"" + Bytes.of(block.toWire()).toHex() + "\"}")
              .path("status")
              .asText();
      if (!status.equals("accepted")) {
        throw new IllegalStateException("a block was " + status);
      }
    }
  }

  /** Pays one coin from the reward of a block, each of which pays once. */
  Transaction payment(int ofBlock) {
    Transaction coinbase = blocks.get(ofBlock).transactions().get(0);
    Payments.Coin coin =
        new Payments.Coin(new OutPoint(coinbase.txid(), 0), coinbase.outputs().get(0));
    return Payments.by(PAYER)
        .pay(
            List.of(coin),
            List.of(Payments.output(Amount.ofCoins(1), PAYEE.payToWitnessPubkeyHash())),
            FEE);
  }
}
