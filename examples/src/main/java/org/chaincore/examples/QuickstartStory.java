package org.chaincore.examples;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.script.Address;
import org.chaincore.core.script.DataOutput;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;

/**
 * The story of the quickstart, a method for each scene: Alice, Bob and Carol, in a line, have a
 * chain together, lose sight of each other, and agree again.
 */
final class QuickstartStory {
  private static final Amount FEE = Amount.parseCoins("0.0005");
  private static final int HEIGHT_BEFORE_PAYMENTS = 11;
  private static final int BLOCKS_OF_CAROL_ALONE = 3;
  private static final int LAST_HEIGHT = 30;

  /** A target of 1. */
  private static final int HOPELESS_BITS = 0x0300_0001;

  private final Journal journal;
  private final Miner miner;
  private final Random random;
  private final ChainParams params;
  private final DemoNode alice;
  private final DemoNode bob;
  private final DemoNode carol;
  private final List<DemoNode> nodes;
  private final List<Link> links;
  private final Link bobToCarol;

  /**
   * A story that has not begun.
   *
   * @param random keys, who mines and the order of deliveries are drawn from it
   */
  QuickstartStory(Journal journal, Miner miner, Random random, Clock clock) {
    this.journal = journal;
    this.miner = miner;
    this.random = random;
    this.params = DemoNetwork.startedAt(clock.instant().getEpochSecond());
    // Each wants to be paid with another kind of output.
    KeyPair keyOfAlice = randomKey();
    KeyPair keyOfBob = randomKey();
    KeyPair keyOfCarol = randomKey();
    this.alice = start(new Wallet("Alice", keyOfAlice, keyOfAlice.payToWitnessPubkeyHash()), clock);
    this.bob = start(new Wallet("Bob", keyOfBob, keyOfBob.payToPubkeyHash()), clock);
    this.carol = start(new Wallet("Carol", keyOfCarol, keyOfCarol.payToTaproot()), clock);
    this.nodes = List.of(alice, bob, carol);
    this.bobToCarol = Link.join(bob, carol);
    this.links = List.of(Link.join(alice, bob), bobToCarol);
  }

  private KeyPair randomKey() {
    byte[] seed = new byte[32];
    random.nextBytes(seed);
    return KeyPair.ofSeed(seed);
  }

  private DemoNode start(Wallet wallet, Clock clock) {
    return DemoNode.start(wallet, params, clock, journal);
  }

  /** Where it ends. */
  record Ending(DemoNode node, List<DemoNode> nodes) {}

  /**
   * Tells it all.
   *
   * @throws BrokenInvariant if something does not go as it must
   * @throws InterruptedException if the thread is interrupted while it waits for the clock
   */
  Ending tell() throws InterruptedException {
    introduce();
    mineTheFirstBlocks();
    Transaction early = payBeforeTheSplit();
    loseABlockOnTheWay();
    Transaction lateOfCarol = split();
    heal(lateOfCarol);
    mineOn(lateOfCarol);
    journal.scene("Everything is checked");
    Audit.of(nodes, journal).check(early, lateOfCarol);
    return new Ending(alice, nodes);
  }

  private void introduce() {
    journal.scene("Three nodes and a network of their own");
    journal.say("  genesis   %s", params.genesis().hash());
    journal.say("  rules     %s", params.fingerprint());
    journal.say(
        "  a block every %d s, difficulty follows every %d blocks, reward %s coins, halved at %d",
        DemoNetwork.BLOCK_SECONDS,
        DemoNetwork.RETARGET_BLOCKS,
        params.emission().initialReward(),
        DemoNetwork.HALVING_BLOCKS);
    for (DemoNode node : nodes) {
      journal.say(
          "  %-6s  %s", node.name(), new Address(params.addresses(), node.wallet().payout()));
    }
    journal.say("  Alice and Bob are linked, Bob and Carol are linked: Alice -- Bob -- Carol");
    BlockHeader genesis = params.genesis().header();
    BlockHeader hopeless =
        BlockHeader.of(1, genesis.hash(), genesis.merkleRoot(), genesis.time(), HOPELESS_BITS, 0);
    journal.say(
        "  this machine tries %s hashes a second", Journal.count(miner.hashesPerSecond(hopeless)));
  }

  private void mineTheFirstBlocks() throws InterruptedException {
    journal.scene("They mine, one after another, and everybody follows");
    List<DemoNode> turns = new ArrayList<>(nodes);
    Collections.shuffle(turns, random);
    for (DemoNode node : turns) {
      mine(node);
    }
    while (alice.engine().view().height() < HEIGHT_BEFORE_PAYMENTS) {
      mine(anyOf(nodes));
    }
  }

  /** The payment of Alice to Carol. */
  private Transaction payBeforeTheSplit() throws InterruptedException {
    journal.scene("They pay; each payment travels along the links into every mempool");
    Transaction payment = pay(alice, carol, "12.5");
    write(bob, "quickstart was here", "0.01");
    settle();
    for (DemoNode node : nodes) {
      BrokenInvariant.unless(
          node.engine().mempoolEntry(payment.txid()).isPresent(),
          "payment-reaches-everybody",
          "payment " + payment.txid() + " is not in the mempool of " + node.name());
    }
    mine(anyOf(nodes));
    mine(anyOf(nodes));
    return payment;
  }

  private void loseABlockOnTheWay() throws InterruptedException {
    journal.scene("A block is lost on its way from Bob to Carol, the next one arrives");
    bobToCarol.loseNextBlockOf(bob);
    mine(anyOf(List.of(alice, bob)));
    BrokenInvariant.unless(
        !carol.engine().view().tip().equals(bob.engine().view().tip())
            && carol.engine().view().height() < bob.engine().view().height(),
        "block-is-lost",
        "Carol has the block that was lost on the way");
    mine(anyOf(List.of(alice, bob)));
    requireSameTip("orphan-recovered");
  }

  /** The payment of Carol, which only she knows. */
  private Transaction split() throws InterruptedException {
    journal.scene("The link between Bob and Carol is cut: two chains grow, each good by itself");
    bobToCarol.cut();
    Transaction ofCarol = pay(carol, bob, "7");
    pay(bob, alice, "3");
    settle();
    for (int i = 0; i < BLOCKS_OF_CAROL_ALONE; i++) {
      mine(carol);
      mine(anyOf(List.of(alice, bob)));
    }
    journal.say("  Carol is done; Alice and Bob go on until their chain has more work than hers");
    while (bob.engine().view().work().compareTo(carol.engine().view().work()) <= 0) {
      mine(anyOf(List.of(alice, bob)));
    }
    // One more, so that what heals is more than a tie that was just broken.
    mine(anyOf(List.of(alice, bob)));
    journal.say(
        "  work of the chain of Alice and Bob %,d at height %d, of Carol's %,d at height %d",
        workOf(bob), bob.engine().view().height(), workOf(carol), carol.engine().view().height());
    return ofCarol;
  }

  private static BigInteger workOf(DemoNode node) {
    return node.engine().view().work().toBigInteger();
  }

  private void heal(Transaction lateOfCarol) {
    journal.scene("The link heals; both ends say which block they are at");
    journal.say("  a node follows the chain of most work, so Carol will give hers up");
    HeaderNode left = carol.engine().view().tip();
    bobToCarol.heal();
    settle();
    requireSameTip("same-tip-after-healing");
    BrokenInvariant.unless(
        carol.engine().view().onChain(left.hash()).isEmpty(),
        "losing-branch-is-left",
        "Carol is still on block " + left.hash());
    for (DemoNode node : nodes) {
      BrokenInvariant.unless(
          node.engine().mempoolEntry(lateOfCarol.txid()).isPresent(),
          "payment-returns-to-mempool",
          "payment " + lateOfCarol.txid() + " is not in the mempool of " + node.name());
    }
    journal.say(
        "  Carol's payment of 7 coins left the chain with her blocks, and waits in all mempools");
  }

  private void mineOn(Transaction lateOfCarol) throws InterruptedException {
    journal.scene("They mine on together; the payment is mined a second time");
    do {
      mine(anyOf(nodes));
    } while (alice.engine().view().height() < LAST_HEIGHT
        || alice.engine().mempoolEntry(lateOfCarol.txid()).isPresent());
  }

  private DemoNode anyOf(List<DemoNode> some) {
    return some.get(random.nextInt(some.size()));
  }

  private void mine(DemoNode node) throws InterruptedException {
    int before = node.engine().view().tip().header().bits();
    MinedBlock mined = miner.mine(node);
    if (mined.block().header().bits() != before) {
      journal.retarget(mined, before);
    }
    journal.mined(mined);
    BlockOutcome outcome = node.submit(mined.block());
    BrokenInvariant.unless(
        outcome instanceof BlockOutcome.Accepted accepted && accepted.isOnChain(),
        "own-block-is-accepted",
        node.name() + " mined " + mined.hash() + " and got " + outcome);
    settle();
  }

  private Transaction pay(DemoNode from, DemoNode to, String coins) {
    Amount amount = Amount.parseCoins(coins);
    return submit(
        from, "pays " + to.name(), TransactionOutput.of(amount, to.wallet().payout().script()));
  }

  /** What a data output holds is gone; that is the price. */
  private void write(DemoNode from, String text, String coins) {
    Bytes data = Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    submit(
        from,
        "writes \"" + text + "\" into the chain",
        TransactionOutput.of(Amount.parseCoins(coins), new DataOutput(data).script()));
  }

  private Transaction submit(DemoNode from, String what, TransactionOutput output) {
    Transaction transaction = from.wallet().pay(from.engine(), output, FEE);
    journal.paid(from.name(), what, transaction, new Journal.Terms(Amount.of(output.units()), FEE));
    MempoolOutcome outcome = from.submit(transaction);
    BrokenInvariant.unless(
        outcome instanceof MempoolOutcome.Accepted,
        "own-payment-is-accepted",
        from.name() + " paid and got " + outcome);
    return transaction;
  }

  private void settle() {
    Link.settle(links, random);
  }

  private void requireSameTip(String invariant) {
    for (DemoNode node : nodes) {
      BrokenInvariant.unless(
          node.engine().view().tip().hash().equals(bob.engine().view().tip().hash()),
          invariant,
          node.name() + " is at " + node.engine().view() + ", Bob at " + bob.engine().view());
    }
  }
}
