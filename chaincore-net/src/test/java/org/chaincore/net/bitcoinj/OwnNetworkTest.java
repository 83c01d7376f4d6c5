package org.chaincore.net.bitcoinj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.bitcoinj.base.AddressParser;
import org.bitcoinj.base.Coin;
import org.bitcoinj.base.ScriptType;
import org.bitcoinj.core.Block;
import org.bitcoinj.core.BlockChain;
import org.bitcoinj.core.Context;
import org.bitcoinj.core.PeerGroup;
import org.bitcoinj.core.VerificationException;
import org.bitcoinj.store.MemoryBlockStore;
import org.bitcoinj.wallet.SendRequest;
import org.bitcoinj.wallet.Wallet;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.pow.EpochRetarget;
import org.chaincore.core.script.Address;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Amount;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.Payments;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** bitcoinj follows a network of the {@code chaincore} rules, by the recipe of docs/bitcoinj.md. */
@Timeout(300)
final class OwnNetworkTest {
  /** Level 3: some 4,000 hashes a block to begin with. */
  private static final int GENESIS_BITS = 0x1f0fffff;

  private static final long A_DAY_SECONDS = 86_400;
  private static final KeyPair BOB = BlockMaker.key(9);

  // A wallet looks for coins in blocks of its own time only.
  private final AtomicLong clockSeconds =
      new AtomicLong(System.currentTimeMillis() / 1_000 - A_DAY_SECONDS);
  private final BlockMaker miner = new BlockMaker(1, clockSeconds::get);
  private final ChainParams network =
      ChainParams.builder("own", 0x01c0ffee)
          .genesis("a network of one's own", clockSeconds.get(), GENESIS_BITS)
          .build();

  @BeforeEach
  void forgetOtherTests() {
    Context.propagate(new Context());
  }

  private ChainNode start() {
    return ChainNode.builder()
        .network(network)
        .listen("127.0.0.1:0")
        .clock(() -> clockSeconds.get() * 1_000)
        .serveFilters()
        .start();
  }

  /** Blocks that come so many seconds after each other. */
  private void mine(ChainNode node, int blocks, long gapSeconds) {
    for (int i = 0; i < blocks; i++) {
      clockSeconds.addAndGet(gapSeconds);
      miner.mine(node);
    }
  }

  /** A chain whose difficulty rises, falls, and comes to the easiest there is. */
  private void mineAllDifficulties(ChainNode node) {
    mine(node, 50, 4);
    mine(node, 40, 12);
    mine(node, 60, 60);
  }

  private static Set<Integer> bitsOf(ChainNode node) {
    Set<Integer> bits = new LinkedHashSet<>();
    for (int height = 0; height <= node.tip().height(); height++) {
      bits.add(node.engine().view().at(height).orElseThrow().header().bits());
    }
    return bits;
  }

  @Test
  void parameters_ofTheChaincoreNetwork_haveItsGenesis() {
    ChainParams chaincore = Networks.chaincore();
    ChainCoreParameters params = ChainCoreParameters.register(chaincore);
    assertThat(params.getGenesisBlock().getHashAsString())
        .isEqualTo(chaincore.genesis().hash().toString());
    assertThat(params.getPacketMagic()).isEqualTo(0xe3c7a9d2);
    assertThat(org.bitcoinj.core.NetworkParameters.of(params.network())).isSameAs(params);
  }

  @Test
  void wallet_onANetworkOfOnesOwn_followsItsDifficultyAndPays() throws Exception {
    ChainCoreParameters params = ChainCoreParameters.register(network);
    Wallet wallet = Wallet.createDeterministic(params.network(), ScriptType.P2WPKH);
    BlockChain chain =
        new BlockChain(params.network(), wallet, new MemoryBlockStore(params.getGenesisBlock()));
    PeerGroup group = new PeerGroup(params.network(), chain);
    group.addWallet(wallet);
    try (ChainNode node = start();
        Follower follower = new Follower(chain, group)) {
      mineAllDifficulties(node);
      assertThat(bitsOf(node)).hasSizeGreaterThan(8).contains(0x200fffff);
      assertThat(follower.follow(node).await(node.tip().hash())).isEqualTo(150);

      mine(node, 15, 3);
      assertThat(follower.await(node.tip().hash())).isEqualTo(165);

      String ours = wallet.freshReceiveAddress().toString();
      assertThat(ours).startsWith("cc1q");
      TransactionOutput output =
          Payments.output(Amount.ofCoins(1), Address.parse(ours, network.addresses()).template());
      List<Payments.Coin> coins = List.of(miner.rewardAt(node, 1));
      assertThat(node.submit(miner.payments().pay(coins, List.of(output), Amount.of(10_000))))
          .isInstanceOf(MempoolOutcome.Accepted.class);
      mine(node, 1, 10);
      wallet
          .getBalanceFuture(Coin.COIN, Wallet.BalanceType.AVAILABLE)
          .get(Follower.WAIT_SECONDS, TimeUnit.SECONDS);

      String bob = new Address(network.addresses(), BOB.payToPubkeyHash()).toString();
      org.bitcoinj.core.Transaction sent =
          wallet
              .sendCoins(
                  group,
                  SendRequest.to(
                      AddressParser.getDefault(params.network()).parseAddress(bob), Coin.CENT))
              .transaction();
      Arrivals.of(node, sent.getTxId().toString());
      mine(node, 1, 10);
      sent.getConfidence().getDepthFuture(1).get(Follower.WAIT_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Test
  void blocks_byAnotherRule_areRefusedAtTheFirstRetarget() throws Exception {
    EpochRetarget rule = (EpochRetarget) network.work().difficulty();
    EpochRetarget other =
        new EpochRetarget(
            rule.intervalBlocks(),
            rule.blockTimeSeconds() + 1,
            rule.maxChangeLevels(),
            rule.range());
    ChainCoreParameters params = ChainCoreParameters.register(network, other);
    BlockChain chain =
        new BlockChain(params.network(), new MemoryBlockStore(params.getGenesisBlock()));
    try (ChainNode node = start()) {
      mine(node, 20, 8);
      for (int height = 1; height < 20; height++) {
        assertThat(chain.add(at(node, height))).isTrue();
      }
      assertThatThrownBy(() -> chain.add(at(node, 20)))
          .isInstanceOf(VerificationException.class)
          .hasStackTraceContaining("height 20 has bits");
    }
  }

  private static Block at(ChainNode node, int height) {
    return Block.read(ByteBuffer.wrap(BlockMaker.blockAt(node, height).toWire()));
  }
}
