package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureOperationsTest {
  @ParameterizedTest
  @CsvSource({
    "'',0",
    "ac,1",
    "ad,1",
    "ae,20",
    "af,20",
    "5121000000000000000000000000000000000000000000000000000000000000000000ac,1",
    "02acac,0",
    "4c02acac,0",
    "4d0200acacac,1",
    "4e02000000acacae,20",
    "ac05acac,1",
    "ac4c,1",
    "ac4effffffffacac,1",
  })
  void legacyCount_script_countsOpcodesOutsidePushes(String script, int expected) {
    assertThat(SignatureOperations.legacyCount(Bytes.parse(script))).isEqualTo(expected);
  }

  @Test
  void legacyCount_transaction_addsScriptSigsAndOutputs() {
    Transaction unsigned = Samples.unsigned(2, 1);
    Transaction transaction =
        Transaction.of(
            1,
            List.of(
                unsigned.inputs().get(0).withScriptSig(Bytes.parse("ac")),
                unsigned.inputs().get(1)),
            List.of(
                Samples.output(1, Samples.key(1).payToPubkeyHash()),
                new TransactionOutput(1, Bytes.parse("ae"))),
            0);
    assertThat(SignatureOperations.legacyCount(transaction)).isEqualTo(1 + 1 + 20);
  }

  @Test
  void spendCost_ofEachTemplate_isOneForP2wpkhOnly() {
    KeyPair key = Samples.key(1);
    assertThat(SignatureOperations.spendCost(key.payToWitnessPubkeyHash().script())).isEqualTo(1);
    assertThat(SignatureOperations.spendCost(key.payToPubkeyHash().script())).isZero();
    assertThat(SignatureOperations.spendCost(key.payToTaproot().script())).isZero();
  }
}
