package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.fixture.Vectors;
import org.chaincore.core.script.ScriptFailure.Code;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

/** Bitcoin Core's script and transaction cases, as far as the templates reach. */
class ScriptVectorsTest {
  private static final Map<String, Code> CODES =
      Map.of(
          "OP_RETURN", Code.NOT_SPENDABLE,
          "EQUALVERIFY", Code.KEY_HASH,
          "EVAL_FALSE", Code.SIGNATURE,
          "WITNESS_PROGRAM_MISMATCH", Code.WITNESS,
          "WITNESS_MALLEATED", Code.SCRIPT_SIG,
          "WITNESS_PUBKEYTYPE", Code.PUBLIC_KEY);

  private final SignatureVerifier signatures = SignatureVerifier.best();
  private final Map<String, Integer> skipped = new TreeMap<>();
  private int ran;

  @Test
  void scriptTests_templates_giveTheExpectedResult() {
    Vectors vectors = Vectors.in("script-tx-sighash");
    for (JsonNode test : vectors.json("script_tests.json")) {
      if (test.size() >= 4) {
        runScriptTest(test);
      }
    }
    assertThat(ran).isEqualTo(11);
    vectors.ran("script_tests.json", ran, skippedInAll(), skipped.toString());
  }

  private void runScriptTest(JsonNode test) {
    boolean hasWitness = test.get(0).isArray();
    int at = hasWitness ? 1 : 0;
    String flags = test.get(at + 2).asText();
    Optional<Bytes> scriptSig = ScriptText.assemble(test.get(at).asText());
    Optional<Bytes> script = ScriptText.assemble(test.get(at + 1).asText());
    if (script.flatMap(OutputTemplate::parse).isEmpty()) {
      skip("script is no template");
      return;
    }
    if (scriptSig.isEmpty()) {
      skip("scriptSig is more than pushes");
      return;
    }
    if (!flags.contains("WITNESS")
        && script.filter(PayToPubkeyHash::matches).isEmpty()
        && script.filter(DataOutput::matches).isEmpty()) {
      skip("witness program before BIP141 was in force");
      return;
    }
    List<Bytes> witness = new ArrayList<>();
    long units = 0;
    if (hasWitness) {
      JsonNode stack = test.get(0);
      units = new BigDecimal(stack.get(stack.size() - 1).asText()).movePointRight(8).longValue();
      for (int i = 0; i < stack.size() - 1; i++) {
        witness.add(Bytes.parse(stack.get(i).asText()));
      }
    }
    TransactionOutput spent = new TransactionOutput(units, script.get());
    Transaction transaction = spending(spent, scriptSig.get(), new Witness(witness));
    Optional<ScriptFailure> failure =
        InputVerifier.of(signatures, rules(Set.of(flags.split(","))))
            .verifyAll(transaction, List.of(spent));
    String expected = test.get(at + 3).asText();
    if (expected.equals("OK")) {
      assertThat(failure).as(test.toString()).isEmpty();
    } else {
      assertThat(failure.map(ScriptFailure::code))
          .as(test.toString())
          .contains(CODES.getOrDefault(expected, Code.ANNEX));
    }
    ran++;
  }

  /** The two transactions that the cases are defined by. */
  private static Transaction spending(TransactionOutput spent, Bytes scriptSig, Witness witness) {
    TransactionInput nothing =
        TransactionInput.spending(OutPoint.NULL).withScriptSig(Bytes.parse("0000"));
    Transaction credit = Transaction.of(1, List.of(nothing), List.of(spent), 0);
    TransactionInput input =
        TransactionInput.spending(new OutPoint(credit.txid(), 0))
            .withScriptSig(scriptSig)
            .withWitness(witness);
    TransactionOutput output = new TransactionOutput(spent.units(), Bytes.EMPTY);
    return Transaction.of(1, List.of(input), List.of(output), 0);
  }

  private static VerificationRules rules(Set<String> flags) {
    return new VerificationRules(
        flags.contains("LOW_S"),
        flags.contains("STRICTENC"),
        flags.contains("MINIMALDATA"),
        flags.contains("WITNESS_PUBKEYTYPE"));
  }

  @Test
  void txValid_templateInputs_maySpend() {
    Vectors vectors = Vectors.in("script-tx-sighash");
    for (JsonNode test : vectors.json("tx_valid.json")) {
      if (test.size() >= 3) {
        runValid(test);
      }
    }
    assertThat(ran).isEqualTo(39);
    vectors.ran("tx_valid.json inputs", ran, skippedInAll(), skipped.toString());
  }

  private void runValid(JsonNode test) {
    Transaction transaction = Transaction.parse(Bytes.parse(test.get(1).asText()).toArray());
    Set<String> excluded = Set.of(test.get(2).asText().split(","));
    List<TransactionOutput> spent = spentOutputs(test, transaction);
    SignatureHasher hashes = SignatureHasher.of(transaction, spent);
    for (int i = 0; i < spent.size(); i++) {
      Bytes script = spent.get(i).script();
      if (!isSpendable(script)) {
        skip("script is no template");
      } else if ((excluded.contains("WITNESS") && !PayToPubkeyHash.matches(script))
          || (excluded.contains("TAPROOT") && PayToTaproot.matches(script))) {
        skip("witness program before its rules were in force");
      } else if (PayToPubkeyHash.matches(script) && !isTwoPushes(hashes, i)) {
        skip("scriptSig is more than two pushes");
      } else {
        VerificationRules rules =
            new VerificationRules(
                !excluded.contains("LOW_S"),
                !excluded.contains("STRICTENC"),
                !excluded.contains("MINIMALDATA"),
                !excluded.contains("WITNESS_PUBKEYTYPE"));
        Optional<ScriptFailure> failure = InputVerifier.of(signatures, rules).verify(hashes, i);
        if (excluded.contains("DERSIG")
            && failure.filter(f -> f.code() == Code.SIGNATURE_ENCODING).isPresent()) {
          skip("signature is not strict DER, as before BIP66");
          continue;
        }
        assertThat(failure).as(test.toString()).isEmpty();
        ran++;
      }
    }
  }

  private static boolean isTwoPushes(SignatureHasher hashes, int input) {
    Bytes scriptSig = hashes.transaction().inputs().get(input).scriptSig();
    Push first = Push.at(scriptSig, 0);
    Push second = first == null ? null : Push.at(scriptSig, first.to());
    return second != null && second.to() == scriptSig.length();
  }

  @Test
  void txInvalid_templatesOnly_oneInputMayNotSpend() {
    Vectors vectors = Vectors.in("script-tx-sighash");
    for (JsonNode test : vectors.json("tx_invalid.json")) {
      if (test.size() >= 3) {
        runInvalid(test);
      }
    }
    assertThat(ran).isEqualTo(5);
    vectors.ran("tx_invalid.json", ran, skippedInAll(), skipped.toString());
  }

  private void runInvalid(JsonNode test) {
    if (test.get(2).asText().equals("BADTX")) {
      skip("invalid without its scripts");
      return;
    }
    Transaction transaction;
    try {
      transaction = Transaction.parse(Bytes.parse(test.get(1).asText()).toArray());
    } catch (MalformedBytesException e) {
      skip("no transaction encoding");
      return;
    }
    List<TransactionOutput> spent = spentOutputs(test, transaction);
    if (!spent.stream().allMatch(output -> isSpendable(output.script()))) {
      skip("script is no template");
      return;
    }
    Set<String> flags = Set.of(test.get(2).asText().split(","));
    assertThat(InputVerifier.of(signatures, rules(flags)).verifyAll(transaction, spent))
        .as(test.toString())
        .isPresent();
    ran++;
  }

  private static boolean isSpendable(Bytes script) {
    return OutputTemplate.parse(script).filter(OutputTemplate::isSpendable).isPresent();
  }

  private static List<TransactionOutput> spentOutputs(JsonNode test, Transaction transaction) {
    Map<OutPoint, TransactionOutput> byOutPoint = new HashMap<>();
    for (JsonNode input : test.get(0)) {
      OutPoint outPoint = new OutPoint(Hash256.parse(input.get(0).asText()), input.get(1).asInt());
      // A script with an opcode that no template has stands as one byte that is no template.
      Bytes script = ScriptText.assemble(input.get(2).asText()).orElse(Bytes.parse("61"));
      long units = input.size() > 3 ? input.get(3).asLong() : 0;
      byOutPoint.put(outPoint, new TransactionOutput(units, script));
    }
    return transaction.inputs().stream()
        .map(
            input -> {
              TransactionOutput output = byOutPoint.get(input.previousOutput());
              return output == null ? new TransactionOutput(0, Bytes.EMPTY) : output;
            })
        .toList();
  }

  private void skip(String why) {
    skipped.merge(why, 1, Integer::sum);
  }

  private int skippedInAll() {
    return skipped.values().stream().mapToInt(Integer::intValue).sum();
  }
}
