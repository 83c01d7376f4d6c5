package org.chaincore.net.bitcoinj;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.config.Networks;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.mining.BlockTemplate;
import org.chaincore.core.mining.TemplateResult;
import org.chaincore.core.pow.NonceRange;
import org.chaincore.core.pow.NonceSearch;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.script.SpendableTemplate;
import org.chaincore.core.value.Bytes;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.NodeBuilder;
import org.chaincore.net.node.Payments;

/** Makes blocks when the test says so, paid to a key of its own. Not thread-safe. */
final class BlockMaker {
  private static final int EXTRA_NONCE_BYTES = 8;
  private static final int SEED_BYTES = 32;

  private final KeyPair key;
  private final LongSupplier clockSeconds;
  private long extraNonce;

  /** By a clock that the nodes have too. */
  BlockMaker(int seed, LongSupplier clockSeconds) {
    this.key = key(seed);
    this.clockSeconds = clockSeconds;
    this.extraNonce = (long) seed << Integer.SIZE;
  }

  /** Somebody's key. */
  static KeyPair key(int number) {
    return KeyPair.ofSeed(ByteBuffer.allocate(SEED_BYTES).putInt(number).array());
  }

  /** By the system's clock. */
  static BlockMaker of(int seed) {
    return new BlockMaker(seed, () -> System.currentTimeMillis() / 1_000);
  }

  /** A regtest node that listens. */
  static NodeBuilder regtest() {
    return ChainNode.builder().network(Networks.regtest()).listen("127.0.0.1:0");
  }

  /** The next block, with all that waits in the mempool, delivered. */
  Block mine(ChainNode node) {
    return mine(node, key.payToPubkeyHash());
  }

  /** The next block, paid so. */
  Block mine(ChainNode node, SpendableTemplate payout) {
    Bytes nonce = ByteWriter.ofExpectedSize(EXTRA_NONCE_BYTES).int64(extraNonce++).toBytes();
    TemplateResult result = node.engine().template(payout, nonce, clockSeconds.getAsLong());
    BlockTemplate template = ((TemplateResult.Ready) result).template();
    NonceSearch.Result found =
        NonceSearch.search(template.header(), NonceRange.from(0), () -> false);
    Block block = template.block(((NonceSearch.Found) found).header().nonce());
    assertThat(node.submit(block)).isInstanceOf(BlockOutcome.Accepted.class);
    return block;
  }

  /** So many blocks; the last one. */
  Block mine(ChainNode node, int blocks) {
    Block last = node.params().genesis();
    for (int i = 0; i < blocks; i++) {
      last = mine(node);
    }
    return last;
  }

  /** The reward of one of our blocks, to be spent when it is mature. */
  Payments.Coin rewardAt(ChainNode node, int height) {
    Transaction coinbase = coinbaseAt(node, height);
    return new Payments.Coin(coinbase.outPoint(0), coinbase.outputs().get(0));
  }

  private static Transaction coinbaseAt(ChainNode node, int height) {
    return blockAt(node, height).transactions().get(0);
  }

  /** The block of the chain at a height. */
  static Block blockAt(ChainNode node, int height) {
    return node.engine().block(node.engine().view().at(height).orElseThrow().hash()).orElseThrow();
  }

  /** Payments from what was mined. */
  Payments payments() {
    return Payments.by(key);
  }
}
