package org.chaincore.core.script;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.value.Bytes;

/** Reads the key path cases of BIP341's wallet vectors. */
final class TaprootWallet {
  private TaprootWallet() {}

  static List<TransactionOutput> spentOutputs(JsonNode test) {
    List<TransactionOutput> spent = new ArrayList<>();
    for (JsonNode output : test.get("given").get("utxosSpent")) {
      spent.add(
          new TransactionOutput(
              output.get("amountSats").asLong(), Bytes.parse(output.get("scriptPubKey").asText())));
    }
    return spent;
  }

  static SignatureHasher hasher(JsonNode test) {
    byte[] wire = Bytes.parse(test.get("given").get("rawUnsignedTx").asText()).toArray();
    return SignatureHasher.of(Transaction.parse(wire), spentOutputs(test));
  }

  /** A hash that may be absent: no bytes then. */
  static Bytes optional(JsonNode hex) {
    return hex.isNull() ? Bytes.EMPTY : Bytes.parse(hex.asText());
  }
}
