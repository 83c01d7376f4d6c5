package org.chaincore.core.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.jspecify.annotations.Nullable;

/**
 * Judges the inputs of many transactions as {@link InputVerifier} judges those of one, with as many
 * threads as a host lends. Which failure is reported does not depend on the threads: it is always
 * that of the first bad transaction.
 *
 * <p>Not thread-safe; it holds up the calling thread until all is done.
 */
public final class BatchVerifier {
  private final SignatureVerifier signatures;
  private final SignatureWorkers workers;
  private final InputVerifier own;

  private BatchVerifier(SignatureVerifier signatures, SignatureWorkers workers) {
    this.signatures = signatures;
    this.workers = workers;
    this.own = InputVerifier.of(signatures);
  }

  /** By the consensus of ChainCore networks. */
  public static BatchVerifier of(SignatureVerifier signatures, SignatureWorkers workers) {
    return new BatchVerifier(signatures, workers);
  }

  /**
   * One of the transactions.
   *
   * @param transaction it
   * @param spentOutputs the outputs that its inputs spend, in the order of the inputs
   */
  public record Spending(Transaction transaction, List<TransactionOutput> spentOutputs) {}

  /**
   * What is wrong.
   *
   * @param transaction the place of the transaction among those that were given
   * @param failure as {@link InputVerifier#verifyAll} reports it
   */
  public record Failure(int transaction, ScriptFailure failure) {}

  /**
   * The failure of the first transaction that has one.
   *
   * @throws IllegalArgumentException if there is not one spent output for each input
   */
  public Optional<Failure> verify(List<Spending> spendings) {
    List<SharedChecks.Check> checks = new ArrayList<>(spendings.size());
    @Nullable Failure malformed = addChecks(spendings, checks);
    // Those before the malformed one may be wrong too, and then come first.
    @Nullable Failure unsigned =
        new SharedChecks(checks, () -> InputVerifier.of(signatures)).run(own, workers);
    return Optional.ofNullable(unsigned != null ? unsigned : malformed);
  }

  /** Adds the checks of the transactions up to the first that is malformed. */
  private @Nullable Failure addChecks(List<Spending> spendings, List<SharedChecks.Check> checks) {
    List<InputVerifier.SignedInput> signed = new ArrayList<>(1);
    for (int i = 0; i < spendings.size(); i++) {
      Spending spending = spendings.get(i);
      SignatureHasher hashes = own.hashes(spending.transaction, spending.spentOutputs);
      signed.clear();
      Optional<ScriptFailure> failure = own.addSigned(hashes, signed);
      if (failure.isPresent()) {
        return new Failure(i, failure.get());
      }
      for (InputVerifier.SignedInput input : signed) {
        checks.add(new SharedChecks.Check(i, input, hashes));
      }
    }
    return null;
  }
}
