package org.chaincore.core.rules;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.config.BlockLimits;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.script.DataOutput;
import org.chaincore.core.script.OutputTemplate;
import org.chaincore.core.value.Amount;

/**
 * What a transaction may look like, as far as it can be judged alone. Immutable and thread-safe.
 */
public final class TransactionRules {
  /** A lock time below is a height, from here on Unix seconds. */
  public static final long LOCK_TIME_THRESHOLD = 500_000_000L;

  /**
   * The stripped size that two hashes have, which makes a transaction look like an inner node of
   * the Merkle tree.
   */
  private static final int INNER_NODE_BYTES = 64;

  /** With fewer inputs comparing each with each is faster than a set. */
  private static final int FEW_INPUTS = 8;

  private final BlockLimits limits;

  private TransactionRules(BlockLimits limits) {
    this.limits = limits;
  }

  public static TransactionRules of(ChainParams params) {
    return new TransactionRules(params.limits());
  }

  /** The first rule that the transaction breaks by itself, wherever it stands. */
  public Optional<Rejection> check(Transaction transaction) {
    if (transaction.outputs().isEmpty()) {
      return reject(RejectionCode.NO_OUTPUTS, "transaction has no outputs");
    }
    if (looksLikeInnerNode(transaction)) {
      return reject(
          RejectionCode.TRANSACTION_OF_64_BYTES, "transaction has 64 bytes without witness");
    }
    long weight = (long) transaction.strippedSize() * Transaction.WITNESS_SCALE;
    if (weight > limits.maxWeight()) {
      return reject(RejectionCode.OVERSIZE, "weight " + weight + " above " + limits.maxWeight());
    }
    Optional<Rejection> outputs = checkOutputs(transaction.outputs());
    return outputs.isPresent() ? outputs : checkInputs(transaction);
  }

  /**
   * Whether the bytes that the txid hashes could be two hashes of a Merkle tree (CVE-2017-12842).
   */
  static boolean looksLikeInnerNode(Transaction transaction) {
    return transaction.strippedSize() == INNER_NODE_BYTES;
  }

  private Optional<Rejection> checkOutputs(List<TransactionOutput> outputs) {
    long total = 0;
    for (int i = 0; i < outputs.size(); i++) {
      TransactionOutput output = outputs.get(i);
      if (!Amount.isValid(output.units())) {
        return reject(
            RejectionCode.BAD_OUTPUT_AMOUNT, "output " + i + " is worth " + output.units());
      }
      // Both are at most MAX_UNITS, far below overflow.
      total += output.units();
      if (!Amount.isValid(total)) {
        return reject(RejectionCode.BAD_OUTPUT_AMOUNT, "outputs 0.." + i + " sum to " + total);
      }
      Optional<Rejection> script = checkScript(output, i);
      if (script.isPresent()) {
        return script;
      }
    }
    return Optional.empty();
  }

  private Optional<Rejection> checkScript(TransactionOutput output, int index) {
    boolean isCoin =
        OutputTemplate.isTemplate(output.script()) && !DataOutput.matches(output.script());
    if (isCoin) {
      return Optional.empty(); // Told without making the template: there is one in every payment.
    }
    Optional<OutputTemplate> template = OutputTemplate.parse(output.script());
    if (template.isEmpty()) {
      return reject(
          RejectionCode.OUTPUT_SCRIPT_REFUSED, "output " + index + " has no known template");
    }
    if (template.get() instanceof DataOutput data
        && data.data().length() > limits.maxDataOutputBytes()) {
      return reject(
          RejectionCode.DATA_OUTPUT_TOO_LARGE,
          "output "
              + index
              + " carries "
              + data.data().length()
              + " bytes, at most "
              + limits.maxDataOutputBytes());
    }
    return Optional.empty();
  }

  private static Optional<Rejection> checkInputs(Transaction transaction) {
    if (transaction.isCoinbase()) {
      int length = transaction.inputs().get(0).scriptSig().length();
      return length < CoinbaseScript.MIN_BYTES || length > CoinbaseScript.MAX_BYTES
          ? reject(RejectionCode.BAD_COINBASE_LENGTH, "coinbase script has " + length + " bytes")
          : Optional.empty();
    }
    List<TransactionInput> inputs = transaction.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).previousOutput().isNull()) {
        return reject(RejectionCode.NULL_INPUT, "input " + i + " spends nothing");
      }
    }
    return hasDuplicates(inputs)
        ? reject(RejectionCode.DUPLICATE_INPUTS, "two inputs spend one coin")
        : Optional.empty();
  }

  private static boolean hasDuplicates(List<TransactionInput> inputs) {
    if (inputs.size() > FEW_INPUTS) {
      Set<OutPoint> seen = new HashSet<>(2 * inputs.size());
      return !inputs.stream().allMatch(input -> seen.add(input.previousOutput()));
    }
    for (int i = 1; i < inputs.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (inputs.get(i).previousOutput().equals(inputs.get(j).previousOutput())) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whether the lock time is past, so that a block may hold the transaction.
   *
   * @param height the block's height
   * @param medianTimePast the median time of the block's ancestors (BIP113)
   */
  public static boolean isFinal(Transaction transaction, int height, long medianTimePast) {
    long lockTime = transaction.lockTime();
    if (lockTime == 0) {
      return true;
    }
    long reached = lockTime < LOCK_TIME_THRESHOLD ? height : medianTimePast;
    return lockTime < reached
        || transaction.inputs().stream()
            .allMatch(input -> input.sequence() == TransactionInput.FINAL_SEQUENCE);
  }

  private static Optional<Rejection> reject(RejectionCode code, String detail) {
    return Optional.of(Rejection.of(code, detail));
  }
}
