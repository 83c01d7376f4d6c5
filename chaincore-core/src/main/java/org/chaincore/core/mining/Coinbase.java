package org.chaincore.core.mining;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.rules.CoinbaseScript;
import org.chaincore.core.rules.WitnessCommitment;
import org.chaincore.core.value.Bytes;

/**
 * The first transaction of a block, but for its extra nonce.
 *
 * @param height of the block, with which the script begins (BIP34)
 * @param reward subsidy and fees, and who gets them
 * @param commitment to the witnesses of the other transactions, if there are any (BIP141)
 */
record Coinbase(int height, TransactionOutput reward, Optional<TransactionOutput> commitment) {
  private static final int VERSION = 2;

  Transaction with(Bytes extraNonce) {
    Bytes script = CoinbaseScript.of(height, extraNonce);
    if (script.length() > CoinbaseScript.MAX_BYTES) {
      throw new IllegalArgumentException(
          "extra nonce of " + extraNonce.length() + " bytes makes a script of " + script.length());
    }
    TransactionInput input = TransactionInput.spending(OutPoint.NULL).withScriptSig(script);
    List<TransactionOutput> outputs = new ArrayList<>(2);
    outputs.add(reward);
    commitment.ifPresent(outputs::add);
    return Transaction.of(
        VERSION,
        List.of(
            commitment.isPresent()
                ? input.withWitness(Witness.of(WitnessCommitment.nonce()))
                : input),
        outputs,
        0);
  }

  /** The heaviest that it gets with any extra nonce. */
  int maxWeight() {
    Transaction plain = with(Bytes.EMPTY);
    int script = plain.inputs().get(0).scriptSig().length();
    return plain.weight() + (CoinbaseScript.MAX_BYTES - script) * Transaction.WITNESS_SCALE;
  }
}
