package org.chaincore.net.bitcoinj;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.bitcoinj.base.Address;
import org.bitcoinj.base.AddressParser;
import org.bitcoinj.base.BitcoinNetwork;
import org.bitcoinj.base.Coin;
import org.bitcoinj.base.ScriptType;
import org.bitcoinj.core.BlockChain;
import org.bitcoinj.core.Context;
import org.bitcoinj.core.FilteredBlock;
import org.bitcoinj.core.PeerGroup;
import org.bitcoinj.core.Services;
import org.bitcoinj.core.TransactionBroadcast;
import org.bitcoinj.params.RegTestParams;
import org.bitcoinj.store.BlockStoreException;
import org.bitcoinj.store.MemoryBlockStore;
import org.bitcoinj.utils.Threading;
import org.bitcoinj.wallet.SendRequest;
import org.bitcoinj.wallet.Wallet;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.config.Networks;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.script.SpendableTemplate;
import org.chaincore.core.value.Amount;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.Payments;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A bitcoinj wallet gets coins from a node's chain, and spends them on it. */
@Timeout(300)
final class WalletTest {
  private static final BitcoinNetwork REGTEST = BitcoinNetwork.REGTEST;
  private static final KeyPair BOB = BlockMaker.key(9);
  private static final Coin COIN = Coin.COIN;
  private static final Coin SPENT = Coin.CENT;
  private static final Amount FEE = Amount.of(10_000);
  private static final int MATURITY_BLOCKS = 100;

  private final BlockMaker miner = BlockMaker.of(1);
  private int nextReward = 1;

  @BeforeEach
  void forgetOtherTests() {
    Context.propagate(new Context());
  }

  /** A wallet, and who tells it of blocks. */
  private record Account(Wallet wallet, Follower follower) implements AutoCloseable {
    static Account of(ScriptType type, boolean withFilters) throws BlockStoreException {
      Wallet wallet = Wallet.createDeterministic(REGTEST, type);
      MemoryBlockStore store = new MemoryBlockStore(RegTestParams.get().getGenesisBlock());
      BlockChain chain = new BlockChain(REGTEST, wallet, store);
      PeerGroup group = new PeerGroup(REGTEST, chain);
      group.setBloomFilteringEnabled(withFilters);
      group.addWallet(wallet);
      return new Account(wallet, new Follower(chain, group));
    }

    void awaitCoins(Coin worth, Wallet.BalanceType type) throws Exception {
      wallet.getBalanceFuture(worth, type).get(Follower.WAIT_SECONDS, TimeUnit.SECONDS);
      assertThat(wallet.getBalance(type)).isEqualTo(worth);
    }

    @Override
    public void close() {
      follower.close();
    }
  }

  private static SpendableTemplate templateOf(Address address) throws Exception {
    return org.chaincore.core.script.Address.parse(
            address.toString(), Networks.regtest().addresses())
        .template();
  }

  /** Pays one coin of the next mature reward. */
  private void pay(ChainNode node, SpendableTemplate to) {
    TransactionOutput output = Payments.output(Amount.ofCoins(1), to);
    List<Payments.Coin> coins = List.of(miner.rewardAt(node, nextReward++));
    assertThat(node.submit(miner.payments().pay(coins, List.of(output), FEE)))
        .isInstanceOf(MempoolOutcome.Accepted.class);
  }

  @Test
  void wallet_withFilters_getsItsCoinsOutOfFilteredBlocks() throws Exception {
    getsItsCoins(true);
  }

  @Test
  void wallet_withoutFilters_getsItsCoinsOutOfWholeBlocks() throws Exception {
    getsItsCoins(false);
  }

  private void getsItsCoins(boolean withFilters) throws Exception {
    try (ChainNode node =
            withFilters
                ? BlockMaker.regtest().serveFilters().start()
                : BlockMaker.regtest().start();
        Account account = Account.of(ScriptType.P2WPKH, withFilters)) {
      AtomicInteger whole = new AtomicInteger();
      AtomicInteger filtered = new AtomicInteger();
      account
          .follower
          .group()
          .addPreMessageReceivedEventListener(
              Threading.SAME_THREAD,
              (peer, message) -> {
                if (message instanceof FilteredBlock) {
                  filtered.incrementAndGet();
                } else if (message instanceof org.bitcoinj.core.Block) {
                  whole.incrementAndGet();
                }
                return message;
              });
      miner.mine(node, MATURITY_BLOCKS + 10);
      pay(node, templateOf(account.wallet.freshReceiveAddress(ScriptType.P2WPKH)));
      pay(node, BOB.payToPubkeyHash());
      miner.mine(node);
      pay(node, templateOf(account.wallet.freshReceiveAddress(ScriptType.P2PKH)));
      pay(node, BOB.payToWitnessPubkeyHash());
      miner.mine(node, 600);

      account.follower.follow(node).await(node.tip().hash());
      Services offered =
          account.follower.group().getDownloadPeer().getPeerVersionMessage().services();
      assertThat(offered.has(Services.NODE_BLOOM)).isEqualTo(withFilters);
      account.awaitCoins(COIN.multiply(2), Wallet.BalanceType.AVAILABLE);
      assertThat(account.wallet.getTransactions(true)).hasSize(2);

      pay(node, templateOf(account.wallet.freshReceiveAddress()));
      pay(node, BOB.payToPubkeyHash());
      account.awaitCoins(COIN.multiply(3), Wallet.BalanceType.ESTIMATED);
      assertThat(account.wallet.getPendingTransactions()).hasSize(1);

      account.follower.await(miner.mine(node).hash());
      account.awaitCoins(COIN.multiply(3), Wallet.BalanceType.AVAILABLE);
      assertThat((withFilters ? whole : filtered).get()).isZero();
      assertThat((withFilters ? filtered : whole).get()).isGreaterThan(700);
    }
  }

  @Test
  void wallet_ofAMiner_getsItsRewards() throws Exception {
    try (ChainNode node = BlockMaker.regtest().serveFilters().start();
        Account account = Account.of(ScriptType.P2WPKH, true)) {
      SpendableTemplate payout = templateOf(account.wallet.freshReceiveAddress());
      miner.mine(node, payout);
      miner.mine(node, payout);
      miner.mine(node, MATURITY_BLOCKS);
      account.follower.follow(node).await(node.tip().hash());
      account.awaitCoins(Coin.FIFTY_COINS.multiply(2), Wallet.BalanceType.AVAILABLE);
    }
  }

  @Test
  void wallet_whoseCoinsLoseTheirBlock_getsThemAgain() throws Exception {
    try (ChainNode node = BlockMaker.regtest().serveFilters().start();
        Account account = Account.of(ScriptType.P2WPKH, true)) {
      miner.mine(node, MATURITY_BLOCKS + 1);
      pay(node, templateOf(account.wallet.freshReceiveAddress()));
      Block first = miner.mine(node);
      account.follower.follow(node).await(first.hash());
      account.awaitCoins(COIN, Wallet.BalanceType.AVAILABLE);

      node.engine().invalidate(first.hash(), System.currentTimeMillis() / 1_000);
      Block second = miner.mine(node);
      assertThat(second.txids()).contains(first.txids().get(1));
      account.follower.await(miner.mine(node).hash());
      account.awaitCoins(COIN, Wallet.BalanceType.AVAILABLE);
      assertThat(account.wallet.getTransactions(true))
          .singleElement()
          .satisfies(
              payment -> assertThat(payment.getConfidence().getDepthInBlocks()).isEqualTo(2));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"P2PKH", "P2WPKH"})
  void payment_byBitcoinj_isAcceptedRelayedAndMined(ScriptType type) throws Exception {
    SpendableTemplate toBob =
        type == ScriptType.P2PKH ? BOB.payToPubkeyHash() : BOB.payToWitnessPubkeyHash();
    try (ChainNode near = BlockMaker.regtest().serveFilters().start();
        ChainNode far = BlockMaker.regtest().connectTo(near.p2pAddress().orElseThrow()).start();
        Account account = Account.of(type, true)) {
      miner.mine(near, MATURITY_BLOCKS + 1);
      pay(near, templateOf(account.wallet.freshReceiveAddress()));
      miner.mine(near);
      far.whenHeight(MATURITY_BLOCKS + 2).get(Follower.WAIT_SECONDS, TimeUnit.SECONDS);
      account.follower.follow(near).await(near.tip().hash());
      account.awaitCoins(COIN, Wallet.BalanceType.AVAILABLE);

      org.bitcoinj.core.Transaction sent =
          account
              .wallet
              .sendCoins(account.follower.group(), SendRequest.to(addressOf(toBob), SPENT))
              .transaction();
      Transaction there = Arrivals.of(far, sent.getTxId().toString());
      assertThat(there.wtxid()).hasToString(sent.getWTxId().toString());
      assertThat(there.hasWitness()).isEqualTo(type == ScriptType.P2WPKH);
      assertThat(there.outputs()).contains(Payments.output(Amount.of(SPENT.value), toBob));

      Block block = miner.mine(far);
      assertThat(block.txids()).contains(there.txid());
      account.follower.await(block.hash());
      sent.getConfidence().getDepthFuture(1).get(Follower.WAIT_SECONDS, TimeUnit.SECONDS);
      account.awaitCoins(
          COIN.subtract(SPENT).subtract(sent.getFee()), Wallet.BalanceType.AVAILABLE);
    }
  }

  @Test
  void payment_toOneOfTwoNodes_isAnnouncedByTheOther() throws Exception {
    try (ChainNode one = BlockMaker.regtest().serveFilters().start();
        ChainNode two =
            BlockMaker.regtest().serveFilters().connectTo(one.p2pAddress().orElseThrow()).start();
        Account account = Account.of(ScriptType.P2WPKH, true)) {
      miner.mine(one, MATURITY_BLOCKS + 1);
      pay(one, templateOf(account.wallet.freshReceiveAddress()));
      miner.mine(one);
      two.whenHeight(MATURITY_BLOCKS + 2).get(Follower.WAIT_SECONDS, TimeUnit.SECONDS);
      account.follower.follow(one, two).await(one.tip().hash());
      account.awaitCoins(COIN, Wallet.BalanceType.AVAILABLE);

      TransactionBroadcast broadcast =
          account
              .wallet
              .sendCoins(
                  account.follower.group(),
                  SendRequest.to(addressOf(BOB.payToWitnessPubkeyHash()), SPENT))
              .getBroadcast();
      broadcast.awaitRelayed().get(Follower.WAIT_SECONDS, TimeUnit.SECONDS);
      assertThat(broadcast.transaction().getConfidence().numBroadcastPeers()).isPositive();
    }
  }

  private static Address addressOf(SpendableTemplate template) {
    String text =
        new org.chaincore.core.script.Address(Networks.regtest().addresses(), template).toString();
    return AddressParser.getDefault(REGTEST).parseAddress(text);
  }
}
