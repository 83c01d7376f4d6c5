package org.chaincore.net.node;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.script.OutputTemplate;
import org.chaincore.core.script.Signer;
import org.chaincore.core.script.TransactionSigner;
import org.chaincore.core.value.Amount;

/**
 * Builds and signs a payment of one key, for hosts that keep their own account of coins. It is no
 * wallet: it knows no coins but those that it is given, and remembers nothing.
 *
 * <p>Immutable and thread-safe.
 */
public final class Payments {
  /** What does not pay for being spent is no change but fee. */
  private static final long LEAST_CHANGE_UNITS = 1_000;

  private static final int VERSION = 2;

  private final KeyPair key;
  private final TransactionSigner signer;

  private Payments(KeyPair key) {
    this.key = key;
    this.signer = TransactionSigner.of(Signer.best());
  }

  /** Payments by the owner of a key. */
  public static Payments by(KeyPair key) {
    return new Payments(key);
  }

  /**
   * A coin that may be spent.
   *
   * @param at where it is
   * @param output what it is worth, and to whom; an output of the key
   */
  public record Coin(OutPoint at, TransactionOutput output) {}

  /**
   * A signed transaction that pays from the first of the coins that suffice, in their order. What
   * is left goes back to the key, as P2WPKH.
   *
   * @param coins of the key
   * @param to what is paid for: a payment's output, a data output, or several
   * @param fee at least this; a rest too small to be spent is added
   * @throws IllegalArgumentException if the coins do not suffice, or one is not the key's
   */
  public Transaction pay(List<Coin> coins, List<TransactionOutput> to, Amount fee) {
    long wanted = fee.units();
    for (TransactionOutput output : to) {
      wanted = Math.addExact(wanted, output.units());
    }
    List<Coin> spent = new ArrayList<>();
    long have = 0;
    for (Coin coin : coins) {
      if (have >= wanted && !spent.isEmpty()) {
        break;
      }
      spent.add(coin);
      have = Math.addExact(have, coin.output.units());
    }
    if (have < wanted || spent.isEmpty()) {
      throw new IllegalArgumentException(
          "coins of " + have + " units do not pay for " + wanted + " with the fee");
    }
    List<TransactionOutput> outputs = new ArrayList<>(to);
    long rest = have - wanted;
    if (rest >= LEAST_CHANGE_UNITS) {
      outputs.add(new TransactionOutput(rest, key.payToWitnessPubkeyHash().script()));
    }
    List<TransactionInput> inputs =
        spent.stream().map(coin -> TransactionInput.spending(coin.at)).toList();
    Transaction unsigned = Transaction.of(VERSION, inputs, outputs, 0);
    List<TransactionOutput> spentOutputs = spent.stream().map(Coin::output).toList();
    return signer.signAll(unsigned, spentOutputs, spent.stream().map(coin -> key).toList());
  }

  /** An output that pays an amount by a template, as that of an address. */
  public static TransactionOutput output(Amount amount, OutputTemplate to) {
    return TransactionOutput.of(amount, to.script());
  }
}
