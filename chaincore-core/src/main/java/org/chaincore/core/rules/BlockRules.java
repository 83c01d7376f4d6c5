package org.chaincore.core.rules;

import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.config.BodyRules;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.value.Bytes;

/**
 * What a block's body may look like, as far as it can be judged without coins. Immutable and
 * thread-safe.
 *
 * <p>The order of the checks matters. First comes whether this body belongs to the header at all;
 * only when it does may a later fault be remembered against the header ({@link
 * RejectionCode#blamesBodyOnly()}). A body with a transaction of 64 bytes may be a level of the
 * honest body's Merkle tree served as transactions, so it is told apart there too, before a missing
 * coinbase would be held against the honest block.
 */
public final class BlockRules {
  private final ChainParams params;
  private final TransactionRules transactionRules;

  private BlockRules(ChainParams params) {
    this.params = params;
    this.transactionRules = TransactionRules.of(params);
  }

  public static BlockRules of(ChainParams params) {
    return new BlockRules(params);
  }

  /** The first rule that the body breaks by itself, wherever the block stands. */
  public Optional<Rejection> check(Block block) {
    if (params.bodyRules() == BodyRules.HEADERS_ONLY) {
      return reject(
          RejectionCode.BODIES_NOT_JUDGED, params.name() + " is followed by headers only");
    }
    List<Transaction> transactions = block.transactions();
    Optional<Rejection> belonging = checkBelonging(block);
    if (belonging.isPresent()) {
      return belonging;
    }
    if (transactions.isEmpty()) {
      // The header commits to it: the root of nothing is zero.
      return reject(RejectionCode.BAD_BLOCK_LENGTH, "block has no transactions");
    }
    Optional<Rejection> coinbase = checkCoinbases(transactions);
    if (coinbase.isPresent()) {
      return coinbase;
    }
    // Before the weight, which other witnesses under the same header would change.
    Optional<Rejection> witnesses = WitnessCommitment.check(block);
    if (witnesses.isPresent()) {
      return witnesses;
    }
    int weight = block.weight();
    if (weight > params.limits().maxWeight()) {
      return reject(
          RejectionCode.BAD_BLOCK_LENGTH,
          "weight " + weight + " above " + params.limits().maxWeight());
    }
    return checkTransactions(transactions);
  }

  private static Optional<Rejection> checkBelonging(Block block) {
    MerkleTree.Root root = MerkleTree.root(block.txids());
    if (!root.hash().equals(block.header().merkleRoot())) {
      return reject(
          RejectionCode.BAD_MERKLE_ROOT,
          "transactions hash to " + root.hash() + ", header has " + block.header().merkleRoot());
    }
    if (root.isMutated()) {
      return reject(
          RejectionCode.MUTATED_TRANSACTIONS, "transactions repeat under an unchanged root");
    }
    for (int i = 0; i < block.transactions().size(); i++) {
      if (TransactionRules.looksLikeInnerNode(block.transactions().get(i))) {
        return reject(
            RejectionCode.TRANSACTION_OF_64_BYTES,
            "transaction " + i + " could be an inner node of the tree over the real ones");
      }
    }
    return Optional.empty();
  }

  private static Optional<Rejection> checkCoinbases(List<Transaction> transactions) {
    if (!transactions.get(0).isCoinbase()) {
      return reject(RejectionCode.MISSING_COINBASE, "first transaction is no coinbase");
    }
    for (int i = 1; i < transactions.size(); i++) {
      if (transactions.get(i).isCoinbase()) {
        return reject(RejectionCode.MULTIPLE_COINBASES, "transaction " + i + " is a coinbase");
      }
    }
    return Optional.empty();
  }

  private Optional<Rejection> checkTransactions(List<Transaction> transactions) {
    for (int i = 0; i < transactions.size(); i++) {
      Optional<Rejection> fault = transactionRules.check(transactions.get(i));
      if (fault.isPresent()) {
        return Optional.of(fault.get().in("transaction " + i));
      }
    }
    return Optional.empty();
  }

  /**
   * The first rule that the body breaks at its place in the chain.
   *
   * @param height the block's height
   * @param medianTimePast the median time of its ancestors
   */
  public Optional<Rejection> checkAt(Block block, int height, long medianTimePast) {
    Transaction coinbase = block.transactions().get(0);
    Bytes script = coinbase.inputs().get(0).scriptSig();
    if (height >= params.activations().heightInCoinbase()
        && !CoinbaseScript.beginsWithHeight(script, height)) {
      return reject(
          RejectionCode.BAD_COINBASE_HEIGHT, "coinbase does not begin with height " + height);
    }
    for (int i = 0; i < block.transactions().size(); i++) {
      if (!TransactionRules.isFinal(block.transactions().get(i), height, medianTimePast)) {
        return reject(
            RejectionCode.NOT_FINAL, "transaction " + i + " is locked at height " + height);
      }
    }
    return Optional.empty();
  }

  /** The weight of a header and a count of {@code transactions}. */
  public static int emptyBlockWeight(int transactions) {
    return Transaction.WITNESS_SCALE
        * (BlockHeader.BYTES + ByteWriter.compactSizeBytes(transactions));
  }

  private static Optional<Rejection> reject(RejectionCode code, String detail) {
    return Optional.of(Rejection.of(code, detail));
  }
}
