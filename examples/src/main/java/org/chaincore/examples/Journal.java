package org.chaincore.examples;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Target;
import org.chaincore.sync.protocol.SyncEvent;

/**
 * Tells the story line by line while it happens, and remembers what the picture and the invariants
 * need of it.
 *
 * <p>Not thread-safe; confined to the one thread that tells the story.
 */
final class Journal {
  private static final int SHORT_HASH_DIGITS = 12;
  private static final double THOUSAND = 1e3;
  private static final double MILLION = 1e6;

  private final PrintWriter out;
  private final Map<Hash256, MinedBlock> blocks = new LinkedHashMap<>();
  private final List<Payment> payments = new ArrayList<>();
  private final List<Reorganisation> reorganisations = new ArrayList<>();
  private final List<Waiting> orphans = new ArrayList<>();
  private final List<Waiting> recoveries = new ArrayList<>();
  private final List<Outage> outages = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();

  Journal(PrintWriter out) {
    this.out = out;
  }

  /**
   * A payment of the story.
   *
   * @param number counted from 1
   * @param from who pays
   * @param what in words: what for, or to whom
   * @param transaction the transaction
   * @param terms amount and fee
   */
  record Payment(int number, String from, String what, Transaction transaction, Terms terms) {}

  /**
   * What a payment moves.
   *
   * @param amount what the receiver gets
   * @param fee what the miner gets
   */
  record Terms(Amount amount, Amount fee) {}

  /**
   * A node changed its mind about the chain.
   *
   * @param node which
   * @param change what left and what joined
   */
  record Reorganisation(String node, ChainEvent.TipChanged change) {}

  /**
   * A block that came to a node before its parent.
   *
   * @param node which node
   * @param block the block
   */
  record Waiting(String node, Hash256 block) {}

  /**
   * Two nodes could not hear each other.
   *
   * @param lastHeight of the blocks that they had in common
   * @param healedHeight where the one that was ahead was when they could again
   */
  record Outage(int lastHeight, int healedHeight) {}

  Map<Hash256, MinedBlock> blocks() {
    return blocks;
  }

  /** Some of the blocks, in the order in which they were mined. */
  List<MinedBlock> mined(Predicate<MinedBlock> which) {
    return blocks.values().stream().filter(which).toList();
  }

  List<Payment> payments() {
    return payments;
  }

  List<Reorganisation> reorganisations() {
    return reorganisations;
  }

  /** Every block that any node had to put into its orphan pool. */
  List<Waiting> orphans() {
    return orphans;
  }

  /** Every block that any node took out of its orphan pool because the parent came. */
  List<Waiting> recoveries() {
    return recoveries;
  }

  List<Outage> outages() {
    return outages;
  }

  /** What the nodes hold against each other, if anything. */
  List<String> complaints() {
    return complaints;
  }

  void scene(String title) {
    out.println();
    say("== %s", title);
  }

  void say(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }

  void mined(MinedBlock mined) {
    blocks.put(mined.hash(), mined);
    int payments = mined.block().transactions().size() - 1;
    MinedBlock.Effort effort = mined.effort();
    say(
        "  block %2d  %s  mined by %-5s  level %.2f  %,11d hashes in %6.3f s, %5.2f MH/s%s",
        mined.height(),
        brief(mined.hash()),
        mined.miner(),
        mined.level(),
        effort.hashes(),
        effort.seconds(),
        effort.hashes() / Math.max(1e-6, effort.seconds()) / MILLION,
        payments == 0 ? "" : payments == 1 ? ", 1 payment" : ", " + payments + " payments");
  }

  /** The difficulty moves with this block. */
  void retarget(MinedBlock mined, int bitsBefore) {
    double before = Target.ofBits(bitsBefore).work().toDouble();
    say(
        "  difficulty: the last %d blocks came too %s, so a block takes %,.0f hashes now, not %,.0f",
        DemoNetwork.RETARGET_BLOCKS,
        mined.expectedHashes() > before ? "fast" : "slowly",
        mined.expectedHashes(),
        before);
  }

  Payment paid(String from, String what, Transaction transaction, Terms terms) {
    Payment payment = new Payment(payments.size() + 1, from, what, transaction, terms);
    payments.add(payment);
    say(
        "  %s %s: %s coins, fee %s (transaction %s)",
        from, what, terms.amount, terms.fee, brief(transaction.txid()));
    return payment;
  }

  void connected(DemoNode caller, DemoNode called) {
    say("  %s connects to %s: they have shaken hands", caller.name(), called.name());
  }

  void outage(int lastHeight, int healedHeight) {
    outages.add(new Outage(lastHeight, healedHeight));
  }

  void complained(String node, SyncEvent.PeerMisbehaved wrong) {
    String complaint =
        node + " complains of a peer: " + wrong.misbehaviour() + ", " + wrong.detail();
    complaints.add(complaint);
    say("  %s", complaint);
  }

  void waits(String node, long millis) {
    say(
        "  the next block would be dated too far ahead of the clock: %s waits %.1f s",
        node, millis / 1_000.0);
  }

  /** Takes down what a node's event log says. */
  void saw(String node, ChainEvent event) {
    if (event instanceof ChainEvent.BlockOrphaned orphaned) {
      orphans.add(new Waiting(node, orphaned.hash()));
      say(
          "  %s gets %s before its parent: it goes to the orphan pool",
          node, name(orphaned.hash()));
    } else if (event instanceof ChainEvent.OrphanRecovered recovered) {
      recoveries.add(new Waiting(node, recovered.hash()));
      // The event follows what became of the block, such as a reorganisation.
      say("  %s has recovered %s: its parent had come", node, name(recovered.hash()));
    } else if (event instanceof ChainEvent.TipChanged moved && moved.isReorg()) {
      reorganisations.add(new Reorganisation(node, moved));
      say(
          "  %s REORGANISES: in one step %d blocks leave its chain and %d join it",
          node, moved.disconnected().size(), moved.connected().size());
    } else if (event instanceof ChainEvent.BlockRejected rejected) {
      say("  %s refuses %s: %s", node, name(rejected.hash()), rejected.rejection());
    } else if (event instanceof ChainEvent.TransactionRemoved removed
        && removed.reason() != ChainEvent.RemovalReason.MINED) {
      say("  %s drops transaction %s: %s", node, brief(removed.txid()), removed.reason());
    }
  }

  /** A block in words. */
  String name(Hash256 block) {
    MinedBlock mined = blocks.get(block);
    return mined == null
        ? brief(block)
        : "block " + mined.height() + " of " + mined.miner() + " (" + brief(block) + ")";
  }

  /** A large number as people say it. */
  static String count(double number) {
    return number < MILLION
        ? String.format(Locale.ROOT, "%.0f k", number / THOUSAND)
        : String.format(Locale.ROOT, "%.1f M", number / MILLION);
  }

  /** The first digits of a hash, where its work shows. */
  static String brief(Hash256 hash) {
    return hash.toString().substring(0, SHORT_HASH_DIGITS);
  }
}
