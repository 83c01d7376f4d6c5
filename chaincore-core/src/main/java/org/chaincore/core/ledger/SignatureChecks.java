package org.chaincore.core.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.script.InputVerifier;
import org.chaincore.core.script.ScriptFailure;
import org.chaincore.core.script.SignatureVerifier;

/**
 * Whether the inputs of a transaction are signed for the coins they spend: the one expensive check.
 * What passed once is remembered, so that a block of transactions from the mempool costs no
 * signatures.
 *
 * <p>Not thread-safe; confined to the writer.
 */
public final class SignatureChecks {
  private final InputVerifier verifier;
  private final VerifiedTransactions verified;

  private SignatureChecks(InputVerifier verifier, VerifiedTransactions verified) {
    this.verifier = verifier;
    this.verified = verified;
  }

  /**
   * Checks by a verifier.
   *
   * @param remembered how many transactions to remember at most; below two, none
   */
  public static SignatureChecks of(SignatureVerifier verifier, int remembered) {
    return new SignatureChecks(InputVerifier.of(verifier), new VerifiedTransactions(remembered));
  }

  /**
   * The first input that is not signed as its coin demands.
   *
   * @param coins what the inputs spend, in their order
   */
  public Optional<Rejection> check(Transaction transaction, List<Coin> coins) {
    if (verified.recall(transaction.wtxid())) {
      return Optional.empty();
    }
    List<TransactionOutput> outputs = new ArrayList<>(coins.size());
    for (Coin coin : coins) {
      outputs.add(coin.output());
    }
    Optional<ScriptFailure> failure = verifier.verifyAll(transaction, outputs);
    if (failure.isPresent()) {
      return Optional.of(Rejection.of(RejectionCode.BAD_SPEND, failure.get().toString()));
    }
    verified.add(transaction.wtxid());
    return Optional.empty();
  }
}
