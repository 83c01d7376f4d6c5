package org.chaincore.net.bitcoinj;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bitcoinj.base.Sha256Hash;
import org.bitcoinj.core.AbstractBlockChain;
import org.bitcoinj.core.BlockChain;
import org.bitcoinj.core.Context;
import org.bitcoinj.core.FullPrunedBlockChain;
import org.bitcoinj.core.NetworkParameters;
import org.bitcoinj.core.PeerGroup;
import org.bitcoinj.params.RegTestParams;
import org.bitcoinj.store.MemoryBlockStore;
import org.bitcoinj.store.MemoryFullPrunedBlockStore;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Hash256;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.Payments;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** bitcoinj downloads a node's chain, follows it, and judges it by rules of its own. */
@Timeout(300)
final class BlockSyncTest {
  private static final NetworkParameters REGTEST = RegTestParams.get();
  private static final KeyPair BOB = BlockMaker.key(9);
  private static final Amount PAID = Amount.of(1_000_000);
  private static final Amount FEE = Amount.of(10_000);
  private static final int HALVING_BLOCKS = 150;
  private static final int MATURITY_BLOCKS = 100;

  /** So many blocks bitcoinj can take back. */
  private static final int KEPT = 10_000;

  private final BlockMaker miner = BlockMaker.of(1);

  @BeforeEach
  void forgetOtherTests() {
    Context.propagate(new Context());
  }

  /** Keeps headers, whatever it downloads. */
  private static Follower headersKept() throws Exception {
    return of(new BlockChain(REGTEST.network(), new MemoryBlockStore(REGTEST.getGenesisBlock())));
  }

  /** Keeps all coins, and runs every script. */
  private static Follower verifying() throws Exception {
    NetworkParameters params = new VerifyingRegtest();
    return of(new FullPrunedBlockChain(params, new MemoryFullPrunedBlockStore(params, KEPT)));
  }

  private static Follower of(AbstractBlockChain chain) {
    return new Follower(chain, new PeerGroup(REGTEST.network(), chain));
  }

  private static int await(Follower follower, ChainNode node) throws Exception {
    return follower.await(node.tip().hash());
  }

  /** Pays a mature reward to somebody, from P2PKH to P2PKH. */
  private Transaction pay(ChainNode node, int rewardHeight) {
    TransactionOutput toBob = Payments.output(PAID, BOB.payToPubkeyHash());
    Transaction payment =
        miner.payments().pay(List.of(miner.rewardAt(node, rewardHeight)), List.of(toBob), FEE);
    assertThat(node.submit(payment)).isInstanceOf(MempoolOutcome.Accepted.class);
    return payment;
  }

  @Test
  void headers_ofMoreThanAThousandBlocks_areDownloaded() throws Exception {
    try (ChainNode node = BlockMaker.regtest().start();
        Follower follower = headersKept()) {
      miner.mine(node, 2_050);
      follower.group().setFastCatchupTime(Instant.ofEpochSecond(Integer.MAX_VALUE));
      follower.follow(node);
      assertThat(await(follower, node)).isEqualTo(2_050);
      miner.mine(node);
      assertThat(await(follower, node)).isEqualTo(2_051);
    }
  }

  @Test
  void blocks_ofMoreThanAThousand_areVerified() throws Exception {
    try (ChainNode node = BlockMaker.regtest().start();
        Follower follower = verifying()) {
      miner.mine(node, MATURITY_BLOCKS + 1);
      for (int height = MATURITY_BLOCKS + 2; height <= 1_120; height++) {
        if (height % 10 == 0) {
          pay(node, height / 10 - 10);
        }
        miner.mine(node);
      }
      follower.follow(node);
      assertThat(await(follower, node)).isEqualTo(1_120);
      assertThat(follower.chain().getChainHead().getHeader().getHashAsString())
          .isEqualTo(node.tip().hash().toString());
    }
  }

  @Test
  void blocks_thatAreMinedAfterTheDownload_areFollowedPastHalvings() throws Exception {
    try (ChainNode node = BlockMaker.regtest().start();
        Follower follower = verifying()) {
      miner.mine(node, MATURITY_BLOCKS + 1);
      follower.follow(node);
      await(follower, node);
      while (node.tip().height() < 7 * HALVING_BLOCKS + 1) {
        pay(node, node.tip().height() - MATURITY_BLOCKS);
        miner.mine(node);
        await(follower, node);
      }
      assertThat(follower.chain().getBestChainHeight()).isEqualTo(1_051);
      Amount reward = Amount.ofCoins(50);
      long subsidy = reward.units() >> 7;
      Block last = BlockMaker.blockAt(node, 1_051);
      assertThat(last.transactions().get(0).outputs().get(0).units())
          .isEqualTo(subsidy + FEE.units());
    }
  }

  @Test
  void blocks_thatComeFasterThanTheyAreAskedFor_areFollowed() throws Exception {
    try (ChainNode node = BlockMaker.regtest().start();
        Follower follower = headersKept()) {
      miner.mine(node, 10);
      follower.follow(node);
      for (int burst = 1; burst <= 30; burst++) {
        miner.mine(node, burst);
        if (burst % 10 == 0) {
          await(follower, node);
        }
      }
      assertThat(follower.chain().getBestChainHeight()).isEqualTo(10 + 30 * 31 / 2);
    }
  }

  @Test
  void blocks_ofAHeavierBranch_takeThePlaceOfOthers() throws Exception {
    BlockMaker rival = BlockMaker.of(2);
    try (ChainNode node = BlockMaker.regtest().start();
        ChainNode other = BlockMaker.regtest().start();
        Follower follower = verifying()) {
      miner.mine(node, MATURITY_BLOCKS + 10);
      for (int height = 1; height <= MATURITY_BLOCKS + 10; height++) {
        other.submit(BlockMaker.blockAt(node, height));
      }
      Transaction payment = pay(node, 1);
      Hash256 left = miner.mine(node, 3).hash();
      Hash256 right = rival.mine(other, 5).hash();
      follower.follow(node);
      assertThat(follower.await(left)).isEqualTo(MATURITY_BLOCKS + 13);
      node.connect(other.p2pAddress().orElseThrow());
      assertThat(follower.await(right)).isEqualTo(MATURITY_BLOCKS + 15);
      assertThat(node.tip().hash()).isEqualTo(right);
      // What was paid on the lighter branch waits again, and is mined on the heavier one.
      Block next = miner.mine(node);
      assertThat(next.txids()).contains(payment.txid());
      assertThat(await(follower, node)).isEqualTo(MATURITY_BLOCKS + 16);
    }
  }

  @Test
  void tip_thatTheNodeTakesBack_isLeft() throws Exception {
    try (ChainNode node = BlockMaker.regtest().start();
        Follower follower = headersKept()) {
      miner.mine(node, 20);
      follower.follow(node);
      await(follower, node);
      Hash256 bad = BlockMaker.blockAt(node, 18).hash();
      assertThat(node.engine().invalidate(bad, System.currentTimeMillis() / 1_000)).isTrue();
      assertThat(node.tip().height()).isEqualTo(17);
      miner.mine(node, 4);
      assertThat(await(follower, node)).isEqualTo(21);
    }
  }

  @Test
  void block_thatIsAskedForByItsHash_isTheNodes() throws Exception {
    try (ChainNode node = BlockMaker.regtest().start();
        Follower follower = headersKept()) {
      miner.mine(node, MATURITY_BLOCKS + 1);
      Transaction payment = pay(node, 1);
      Hash256 hash = miner.mine(node).hash();
      follower.follow(node);
      await(follower, node);
      org.bitcoinj.core.Block block =
          follower
              .group()
              .getDownloadPeer()
              .getBlock(Sha256Hash.wrap(hash.toString()))
              .get(Follower.WAIT_SECONDS, TimeUnit.SECONDS);
      assertThat(block.getTransactions().get(1).getTxId().toString())
          .isEqualTo(payment.txid().toString());
    }
  }
}
