package org.chaincore.core.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.script.BatchVerifier;
import org.chaincore.core.script.ScriptFailure;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.script.SignatureWorkers;
import org.chaincore.core.value.SipKey;

/**
 * Whether the inputs of transactions are signed for the coins they spend: the one expensive check.
 * It is shared out among the threads that the host lends. What passed once is remembered, so that a
 * block of transactions from the mempool costs no signatures.
 *
 * <p>What blocks bring is remembered apart from what the mempool took: else a few blocks full of
 * transactions that were never relayed would push out what the next ones will ask for.
 *
 * <p>Not thread-safe; confined to the writer.
 */
public final class SignatureChecks {
  /** Of what is remembered, one part in so many is for what came in blocks. */
  private static final int BLOCKS_SHARE = 4;

  private final BatchVerifier verifier;
  private final VerifiedTransactions fromMempool;
  private final VerifiedTransactions fromBlocks;

  private SignatureChecks(BatchVerifier verifier, int remembered, SipKey salt) {
    this.verifier = verifier;
    int ofBlocks = remembered / BLOCKS_SHARE;
    this.fromMempool = new VerifiedTransactions(remembered - ofBlocks, salt);
    this.fromBlocks = new VerifiedTransactions(ofBlocks, salt);
  }

  /**
   * Checks in the calling thread, without a secret.
   *
   * @param remembered how many transactions to remember at most
   */
  public static SignatureChecks of(SignatureVerifier verifier, int remembered) {
    return of(verifier, SignatureWorkers.NONE, remembered, SipKey.of(0, 0));
  }

  /**
   * Checks by a verifier.
   *
   * @param workers who helps
   * @param remembered how many transactions to remember at most; a share that has no room for two
   *     has none for one
   * @param salt places what is remembered, so that nobody can make many that collide
   */
  public static SignatureChecks of(
      SignatureVerifier verifier, SignatureWorkers workers, int remembered, SipKey salt) {
    return new SignatureChecks(BatchVerifier.of(verifier, workers), remembered, salt);
  }

  /**
   * What is wrong with one of many transactions.
   *
   * @param transaction its place among them
   * @param rejection of its first bad input
   */
  public record Unsigned(int transaction, Rejection rejection) {}

  /**
   * The first input of a loose transaction that is not signed as its coin demands.
   *
   * @param coins what the inputs spend, in their order
   */
  public Optional<Rejection> check(Transaction transaction, List<Coin> coins) {
    if (isRemembered(transaction)) {
      return Optional.empty();
    }
    Optional<BatchVerifier.Failure> failure =
        verifier.verify(List.of(new BatchVerifier.Spending(transaction, outputs(coins))));
    if (failure.isEmpty()) {
      fromMempool.add(transaction.wtxid());
    }
    return failure.map(found -> rejection(found.failure()));
  }

  /**
   * The first of a block's transactions that is not signed as its coins demand.
   *
   * @param transactions all but the coinbase
   * @param coins for each what its inputs spend, in their order
   */
  Optional<Unsigned> checkBlock(List<Transaction> transactions, List<List<Coin>> coins) {
    List<BatchVerifier.Spending> unseen = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < transactions.size(); i++) {
      Transaction transaction = transactions.get(i);
      if (!isRemembered(transaction)) {
        unseen.add(new BatchVerifier.Spending(transaction, outputs(coins.get(i))));
        places.add(i);
      }
    }
    if (unseen.isEmpty()) {
      return Optional.empty();
    }
    Optional<BatchVerifier.Failure> failure = verifier.verify(unseen);
    // Those before the first bad one are good.
    int good = failure.map(BatchVerifier.Failure::transaction).orElse(unseen.size());
    unseen.subList(0, good).forEach(spending -> fromBlocks.add(spending.transaction().wtxid()));
    return failure.map(
        found -> new Unsigned(places.get(found.transaction()), rejection(found.failure())));
  }

  private boolean isRemembered(Transaction transaction) {
    return fromMempool.recall(transaction.wtxid()) || fromBlocks.recall(transaction.wtxid());
  }

  private static List<TransactionOutput> outputs(List<Coin> coins) {
    List<TransactionOutput> outputs = new ArrayList<>(coins.size());
    for (Coin coin : coins) {
      outputs.add(coin.output());
    }
    return outputs;
  }

  private static Rejection rejection(ScriptFailure failure) {
    return Rejection.of(RejectionCode.BAD_SPEND, failure.toString());
  }
}
