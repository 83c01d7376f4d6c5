package org.chaincore.core.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;

/**
 * The output of a coinbase that commits to all witnesses of its block (BIP141, "Commitment
 * structure"). Stateless.
 */
public final class WitnessCommitment {
  /** OP_RETURN, a push of 36 bytes, and the marker aa21a9ed. */
  private static final Bytes PREFIX = Bytes.parse("6a24aa21a9ed");

  private static final int SCRIPT_BYTES = 38;
  private static final Bytes ZERO_NONCE = Bytes.of(new byte[Hash256.BYTES]);

  private WitnessCommitment() {}

  /** The witness element that goes into the coinbase of a block with a commitment. */
  public static Bytes nonce() {
    return ZERO_NONCE;
  }

  /**
   * The output that commits to the witnesses of {@code transactions}, the block's without its
   * coinbase.
   */
  public static TransactionOutput output(List<Transaction> withoutCoinbase) {
    byte[] commitment = commitment(witnessRoot(withoutCoinbase), ZERO_NONCE);
    byte[] script = new byte[SCRIPT_BYTES];
    PREFIX.copyTo(script, 0);
    System.arraycopy(commitment, 0, script, PREFIX.length(), commitment.length);
    return TransactionOutput.of(Amount.ZERO, Bytes.of(script));
  }

  /** Judges the witnesses of a block whose first transaction is a coinbase. */
  static Optional<Rejection> check(Block block) {
    Transaction coinbase = block.transactions().get(0);
    Optional<Bytes> script = find(coinbase);
    if (script.isEmpty()) {
      return checkNoWitness(block);
    }
    List<Bytes> stack = coinbase.inputs().get(0).witness().stack();
    if (stack.size() != 1 || stack.get(0).length() != Hash256.BYTES) {
      return Optional.of(
          Rejection.of(
              RejectionCode.BAD_WITNESS_NONCE,
              "coinbase witness has " + stack.size() + " elements, not one of 32 bytes"));
    }
    List<Transaction> rest = block.transactions().subList(1, block.transactions().size());
    byte[] expected = commitment(witnessRoot(rest), stack.get(0));
    Bytes found = script.get().slice(PREFIX.length(), SCRIPT_BYTES);
    return found.equals(Bytes.of(expected))
        ? Optional.empty()
        : Optional.of(
            Rejection.of(
                RejectionCode.BAD_WITNESS_COMMITMENT,
                "coinbase commits to other witnesses than the block has"));
  }

  private static Optional<Rejection> checkNoWitness(Block block) {
    for (int i = 0; i < block.transactions().size(); i++) {
      if (block.transactions().get(i).hasWitness()) {
        return Optional.of(
            Rejection.of(
                RejectionCode.UNEXPECTED_WITNESS,
                "transaction " + i + " has a witness, the coinbase commits to none"));
      }
    }
    return Optional.empty();
  }

  /** The script of the last output that is a commitment; later ones override earlier. */
  private static Optional<Bytes> find(Transaction coinbase) {
    for (int i = coinbase.outputs().size() - 1; i >= 0; i--) {
      Bytes script = coinbase.outputs().get(i).script();
      if (script.length() >= SCRIPT_BYTES && script.slice(0, PREFIX.length()).equals(PREFIX)) {
        return Optional.of(script);
      }
    }
    return Optional.empty();
  }

  private static Hash256 witnessRoot(List<Transaction> withoutCoinbase) {
    List<Hash256> leaves = new ArrayList<>(withoutCoinbase.size() + 1);
    // The coinbase holds the commitment, so it cannot be part of it.
    leaves.add(Hash256.ZERO);
    withoutCoinbase.forEach(transaction -> leaves.add(transaction.wtxid()));
    return MerkleTree.root(leaves).hash();
  }

  private static byte[] commitment(Hash256 root, Bytes nonce) {
    byte[] both = new byte[2 * Hash256.BYTES];
    root.writeWire(both, 0);
    nonce.copyTo(both, Hash256.BYTES);
    return Sha256.doubleHash(both).toWire();
  }
}
