package org.chaincore.core.engine;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.fixture.MarkedSignatures;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.value.Bytes;

/** The rules of a block, written down once more as plainly as can be, for one test network. */
final class NaiveRules {
  static final long REWARD = 5_000;
  static final int HALVING = 12;
  static final int MATURITY = 3;

  private NaiveRules() {}

  static long subsidy(int height) {
    long reward = REWARD;
    for (int passed = HALVING; passed <= height; passed += HALVING) {
      reward /= 2;
    }
    return reward;
  }

  /** What is wrong with a body wherever it stands. */
  static Optional<RejectionCode> checkAlone(Block block) {
    List<Transaction> transactions = block.transactions();
    List<byte[]> level = new ArrayList<>();
    transactions.forEach(transaction -> level.add(transaction.txid().toWire()));
    if (!Arrays.equals(root(level), block.header().merkleRoot().toWire())) {
      return Optional.of(RejectionCode.BAD_MERKLE_ROOT);
    }
    if (repeats(level)) {
      return Optional.of(RejectionCode.MUTATED_TRANSACTIONS);
    }
    if (transactions.stream().anyMatch(t -> t.toWireWithoutWitness().length == 64)) {
      return Optional.of(RejectionCode.TRANSACTION_OF_64_BYTES);
    }
    if (transactions.isEmpty()) {
      return Optional.of(RejectionCode.BAD_BLOCK_LENGTH);
    }
    for (int i = 0; i < transactions.size(); i++) {
      if (isCoinbase(transactions.get(i)) != (i == 0)) {
        return Optional.of(
            i == 0 ? RejectionCode.MISSING_COINBASE : RejectionCode.MULTIPLE_COINBASES);
      }
    }
    Optional<RejectionCode> witnesses = checkWitnesses(block);
    if (witnesses.isPresent()) {
      return witnesses;
    }
    for (Transaction transaction : transactions) {
      if (transaction.outputs().isEmpty()) {
        return Optional.of(RejectionCode.NO_OUTPUTS);
      }
      if (transaction.outputs().stream().anyMatch(o -> o.units() < 0)) {
        return Optional.of(RejectionCode.BAD_OUTPUT_AMOUNT);
      }
      Set<OutPoint> inputs = new HashSet<>();
      for (TransactionInput input : transaction.inputs()) {
        if (!inputs.add(input.previousOutput())) {
          return Optional.of(RejectionCode.DUPLICATE_INPUTS);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isCoinbase(Transaction transaction) {
    return transaction.inputs().size() == 1
        && Arrays.equals(transaction.inputs().get(0).previousOutput().txid().toWire(), new byte[32])
        && transaction.inputs().get(0).previousOutput().index() == -1;
  }

  /** What is wrong with a body at its height. Heights here have one byte. */
  static Optional<RejectionCode> checkPlace(Block block, int height, long medianTimePast) {
    Transaction coinbase = block.transactions().get(0);
    byte[] script = coinbase.inputs().get(0).scriptSig().toArray();
    boolean isRight =
        height <= 16 ? script[0] == 0x50 + height : script[0] == 1 && script[1] == height;
    if (!isRight) {
      return Optional.of(RejectionCode.BAD_COINBASE_HEIGHT);
    }
    for (Transaction transaction : block.transactions()) {
      boolean ignored =
          transaction.inputs().stream().allMatch(input -> input.sequence() == 0xffff_ffffL);
      long clock = transaction.lockTime() < 500_000_000L ? height : medianTimePast;
      if (!ignored && transaction.lockTime() >= clock) {
        return Optional.of(RejectionCode.NOT_FINAL);
      }
    }
    return Optional.empty();
  }

  private static Optional<RejectionCode> checkWitnesses(Block block) {
    List<byte[]> leaves = new ArrayList<>();
    block.transactions().forEach(transaction -> leaves.add(transaction.wtxid().toWire()));
    leaves.set(0, new byte[32]);
    Transaction coinbase = block.transactions().get(0);
    for (int i = coinbase.outputs().size() - 1; i >= 0; i--) {
      String script = coinbase.outputs().get(i).script().toHex();
      if (script.startsWith("6a24aa21a9ed")) {
        byte[] nonce = coinbase.inputs().get(0).witness().stack().get(0).toArray();
        String expected = Bytes.of(doubleHash(root(leaves), nonce)).toHex();
        return script.substring(12, 76).equals(expected)
            ? Optional.empty()
            : Optional.of(RejectionCode.BAD_WITNESS_COMMITMENT);
      }
    }
    return block.transactions().stream().anyMatch(Transaction::hasWitness)
        ? Optional.of(RejectionCode.UNEXPECTED_WITNESS)
        : Optional.empty();
  }

  /** Spends and creates the coins of a block; after a fault the coins are spoiled. */
  static Optional<RejectionCode> connect(Block block, int height, Map<OutPoint, Coin> coins) {
    List<Transaction> transactions = block.transactions();
    Transaction coinbase = transactions.get(0);
    create(coinbase, height, true, coins);
    long fees = 0;
    for (Transaction transaction : transactions.subList(1, transactions.size())) {
      List<Coin> spent = new ArrayList<>();
      for (TransactionInput input : transaction.inputs()) {
        Coin coin = coins.get(input.previousOutput());
        if (coin == null) {
          return Optional.of(RejectionCode.MISSING_OR_SPENT);
        }
        spent.add(coin);
      }
      if (spent.stream().anyMatch(c -> c.isCoinbase() && height < c.height() + MATURITY)) {
        return Optional.of(RejectionCode.IMMATURE_COINBASE);
      }
      long left = spent.stream().mapToLong(c -> c.output().units()).sum() - worth(transaction);
      if (left < 0) {
        return Optional.of(RejectionCode.INPUTS_BELOW_OUTPUTS);
      }
      if (transaction.inputs().stream()
          .anyMatch(input -> input.witness().equals(MarkedSignatures.bad()))) {
        return Optional.of(RejectionCode.BAD_SPEND);
      }
      fees += left;
      transaction.inputs().forEach(input -> coins.remove(input.previousOutput()));
      create(transaction, height, false, coins);
    }
    return worth(coinbase) > subsidy(height) + fees
        ? Optional.of(RejectionCode.BAD_COINBASE_AMOUNT)
        : Optional.empty();
  }

  private static long worth(Transaction transaction) {
    return transaction.outputs().stream().mapToLong(TransactionOutput::units).sum();
  }

  private static void create(
      Transaction transaction, int height, boolean isCoinbase, Map<OutPoint, Coin> coins) {
    for (int i = 0; i < transaction.outputs().size(); i++) {
      TransactionOutput output = transaction.outputs().get(i);
      if (!output.script().toHex().startsWith("6a")) {
        coins.put(new OutPoint(transaction.txid(), i), new Coin(output, height, isCoinbase));
      }
    }
  }

  /** The coins after a path of blocks from height 1 on; empty if one of them is bad. */
  static Map<OutPoint, Coin> coinsAfter(List<Block> path) {
    Map<OutPoint, Coin> coins = new HashMap<>();
    for (int i = 0; i < path.size(); i++) {
      boolean isEmpty = path.get(i).transactions().isEmpty();
      if (isEmpty || connect(path.get(i), i + 1, coins).isPresent()) {
        return Map.of();
      }
    }
    return coins;
  }

  private static byte[] root(List<byte[]> leaves) {
    List<byte[]> level = leaves;
    while (level.size() > 1) {
      level = above(level);
    }
    return level.isEmpty() ? new byte[32] : level.get(0);
  }

  private static List<byte[]> above(List<byte[]> level) {
    List<byte[]> up = new ArrayList<>();
    for (int i = 0; i < level.size(); i += 2) {
      up.add(doubleHash(level.get(i), level.get(Math.min(i + 1, level.size() - 1))));
    }
    return up;
  }

  private static boolean repeats(List<byte[]> leaves) {
    for (List<byte[]> level = leaves; level.size() > 1; level = above(level)) {
      for (int i = 0; i + 1 < level.size(); i += 2) {
        if (Arrays.equals(level.get(i), level.get(i + 1))) {
          return true;
        }
      }
    }
    return false;
  }

  private static byte[] doubleHash(byte[] left, byte[] right) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(left);
      digest.update(right);
      return digest.digest(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
