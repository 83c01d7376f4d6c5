package org.chaincore.net.bitcoinj;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import org.bitcoinj.base.BitcoinNetwork;
import org.bitcoinj.base.Coin;
import org.bitcoinj.base.ScriptType;
import org.bitcoinj.core.BlockChain;
import org.bitcoinj.core.Context;
import org.bitcoinj.core.PeerGroup;
import org.bitcoinj.params.RegTestParams;
import org.bitcoinj.store.MemoryBlockStore;
import org.bitcoinj.wallet.SendRequest;
import org.bitcoinj.wallet.Wallet;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.config.Networks;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.script.Address;
import org.chaincore.core.value.Amount;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.Payments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Wireshark's dissector for Bitcoin reads what a node says to bitcoinj and to another node: every
 * message is found, and none is malformed. What was said is written down by a proxy between the
 * two, so that no right to capture is needed and no packet can be missed. That the look at it can
 * fail is shown by captures that were spoiled.
 *
 * <p>Wireshark 4.0 does not know the form of transactions with a witness (BIP144): it calls a
 * P2WPKH payment malformed, also one that bitcoinj made and said. So the spends are P2PKH, and one
 * session more shows that such payments are all that it cannot read.
 *
 * <p>Not among the tests of every build, as it needs tshark: {@code .ci/run tshark}.
 */
@Timeout(180)
class DissectorRun {
  private static final BitcoinNetwork REGTEST = BitcoinNetwork.REGTEST;
  private static final int BLOCKS = 620;

  @TempDir Path directory;

  private final BlockMaker miner = BlockMaker.of(1);

  private Dissector.Reading read(Capture capture) throws Exception {
    Path file = directory.resolve("session.pcap");
    capture.write(file);
    return Dissector.read(file);
  }

  private static PeerGroup groupOn(BlockChain chain) {
    return new PeerGroup(REGTEST, chain);
  }

  private static MemoryBlockStore store() {
    return new MemoryBlockStore(RegTestParams.get().getGenesisBlock());
  }

  private void pay(ChainNode node, String address, int rewardHeight) throws Exception {
    TransactionOutput output =
        Payments.output(
            Amount.ofCoins(1), Address.parse(address, Networks.regtest().addresses()).template());
    List<Payments.Coin> coins = List.of(miner.rewardAt(node, rewardHeight));
    assertThat(node.submit(miner.payments().pay(coins, List.of(output), Amount.of(10_000))))
        .isInstanceOf(MempoolOutcome.Accepted.class);
  }

  /** A wallet with filters that gets coins and pays, and a follower of whole blocks. */
  private Capture sessionWithBitcoinj(ScriptType type) throws Exception {
    Context.propagate(new Context());
    Wallet wallet = Wallet.createDeterministic(REGTEST, type);
    BlockChain filtered = new BlockChain(REGTEST, wallet, store());
    PeerGroup group = groupOn(filtered);
    group.addWallet(wallet);
    BlockChain whole = new BlockChain(REGTEST, store());
    RecordingProxy proxy;
    try (ChainNode node = BlockMaker.regtest().serveFilters().start();
        RecordingProxy recording = new RecordingProxy(node);
        Follower payer = new Follower(filtered, group);
        Follower reader = new Follower(whole, groupOn(whole))) {
      proxy = recording;
      miner.mine(node, BLOCKS);
      pay(node, wallet.freshReceiveAddress().toString(), 1);
      miner.mine(node);
      payer.follow(recording.address()).await(node.tip().hash());
      reader.follow(recording.address()).await(node.tip().hash());
      wallet
          .getBalanceFuture(Coin.COIN, Wallet.BalanceType.AVAILABLE)
          .get(Follower.WAIT_SECONDS, TimeUnit.SECONDS);
      org.bitcoinj.core.Transaction sent =
          wallet
              .sendCoins(group, SendRequest.to(wallet.freshReceiveAddress(), Coin.CENT))
              .transaction();
      Arrivals.of(node, sent.getTxId().toString());
      miner.mine(node);
      payer.await(node.tip().hash());
      reader.await(node.tip().hash());
    }
    return proxy.capture();
  }

  /** Two nodes: a download, then payments and blocks, and every task between them. */
  private Capture sessionBetweenNodes() throws Exception {
    RecordingProxy proxy;
    try (ChainNode first = BlockMaker.regtest().start();
        RecordingProxy recording = new RecordingProxy(first);
        ChainNode second = BlockMaker.regtest().connectTo(recording.address()).start()) {
      proxy = recording;
      miner.mine(first, BLOCKS);
      await(second, BLOCKS);
      String somebody =
          new Address(Networks.regtest().addresses(), BlockMaker.key(9).payToWitnessPubkeyHash())
              .toString();
      for (int i = 1; i <= 10; i++) {
        pay(first, somebody, i);
      }
      second.syncNow().get(Follower.WAIT_SECONDS, TimeUnit.SECONDS);
      second.syncMempool().get(Follower.WAIT_SECONDS, TimeUnit.SECONDS);
      // Who has no figures of its own yet gives none, and would be waited for in vain.
      var unused = first.syncNetworkStats();
      second.syncNetworkStats().get(Follower.WAIT_SECONDS, TimeUnit.SECONDS);
      for (int i = 1; i <= 5; i++) {
        miner.mine(first);
        await(second, BLOCKS + i);
      }
    }
    return proxy.capture();
  }

  private static void await(ChainNode node, int height) throws Exception {
    node.whenHeight(height).get(Follower.WAIT_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void sessions_areReadWithoutAMalformedFrame() throws Exception {
    Capture withBitcoinj = sessionWithBitcoinj(ScriptType.P2PKH);
    Dissector.Reading reading = read(withBitcoinj);
    report("bitcoinj and a node", reading);
    assertWholeAndWell(withBitcoinj, reading);
    assertThat(reading.messages())
        .containsKeys("getblocks", "inv", "getdata", "block", "merkleblock", "filterload", "tx");

    Capture betweenNodes = sessionBetweenNodes();
    Dissector.Reading nodes = read(betweenNodes);
    report("two nodes", nodes);
    assertWholeAndWell(betweenNodes, nodes);
    assertThat(nodes.messages()).containsKeys("getheaders", "headers", "block", "feature");

    Dissector.Reading damaged = read(withBitcoinj.withDamaged("inv"));
    report("a damaged inv, to see that it would be noticed", damaged);
    assertThat(damaged.malformed()).isNotEmpty();

    Dissector.Reading lacking = read(withBitcoinj.without("inv"));
    report("an inv left out, to see that it would be noticed", lacking);
    assertThat(lacking.messages()).isNotEqualTo(withBitcoinj.messages());
  }

  @Test
  void session_withAWitness_isReadBesideIt() throws Exception {
    Capture capture = sessionWithBitcoinj(ScriptType.P2WPKH);
    Dissector.Reading reading = read(capture);
    report("bitcoinj and a node, with P2WPKH", reading);
    SortedSet<Integer> withWitness = capture.packetsOfWitnessTransactions();
    assertThat(withWitness).isNotEmpty();
    assertThat(withWitness).containsAll(reading.packets());
    assertThat(reading.messages()).isEqualTo(capture.messages());
  }

  private static void report(String session, Dissector.Reading reading) {
    SortedMap<String, Integer> messages = reading.messages();
    int sum = messages.values().stream().mapToInt(Integer::intValue).sum();
    System.out.printf(
        "%s: %d messages, %d malformed: %s%n", session, sum, reading.malformed().size(), messages);
  }

  private static void assertWholeAndWell(Capture capture, Dissector.Reading reading) {
    assertThat(reading.malformed()).isEmpty();
    assertThat(reading.messages()).isEqualTo(capture.messages());
  }
}
