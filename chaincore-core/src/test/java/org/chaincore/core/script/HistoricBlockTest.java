package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.fixture.Vectors;
import org.chaincore.core.script.ScriptFailure.Code;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;

/** Block 300025 of Bitcoin's main network, of May 2014, with the outputs that it spends. */
class HistoricBlockTest {
  private final InputVerifier historic =
      InputVerifier.of(SignatureVerifier.best(), VerificationRules.HISTORIC);
  private final InputVerifier own =
      InputVerifier.of(SignatureVerifier.pureJava(), VerificationRules.HISTORIC);
  private final InputVerifier bouncyCastle =
      InputVerifier.of(SignatureVerifier.bouncyCastle(), VerificationRules.HISTORIC);
  private final InputVerifier strict = InputVerifier.of(SignatureVerifier.best());

  @Test
  void verify_everyP2pkhInput_maySpend() {
    Vectors vectors = Vectors.in("blocks-mainnet-legacy");
    JsonNode expected = vectors.json("expected.json").get("block300025.bin");
    Block block = Block.parse(vectors.bytes("block300025.bin"));
    assertThat(block.hash()).hasToString(expected.get("hash").asText());
    ByteReader prevouts = ByteReader.of(vectors.bytes("block300025.prevouts"));
    Map<String, Integer> skipped = new TreeMap<>();
    Map<Code, Integer> tooOld = new TreeMap<>();
    int ran = 0;
    int inputs = 1;
    for (Transaction transaction : block.transactions().subList(1, block.transactions().size())) {
      List<TransactionOutput> spent = new ArrayList<>();
      for (int i = 0; i < transaction.inputs().size(); i++) {
        spent.add(new TransactionOutput(prevouts.int64("value"), prevouts.varBytes("script")));
      }
      inputs += spent.size();
      SignatureHasher hashes = SignatureHasher.of(transaction, spent);
      for (int i = 0; i < spent.size(); i++) {
        if (!PayToPubkeyHash.matches(spent.get(i).script())) {
          skipped.merge(kind(spent.get(i).script()), 1, Integer::sum);
          continue;
        }
        assertThat(historic.verify(hashes, i)).as("%s input %s", transaction, i).isEmpty();
        assertThat(own.verify(hashes, i)).as("%s input %s", transaction, i).isEmpty();
        assertThat(bouncyCastle.verify(hashes, i)).as("%s input %s", transaction, i).isEmpty();
        strict.verify(hashes, i).ifPresent(f -> tooOld.merge(f.code(), 1, Integer::sum));
        ran++;
      }
    }
    prevouts.expectEnd("prevouts");
    assertThat(inputs).isEqualTo(expected.get("inputs").asInt());
    // Half of all signatures were made with a high s before wallets avoided it.
    assertThat(tooOld).containsOnlyKeys(Code.HIGH_S);
    int skippedInAll = skipped.values().stream().mapToInt(Integer::intValue).sum();
    vectors.ran("block300025.bin P2PKH inputs", ran, skippedInAll, skipped.toString());
  }

  private static String kind(Bytes script) {
    if (script.length() == 23 && script.unsignedAt(0) == Opcode.HASH160) {
      return "P2SH";
    }
    int last = script.isEmpty() ? 0 : script.unsignedAt(script.length() - 1);
    return last == Opcode.CHECKMULTISIG ? "multisig" : last == Opcode.CHECKSIG ? "P2PK" : "other";
  }
}
