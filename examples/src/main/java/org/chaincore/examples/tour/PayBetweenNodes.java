package org.chaincore.examples.tour;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.pow.FixedDifficulty;
import org.chaincore.core.script.Address;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Sha256;
import org.chaincore.core.value.Target;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.Payments;

/**
 * Alice's node mines, Bob's node listens to it over TCP. Alice pays Bob at his address; Bob waits
 * until the chain of his own node has the coin, and trusts nobody else's word.
 */
public final class PayBetweenNodes {
  /** Every second hash is a block: enough work to see how it goes, and no more. */
  private static final int EASY = 0x207fffff;

  private PayBetweenNodes() {}

  /** A network of its own, where a reward may be spent in the next block. */
  private static ChainParams network() {
    return ChainParams.builder("payments", 0x70617901)
        .genesis("An example of payments", 1_767_225_600L, EASY)
        .work(Target.ofBits(EASY), new FixedDifficulty(EASY))
        .emission(Amount.ofCoins(50), 210_000, 1)
        .build();
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    KeyPair alice = KeyPair.ofSeed(Sha256.hash("alice".getBytes(UTF_8)));
    KeyPair bob = KeyPair.ofSeed(Sha256.hash("bob".getBytes(UTF_8)));
    ChainParams network = network();
    String address = new Address(network.addresses(), bob.payToTaproot()).toString();

    try (ChainNode alicesNode =
            ChainNode.builder()
                .network(network)
                .listen("127.0.0.1:0")
                .mineTo(alice.payToWitnessPubkeyHash())
                .blockInterval(1)
                .start();
        ChainNode bobsNode =
            ChainNode.builder()
                .network(network)
                .connectTo(alicesNode.p2pAddress().orElseThrow())
                .start()) {
      alicesNode.whenHeight(1).get(30, TimeUnit.SECONDS);
      Payments.Coin reward = rewardOf(alicesNode, 1);
      Transaction payment =
          Payments.by(alice)
              .pay(
                  List.of(reward),
                  List.of(
                      Payments.output(
                          Amount.ofCoins(12),
                          Address.parse(address, network.addresses()).template())),
                  Amount.of(1_000));
      // Refusals are no exceptions: they come back with a code and a detail.
      MempoolOutcome outcome = alicesNode.submit(payment);
      if (!(outcome instanceof MempoolOutcome.Accepted)) {
        throw new IllegalStateException("refused: " + outcome);
      }
      System.out.println("Alice pays 12 coins to " + address);

      Coin coin = received(bobsNode, payment.outPoint(0)).get(30, TimeUnit.SECONDS);
      System.out.println("Bob has a coin of block " + coin.height());
      System.out.println(
          "paid=" + coin.output().units() + " txid=" + payment.txid() + " height=" + coin.height());
    }
  }

  /** The reward of the block at a height: the first output of its first transaction. */
  private static Payments.Coin rewardOf(ChainNode node, int height) {
    Transaction coinbase =
        node.engine()
            .block(node.engine().view().at(height).orElseThrow().hash())
            .orElseThrow()
            .transactions()
            .get(0);
    return new Payments.Coin(coinbase.outPoint(0), coinbase.outputs().get(0));
  }

  /** Completes when a block of the node's chain has the coin. */
  private static CompletableFuture<Coin> received(ChainNode node, OutPoint place) {
    CompletableFuture<Coin> received = new CompletableFuture<>();
    // From the oldest event on, so that a block that has come already counts.
    var listening =
        node.events().listen(0, event -> node.engine().coin(place).ifPresent(received::complete));
    return received.whenComplete((coin, failed) -> listening.close());
  }
}
