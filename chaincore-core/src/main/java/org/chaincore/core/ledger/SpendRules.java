package org.chaincore.core.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.config.BlockLimits;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.script.SignatureOperations;
import org.chaincore.core.value.Amount;

/**
 * Whether a transaction may spend the coins it names: they exist, are mature, unlocked, and worth
 * at least what it creates. Signatures are {@link SignatureChecks}' to judge. Immutable and
 * thread-safe.
 */
public final class SpendRules {
  private final int maturity;
  private final int maxLegacyHashedBytes;

  private SpendRules(int maturity, int maxLegacyHashedBytes) {
    this.maturity = maturity;
    this.maxLegacyHashedBytes = maxLegacyHashedBytes;
  }

  public static SpendRules of(ChainParams params) {
    return new SpendRules(
        params.emission().coinbaseMaturityBlocks(), params.limits().maxLegacyHashedBytes());
  }

  /** Judges a transaction that keeps the transaction rules and is no coinbase. */
  public SpendResult check(Transaction transaction, CoinView view, SpendContext context) {
    List<TransactionInput> inputs = transaction.inputs();
    List<Coin> coins = new ArrayList<>(inputs.size());
    List<OutPoint> missing = new ArrayList<>(0);
    for (int i = 0; i < inputs.size(); i++) {
      OutPoint spent = inputs.get(i).previousOutput();
      Coin coin = view.coin(spent);
      if (coin == null) {
        missing.add(spent);
      } else {
        coins.add(coin);
      }
    }
    if (!missing.isEmpty()) {
      return new SpendResult.Missing(missing);
    }
    Optional<Rejection> immature = checkMaturity(coins, context.height());
    if (immature.isPresent()) {
      return new SpendResult.Refused(immature.get());
    }
    Optional<Rejection> locked = SequenceLocks.check(transaction, coins, context);
    if (locked.isPresent()) {
      return new SpendResult.Refused(locked.get());
    }
    Optional<Rejection> costly = checkLegacyHashing(transaction, coins);
    return costly.isPresent()
        ? new SpendResult.Refused(costly.get())
        : checkAmounts(transaction, coins);
  }

  /**
   * A legacy signature covers the whole transaction, hashed anew for each input. The limit stops a
   * block of which a node would hash gigabytes.
   */
  private Optional<Rejection> checkLegacyHashing(Transaction transaction, List<Coin> coins) {
    long bytes = transaction.strippedSize();
    if (maxLegacyHashedBytes == BlockLimits.NO_LIMIT
        || bytes * coins.size() <= maxLegacyHashedBytes) {
      return Optional.empty();
    }
    long inputs =
        coins.stream()
            .filter(coin -> SignatureOperations.isLegacySpend(coin.output().script()))
            .count();
    return bytes * inputs <= maxLegacyHashedBytes
        ? Optional.empty()
        : Optional.of(
            Rejection.of(
                RejectionCode.TOO_MUCH_LEGACY_HASHING,
                inputs + " P2PKH inputs times " + bytes + " bytes above " + maxLegacyHashedBytes));
  }

  private Optional<Rejection> checkMaturity(List<Coin> coins, int height) {
    for (int i = 0; i < coins.size(); i++) {
      Coin coin = coins.get(i);
      if (coin.isCoinbase() && height - coin.height() < maturity) {
        return Optional.of(
            Rejection.of(
                RejectionCode.IMMATURE_COINBASE,
                "input "
                    + i
                    + " spends the coinbase of height "
                    + coin.height()
                    + " at height "
                    + height));
      }
    }
    return Optional.empty();
  }

  private static SpendResult checkAmounts(Transaction transaction, List<Coin> coins) {
    long in = 0;
    for (Coin coin : coins) {
      // Both are at most MAX_UNITS, far below overflow.
      in += coin.output().units();
      if (!Amount.isValid(in)) {
        return refused(RejectionCode.BAD_OUTPUT_AMOUNT, "inputs sum to " + in);
      }
    }
    long out = 0;
    for (TransactionOutput output : transaction.outputs()) {
      out += output.units();
    }
    if (in < out) {
      return refused(
          RejectionCode.INPUTS_BELOW_OUTPUTS, "inputs are worth " + in + ", outputs " + out);
    }
    return new SpendResult.Spendable(coins, Amount.of(in - out), cost(transaction, coins));
  }

  private static int cost(Transaction transaction, List<Coin> coins) {
    int cost = legacyCost(transaction);
    for (Coin coin : coins) {
      cost += SignatureOperations.spendCost(coin.output().script());
    }
    return cost;
  }

  /** What a transaction costs by its own scripts. */
  static int legacyCost(Transaction transaction) {
    return SignatureOperations.legacyCount(transaction) * SignatureOperations.LEGACY_COST;
  }

  private static SpendResult refused(RejectionCode code, String detail) {
    return new SpendResult.Refused(Rejection.of(code, detail));
  }
}
