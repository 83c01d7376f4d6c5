package org.chaincore.core.script;

import java.util.List;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.value.Bytes;

/**
 * Counts signature operations as the consensus limit on a block does. The limit stops a block that
 * is small but takes minutes to verify; the count is by opcode, without running anything, so it
 * also counts what would never be executed.
 */
public final class SignatureOperations {
  /** What a legacy operation costs where an operation in a witness costs one (BIP141). */
  public static final int LEGACY_COST = Transaction.WITNESS_SCALE;

  private static final int MULTISIG_OPERATIONS = 20;

  private SignatureOperations() {}

  /**
   * Operations in a script: one for each CHECKSIG, twenty for each CHECKMULTISIG whatever its
   * number of keys. Counting ends where a push runs past the end.
   */
  public static int legacyCount(Bytes script) {
    int operations = 0;
    int at = 0;
    while (at >= 0 && at < script.length()) {
      switch (script.unsignedAt(at)) {
        case Opcode.CHECKSIG, Opcode.CHECKSIGVERIFY -> operations++;
        case Opcode.CHECKMULTISIG, Opcode.CHECKMULTISIGVERIFY -> operations += MULTISIG_OPERATIONS;
        default -> {}
      }
      at = Push.end(script, at);
    }
    return operations;
  }

  /**
   * Operations in all scriptSigs and output scripts of a transaction; never the scripts it spends.
   */
  public static int legacyCount(Transaction transaction) {
    int operations = 0;
    List<TransactionInput> inputs = transaction.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      operations += legacyCount(inputs.get(i).scriptSig());
    }
    List<TransactionOutput> outputs = transaction.outputs();
    for (int i = 0; i < outputs.size(); i++) {
      operations += legacyCount(outputs.get(i).script());
    }
    return operations;
  }

  /**
   * What spending an output adds to the cost beyond the legacy count: one for P2WPKH (BIP141),
   * nothing for P2PKH, which was counted when its output was made, and nothing for P2TR, whose
   * signatures are paid for by their weight (BIP342).
   */
  public static int spendCost(Bytes spentScript) {
    return PayToWitnessPubkeyHash.matches(spentScript) ? 1 : 0;
  }

  /**
   * Whether spending an output is signed by the legacy hash, which covers the whole transaction
   * anew for every input.
   */
  public static boolean isLegacySpend(Bytes spentScript) {
    return PayToPubkeyHash.matches(spentScript);
  }
}
