package org.chaincore.examples;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.pow.TargetRange;
import org.chaincore.core.script.Address;
import org.chaincore.core.script.DataOutput;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;

/**
 * The story of the quickstart, a method for each scene: Alice, Bob and Carol, in a line, have a
 * chain together, lose sight of each other, and agree again.
 *
 * <p>The nodes run by themselves. The story mines and pays for them, cuts and mends a cable, and
 * waits until they have done what they must.
 */
final class QuickstartStory implements AutoCloseable {
  private static final Amount FEE = Amount.parseCoins("0.0005");
  private static final int HEIGHT_BEFORE_PAYMENTS = 11;
  private static final int BLOCKS_OF_CAROL_ALONE = 3;
  private static final int LAST_HEIGHT = 30;

  /** A run on a machine that has become very busy is cut short. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

  /** What takes longer does not happen: usually it is done in milliseconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Journal journal;
  private final Miner miner;
  private final Random random;
  private final double hashesPerSecond;
  private final ChainParams params;
  private final BooleanSupplier late;
  private final DemoNode alice;
  private final DemoNode bob;
  private final DemoNode carol;
  private final Neighbourhood neighbourhood;
  private final List<DemoNode> nodes;

  /**
   * A story that has not begun.
   *
   * @param random keys and who mines are drawn from it
   */
  QuickstartStory(Journal journal, Miner miner, Random random, Clock clock) {
    this.journal = journal;
    this.miner = miner;
    this.random = random;
    this.hashesPerSecond = miner.hashesPerSecond();
    Instant start = clock.instant();
    this.params = DemoNetwork.startedAt(start.getEpochSecond(), hashesPerSecond);
    this.late = () -> clock.instant().isAfter(start.plus(LONG_ENOUGH));
    // Each wants to be paid with another kind of output.
    KeyPair keyOfAlice = randomKey();
    KeyPair keyOfBob = randomKey();
    KeyPair keyOfCarol = randomKey();
    this.neighbourhood = new Neighbourhood(params, clock, journal, PATIENCE);
    this.alice = moveIn(new Wallet("Alice", keyOfAlice, keyOfAlice.payToWitnessPubkeyHash()));
    this.bob = moveIn(new Wallet("Bob", keyOfBob, keyOfBob.payToPubkeyHash()));
    this.carol = moveIn(new Wallet("Carol", keyOfCarol, keyOfCarol.payToTaproot()));
    this.nodes = List.of(alice, bob, carol);
  }

  private KeyPair randomKey() {
    byte[] seed = new byte[32];
    random.nextBytes(seed);
    return KeyPair.ofSeed(seed);
  }

  private DemoNode moveIn(Wallet wallet) {
    return neighbourhood.moveIn(wallet, random.nextLong());
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
    neighbourhood.join(new Cable(alice.address(), bob.address()), alice, bob);
    Cable bobToCarol = new Cable(bob.address(), carol.address());
    neighbourhood.join(bobToCarol, carol, bob);
    journal.say("  now they stand in a line: Alice -- Bob -- Carol");
    mineTheFirstBlocks();
    Transaction early = payBeforeTheSplit();
    loseABlockOnTheWay(bobToCarol);
    Transaction lateOfCarol = split(bobToCarol);
    mineOn(lateOfCarol);
    journal.scene("Everything is checked");
    neighbourhood.readNews();
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
    TargetRange range = DemoNetwork.range(params);
    journal.say(
        "  this machine tries %s hashes a second, so a block may take %s to %s of them",
        Journal.count(hashesPerSecond),
        Journal.count(range.easiest().work().toDouble()),
        Journal.count(range.hardest().work().toDouble()));
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
    journal.scene("They pay; each payment is relayed into every mempool");
    Transaction payment = pay(alice, carol, "12.5");
    write(bob, "quickstart was here", "0.01");
    mine(anyOf(nodes));
    mine(anyOf(nodes));
    return payment;
  }

  private void loseABlockOnTheWay(Cable bobToCarol) throws InterruptedException {
    journal.scene("The connection of Bob and Carol breaks, and a block does not reach her");
    int lastHeight = carol.engine().view().height();
    neighbourhood.cut(bobToCarol);
    mine(anyOf(List.of(alice, bob)));
    mine(anyOf(List.of(alice, bob)));
    BrokenInvariant.unless(
        carol.engine().view().height() == lastHeight,
        "block-is-lost",
        "Carol has a block that could not reach her");
    journal.say("  a friend brings her the newer of the two on a memory stick");
    HeaderNode newer = bob.engine().view().tip();
    BlockOutcome outcome = carol.submit(bob.engine().block(newer.hash()).orElseThrow());
    BrokenInvariant.unless(
        outcome instanceof BlockOutcome.Orphaned,
        "block-is-orphaned",
        "Carol got a block without its parent: " + outcome);
    neighbourhood.readNews();
    journal.outage(lastHeight, newer.height());
    neighbourhood.mend(bobToCarol, carol, bob);
    journal.say("  she asks for the headers that she lacks, then for the block");
    neighbourhood.awaitTipOf(bob, "orphan-recovered");
    neighbourhood.await(
        "orphan-recovered",
        () -> journal.recoveries().size() == journal.orphans().size(),
        () -> "block " + newer.hash() + " still waits");
    mine(anyOf(nodes));
  }

  /** The payment of Carol, which only she knows until the split is over. */
  private Transaction split(Cable bobToCarol) throws InterruptedException {
    journal.scene("The cable between Bob and Carol is cut: two chains grow, each good by itself");
    int lastHeight = bob.engine().view().height();
    neighbourhood.cut(bobToCarol);
    Transaction ofCarol = pay(carol, bob, "7");
    pay(bob, alice, "3");
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
    journal.outage(lastHeight, bob.engine().view().height());
    heal(bobToCarol, ofCarol);
    return ofCarol;
  }

  private static BigInteger workOf(DemoNode node) {
    return node.engine().view().work().toBigInteger();
  }

  private void heal(Cable bobToCarol, Transaction lateOfCarol) throws InterruptedException {
    journal.scene("The cable is mended; Carol connects again and hears of the other chain");
    journal.say("  a node follows the chain of most work, so Carol will give hers up");
    HeaderNode left = carol.engine().view().tip();
    neighbourhood.mend(bobToCarol, carol, bob);
    neighbourhood.awaitTipOf(bob, "same-tip-after-healing");
    BrokenInvariant.unless(
        carol.engine().view().onChain(left.hash()).isEmpty(),
        "losing-branch-is-left",
        "Carol is still on block " + left.hash());
    awaitInMempools(lateOfCarol, carol, "payment-returns-to-mempool");
    journal.say(
        "  Carol's payment of 7 coins left the chain with her blocks, and waits in all mempools");
  }

  private void mineOn(Transaction lateOfCarol) throws InterruptedException {
    journal.scene("They mine on together; the payment is mined a second time");
    do {
      mine(anyOf(nodes));
    } while (hasInMempool(alice, lateOfCarol)
        || (alice.engine().view().height() < LAST_HEIGHT && !late.getAsBoolean()));
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
    neighbourhood.awaitTipOf(node, "block-reaches-everybody");
  }

  private Transaction pay(DemoNode from, DemoNode to, String coins) throws InterruptedException {
    Amount amount = Amount.parseCoins(coins);
    return submit(
        from, "pays " + to.name(), TransactionOutput.of(amount, to.wallet().payout().script()));
  }

  /** What a data output holds is gone; that is the price. */
  private void write(DemoNode from, String text, String coins) throws InterruptedException {
    Bytes data = Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    submit(
        from,
        "writes \"" + text + "\" into the chain",
        TransactionOutput.of(Amount.parseCoins(coins), new DataOutput(data).script()));
  }

  private Transaction submit(DemoNode from, String what, TransactionOutput output)
      throws InterruptedException {
    Transaction transaction = from.wallet().pay(from.engine(), output, FEE);
    journal.paid(from.name(), what, transaction, new Journal.Terms(Amount.of(output.units()), FEE));
    MempoolOutcome outcome = from.submit(transaction);
    BrokenInvariant.unless(
        outcome instanceof MempoolOutcome.Accepted,
        "own-payment-is-accepted",
        from.name() + " paid and got " + outcome);
    awaitInMempools(transaction, from, "payment-reaches-everybody");
    return transaction;
  }

  /** Waits until a payment is in the mempools of all that the payer's words get to. */
  private void awaitInMempools(Transaction payment, DemoNode payer, String invariant)
      throws InterruptedException {
    Set<DemoNode> reached = neighbourhood.reachableFrom(payer);
    neighbourhood.await(
        invariant,
        () -> reached.stream().allMatch(node -> hasInMempool(node, payment)),
        () ->
            "payment "
                + payment.txid()
                + " is not in the mempool of "
                + reached.stream()
                    .filter(node -> !hasInMempool(node, payment))
                    .map(DemoNode::name)
                    .collect(Collectors.joining(" and ")));
  }

  private static boolean hasInMempool(DemoNode node, Transaction payment) {
    return node.engine().mempoolEntry(payment.txid()).isPresent();
  }

  /** Stops the nodes. */
  @Override
  public void close() {
    neighbourhood.close();
  }
}
