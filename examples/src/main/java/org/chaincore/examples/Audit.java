package org.chaincore.examples;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.pow.TargetRange;
import org.chaincore.core.script.DataOutput;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Target;

/**
 * Checks from outside what must hold when the story is over. It counts for itself, from the blocks,
 * and compares with what the engines say.
 */
final class Audit {
  private final List<DemoNode> nodes;
  private final Journal journal;

  private Audit(List<DemoNode> nodes, Journal journal) {
    this.nodes = nodes;
    this.journal = journal;
  }

  static Audit of(List<DemoNode> nodes, Journal journal) {
    return new Audit(nodes, journal);
  }

  /**
   * Checks everything.
   *
   * @param early a payment made before the split
   * @param late a payment made on the side that lost
   * @throws BrokenInvariant naming the first that does not hold
   */
  void check(Transaction early, Transaction late) {
    checkTips();
    int moves = 0;
    for (DemoNode node : nodes) {
      moves = checkHeaders(node.chain(), DemoNetwork.range(node.engine().params()));
      checkMoney(node.engine(), node.chain());
    }
    passed("every block has its work, and the difficulty moved " + moves + " times by the rule");
    passed("the coins are what was issued less what was burned, and every fee went to a miner");
    checkPayments(early, late);
    checkReorganisation();
    checkOrphans();
    require(journal.complaints().isEmpty(), "nobody-misbehaves", journal.complaints().toString());
    passed("no node has anything to hold against another");
  }

  private void checkTips() {
    HeaderNode tip = nodes.get(0).engine().view().tip();
    for (DemoNode node : nodes) {
      Hash256 hash = node.engine().view().tip().hash();
      require(hash.equals(tip.hash()), "same-tip", node.name() + " ends at " + hash);
    }
    passed("all three nodes end on the same tip, height " + tip.height());
  }

  /**
   * Hashes, targets and the difficulty rule, in arithmetic of its own.
   *
   * @return how often the difficulty moved
   */
  private static int checkHeaders(List<HeaderNode> chain, TargetRange range) {
    int moves = 0;
    for (int i = 1; i < chain.size(); i++) {
      BlockHeader header = chain.get(i).header();
      BlockHeader previous = chain.get(i - 1).header();
      int height = i + 1;
      Hash256 rehashed = BlockHeader.parse(header.toWire()).hash();
      require(
          new BigInteger(rehashed.toString(), 16)
                  .compareTo(Target.ofBits(header.bits()).toBigInteger())
              <= 0,
          "proof-of-work",
          "block " + height + " is above its target");
      int expected = DemoNetwork.isRetarget(height) ? retargeted(chain, i, range) : previous.bits();
      require(
          header.bits() == expected,
          "difficulty-rule",
          String.format("block %d has bits %08x, not %08x", height, header.bits(), expected));
      moves += header.bits() == previous.bits() ? 0 : 1;
    }
    require(moves > 0, "difficulty-moves", "the difficulty stayed where it was");
    return moves;
  }

  /** The rule of the network, written out: old × span / ((interval − 1) × block time). */
  private static int retargeted(List<HeaderNode> chain, int index, TargetRange range) {
    BlockHeader last = chain.get(index - 1).header();
    BlockHeader first = chain.get(index - 1 - DemoNetwork.RETARGET_BLOCKS).header();
    long aim = (DemoNetwork.RETARGET_BLOCKS - 1L) * DemoNetwork.BLOCK_SECONDS;
    long span = Math.min(Math.max(1, last.time() - first.time()), aim * 16);
    BigInteger target =
        Target.ofBits(last.bits())
            .toBigInteger()
            .multiply(BigInteger.valueOf(span))
            .divide(BigInteger.valueOf(aim));
    BigInteger easiest = range.easiest().toBigInteger();
    BigInteger hardest = range.hardest().toBigInteger();
    return Target.ofValue(target.min(easiest).max(hardest)).bits();
  }

  /** No coin from nothing, none lost but what data outputs burn. */
  private static void checkMoney(ChainEngine engine, List<HeaderNode> chain) {
    Map<OutPoint, TransactionOutput> unspent = new HashMap<>();
    long issued = 0;
    long burned = 0;
    long fees = 0;
    for (HeaderNode node : chain) {
      Block block = engine.block(node.hash()).orElseThrow();
      long subsidy = engine.params().emission().subsidy(node.height()).units();
      long left = 0;
      for (Transaction transaction : block.transactions()) {
        left += transaction.isCoinbase() ? subsidy : spend(unspent, transaction.inputs());
        for (int i = 0; i < transaction.outputs().size(); i++) {
          TransactionOutput output = transaction.outputs().get(i);
          left -= output.units();
          if (DataOutput.matches(output.script())) {
            burned += output.units();
          } else {
            unspent.put(transaction.outPoint(i), output);
          }
        }
        fees += transaction.isCoinbase() ? -left : 0;
      }
      issued += subsidy;
      require(left == 0, "fees-conserved", "block " + node.height() + " leaves " + left + " units");
    }
    require(fees > 0, "fees-paid", "nobody paid a fee");
    compare(engine, unspent, issued - burned);
  }

  private static long spend(
      Map<OutPoint, TransactionOutput> unspent, List<TransactionInput> inputs) {
    long sum = 0;
    for (TransactionInput input : inputs) {
      TransactionOutput output = unspent.remove(input.previousOutput());
      if (output == null) {
        throw new BrokenInvariant("coins-exist", "nobody has " + input.previousOutput());
      }
      sum += output.units();
    }
    return sum;
  }

  private static void compare(
      ChainEngine engine, Map<OutPoint, TransactionOutput> unspent, long supply) {
    long sum = 0;
    for (Map.Entry<OutPoint, TransactionOutput> entry : unspent.entrySet()) {
      TransactionOutput coin = engine.coin(entry.getKey()).map(Coin::output).orElse(null);
      require(entry.getValue().equals(coin), "coin-set", "coin at " + entry.getKey() + ": " + coin);
      sum += entry.getValue().units();
    }
    require(
        engine.coinCount() == unspent.size(),
        "coin-set",
        engine.coinCount() + " coins where the blocks leave " + unspent.size());
    require(sum == supply, "supply", sum + " units where " + supply + " were issued");
  }

  private void checkPayments(Transaction early, Transaction late) {
    for (DemoNode node : nodes) {
      require(
          isOnChain(node, early), "early-payment-on-chain", node.name() + " lacks " + early.txid());
      require(
          isOnChain(node, late) || node.engine().mempoolEntry(late.txid()).isPresent(),
          "late-payment-not-lost",
          node.name() + " has lost " + late.txid());
    }
    for (Journal.Payment payment : journal.payments()) {
      boolean isKept =
          isOnChain(nodes.get(0), payment.transaction())
              || nodes.get(0).engine().mempoolEntry(payment.transaction().txid()).isPresent();
      require(isKept, "no-payment-lost", "payment " + payment.number() + " is gone");
    }
    passed("no payment was lost, not even the one of the losing side");
  }

  private static boolean isOnChain(DemoNode node, Transaction transaction) {
    return node.chain().stream()
        .map(block -> node.engine().block(block.hash()).orElseThrow())
        .anyMatch(block -> block.transactions().contains(transaction));
  }

  private void checkReorganisation() {
    List<Journal.Reorganisation> seen = journal.reorganisations();
    require(
        seen.size() == 1 && seen.get(0).node().equals("Carol"),
        "one-reorganisation",
        seen.stream()
            .map(Journal.Reorganisation::node)
            .collect(Collectors.joining(" ", "by: ", "")));
    boolean allOfCarol =
        seen.get(0).change().disconnected().stream()
            .map(block -> journal.blocks().get(block.hash()))
            .allMatch(mined -> mined != null && mined.miner().equals("Carol"));
    require(allOfCarol, "one-reorganisation", "others than Carol's own blocks left her chain");
    passed("the reorganisation was one event, at one node");
  }

  private void checkOrphans() {
    int recovered = journal.recoveries().size();
    require(recovered > 0, "orphan-recovered", "no orphan was recovered");
    require(
        recovered == journal.orphans().size(),
        "orphan-recovered",
        recovered + " of " + journal.orphans().size());
    for (DemoNode node : nodes) {
      require(node.engine().orphans().isEmpty(), "orphan-recovered", node.name() + " keeps some");
    }
    passed("what came before its parent was recovered: " + recovered + " of " + recovered);
  }

  private void passed(String what) {
    journal.say("  ok  %s", what);
  }

  private static void require(boolean holds, String invariant, String detail) {
    BrokenInvariant.unless(holds, invariant, detail);
  }

  /** What the chain has brought into the world, for those who look at the picture. */
  static Amount supply(DemoNode node) {
    long units = 0;
    for (HeaderNode block : node.chain()) {
      units += node.engine().params().emission().subsidy(block.height()).units();
    }
    return Amount.of(units);
  }
}
