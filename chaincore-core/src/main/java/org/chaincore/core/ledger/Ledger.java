package org.chaincore.core.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.value.Amount;

/**
 * Puts blocks on top of coins and takes them off again. The coins of a refused block are untouched:
 * each block is tried in a layer of its own, which the layer below takes over only when the whole
 * block is good.
 *
 * <p>No block can create a coin that already exists: the coinbase names its height (BIP34), so no
 * two coinbases have one txid, nor, therefore, any two transactions.
 *
 * <p>Immutable, and thread-safe as far as its {@link SignatureChecks} are.
 */
public final class Ledger {
  private final ChainParams params;
  private final SpendRules spendRules;
  private final SignatureChecks signatures;

  private Ledger(ChainParams params, SignatureChecks signatures) {
    this.params = params;
    this.spendRules = SpendRules.of(params);
    this.signatures = signatures;
  }

  public static Ledger of(ChainParams params, SignatureChecks signatures) {
    return new Ledger(params, signatures);
  }

  public ChainParams params() {
    return params;
  }

  /**
   * Connects a block that keeps the block rules.
   *
   * @param coins takes over the change if the block is good
   */
  public ConnectResult connect(Block block, CoinChanges coins, SpendContext context) {
    return new Connection(coins, context).connect(block);
  }

  /**
   * Takes a connected block off again.
   *
   * @param undo what connecting it returned
   * @param coins takes over the change
   */
  public void disconnect(Block block, BlockUndo undo, CoinChanges coins) {
    BlockCoins.disconnect(block, undo, coins::set);
  }

  /** One block on its way. */
  private final class Connection {
    private final CoinChanges target;
    private final CoinChanges layer;
    private final BlockCoins.Target created;
    private final SpendContext context;
    private final List<SpentCoin> spent = new ArrayList<>();

    /** What each transaction but the coinbase spends. */
    private final List<List<Coin>> coins = new ArrayList<>();

    private long fees;
    private int signatureOperationsCost;

    Connection(CoinChanges target, SpendContext context) {
      this.target = target;
      this.layer = CoinChanges.on(target);
      this.created = layer::set;
      this.context = context;
    }

    ConnectResult connect(Block block) {
      List<Transaction> transactions = block.transactions();
      Transaction coinbase = transactions.get(0);
      Optional<Rejection> costly = addCost(SpendRules.legacyCost(coinbase));
      if (costly.isPresent()) {
        return new ConnectResult.Refused(costly.get().in("coinbase"));
      }
      // A coinbase cannot be spent in its own block, immature as it is, but it is created first.
      create(coinbase);
      for (int i = 1; i < transactions.size(); i++) {
        Optional<Rejection> fault = spend(transactions.get(i));
        if (fault.isPresent()) {
          return new ConnectResult.Refused(fault.get().in("transaction " + i));
        }
      }
      Optional<Rejection> overpaid = checkReward(coinbase);
      if (overpaid.isPresent()) {
        return new ConnectResult.Refused(overpaid.get());
      }
      // Last, as they cost more than all the rest: no cheap fault hides behind them.
      Optional<SignatureChecks.Unsigned> unsigned =
          signatures.checkBlock(transactions.subList(1, transactions.size()), coins);
      if (unsigned.isPresent()) {
        int place = unsigned.get().transaction() + 1;
        return new ConnectResult.Refused(unsigned.get().rejection().in("transaction " + place));
      }
      target.absorb(layer);
      return new ConnectResult.Connected(new BlockUndo(spent), Amount.of(fees));
    }

    private Optional<Rejection> spend(Transaction transaction) {
      SpendResult result = spendRules.check(transaction, layer, context);
      if (result instanceof SpendResult.Refused refused) {
        return Optional.of(refused.rejection());
      }
      if (result instanceof SpendResult.Missing missing) {
        return reject(RejectionCode.MISSING_OR_SPENT, "no coin at " + missing.outPoints().get(0));
      }
      SpendResult.Spendable spendable = (SpendResult.Spendable) result;
      fees += spendable.fee().units();
      if (!Amount.isValid(fees)) {
        return reject(RejectionCode.BAD_OUTPUT_AMOUNT, "fees sum to " + fees);
      }
      Optional<Rejection> costly = addCost(spendable.signatureOperationsCost());
      if (costly.isPresent()) {
        return costly;
      }
      coins.add(spendable.coins());
      take(transaction, spendable.coins());
      create(transaction);
      return Optional.empty();
    }

    private Optional<Rejection> addCost(int cost) {
      signatureOperationsCost += cost;
      int most = params.limits().maxSignatureOperationsCost();
      return signatureOperationsCost > most
          ? reject(
              RejectionCode.TOO_MANY_SIGNATURE_OPERATIONS,
              "cost " + signatureOperationsCost + " above " + most)
          : Optional.empty();
    }

    private void take(Transaction transaction, List<Coin> taken) {
      for (int i = 0; i < taken.size(); i++) {
        TransactionInput input = transaction.inputs().get(i);
        OutPoint outPoint = input.previousOutput();
        boolean createdHere = layer.spend(outPoint);
        if (!createdHere) {
          spent.add(new SpentCoin(outPoint, taken.get(i)));
        }
      }
    }

    private void create(Transaction transaction) {
      BlockCoins.create(transaction, context.height(), created);
    }

    private Optional<Rejection> checkReward(Transaction coinbase) {
      long created = 0;
      for (TransactionOutput output : coinbase.outputs()) {
        created += output.units();
      }
      long allowed = params.emission().subsidy(context.height()).units() + fees;
      return created > allowed
          ? reject(
              RejectionCode.BAD_COINBASE_AMOUNT,
              "coinbase creates " + created + ", allowed are " + allowed)
          : Optional.empty();
    }

    private static Optional<Rejection> reject(RejectionCode code, String detail) {
      return Optional.of(Rejection.of(code, detail));
    }
  }
}
