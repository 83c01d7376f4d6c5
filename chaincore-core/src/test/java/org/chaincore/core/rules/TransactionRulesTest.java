package org.chaincore.core.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chaincore.core.fixture.TestBlocks.coinbase;
import static org.chaincore.core.fixture.TestBlocks.data;
import static org.chaincore.core.fixture.TestBlocks.pay;
import static org.chaincore.core.fixture.TestBlocks.spend;
import static org.chaincore.core.fixture.TestBlocks.unknown;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.config.BlockLimits;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.script.PayToWitnessPubkeyHash;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionRulesTest {
  private static final BlockLimits SMALL = new BlockLimits(40_000, 80, 9_990);

  private static final TransactionRules RULES =
      TransactionRules.of(TestHeaders.network().limits(SMALL).build());

  private static TransactionRules rules(int maxDataOutputBytes) {
    ChainParams params =
        TestHeaders.network().limits(new BlockLimits(40_000, 80, maxDataOutputBytes)).build();
    return TransactionRules.of(params);
  }

  private static void assertRefused(Transaction transaction, RejectionCode code) {
    assertThat(RULES.check(transaction).map(Rejection::code)).contains(code);
  }

  private static void assertTaken(Transaction transaction) {
    assertThat(RULES.check(transaction)).isEmpty();
  }

  @Test
  void check_withoutOutputs_isRefused() {
    assertRefused(spend(List.of(unknown(1))), RejectionCode.NO_OUTPUTS);
    assertTaken(spend(List.of(unknown(1)), data(4)));
  }

  @Test
  void check_of64Bytes_isRefusedAnd63And65Taken() {
    // 10 bytes around one input of 41 and one output of 9 and its script.
    assertThat(withScript(4).strippedSize()).isEqualTo(64);
    assertRefused(withScript(4), RejectionCode.TRANSACTION_OF_64_BYTES);
    assertTaken(withScript(3));
    assertTaken(withScript(5));
  }

  private static Transaction withScript(int scriptBytes) {
    return spend(List.of(unknown(1)), data(scriptBytes - 2));
  }

  @Test
  void check_ofMoreThanTheBlockMayHave_isRefusedAtTheFirstByteAbove() {
    int rest = spend(List.of(unknown(1)), data(9_900)).strippedSize() - 9_900;

    Transaction largest = spend(List.of(unknown(1)), data(10_000 - rest));
    assertThat(largest.strippedSize()).isEqualTo(10_000);
    assertTaken(largest);
    assertRefused(spend(List.of(unknown(1)), data(10_001 - rest)), RejectionCode.OVERSIZE);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Amount.MAX_UNITS + 1, Long.MAX_VALUE})
  void check_ofAnOutputThatIsNoAmount_isRefused(long units) {
    assertRefused(spend(List.of(unknown(1)), pay(1), pay(units)), RejectionCode.BAD_OUTPUT_AMOUNT);
  }

  @Test
  void check_ofOutputsAboveAllMoney_isRefusedAndExactlyAllTaken() {
    assertTaken(spend(List.of(unknown(1)), pay(Amount.MAX_UNITS - 5), pay(5), pay(0)));
    assertRefused(
        spend(List.of(unknown(1)), pay(Amount.MAX_UNITS - 5), pay(5), pay(1)),
        RejectionCode.BAD_OUTPUT_AMOUNT);
  }

  @Test
  void check_ofAnUnknownScript_isRefused() {
    TransactionOutput anyone = new TransactionOutput(1, Bytes.parse("51"));
    TransactionOutput p2sh = new TransactionOutput(1, Bytes.parse("a914" + "00".repeat(20) + "87"));

    assertRefused(spend(List.of(unknown(1)), pay(1), anyone), RejectionCode.OUTPUT_SCRIPT_REFUSED);
    assertRefused(spend(List.of(unknown(1)), p2sh), RejectionCode.OUTPUT_SCRIPT_REFUSED);
  }

  @Test
  void check_ofData_isTakenUpToTheLimit() {
    Transaction hundred = spend(List.of(unknown(1)), data(100));

    assertThat(rules(100).check(hundred)).isEmpty();
    assertThat(rules(99).check(hundred))
        .contains(
            Rejection.of(
                RejectionCode.DATA_OUTPUT_TOO_LARGE, "output 0 carries 100 bytes, at most 99"));
  }

  @Test
  void check_ofCoinbaseScripts_takesTwoTo100Bytes() {
    assertRefused(coinbaseOf(1), RejectionCode.BAD_COINBASE_LENGTH);
    assertTaken(coinbaseOf(2));
    assertTaken(coinbaseOf(100));
    assertRefused(coinbaseOf(101), RejectionCode.BAD_COINBASE_LENGTH);
  }

  private static Transaction coinbaseOf(int scriptBytes) {
    return coinbase(Bytes.of(new byte[scriptBytes]), Witness.EMPTY, pay(1));
  }

  @Test
  void check_ofANullInputAmongOthers_isRefused() {
    assertRefused(spend(List.of(unknown(1), OutPoint.NULL), pay(1)), RejectionCode.NULL_INPUT);
    OutPoint almost = new OutPoint(Hash256.ZERO, 0);
    assertTaken(spend(List.of(unknown(1), almost), pay(1)));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 8, 9, 60})
  void check_ofOneCoinTwice_isRefusedHoweverManyInputs(int inputs) {
    List<OutPoint> coins =
        new ArrayList<>(LongStream.range(0, inputs - 1).mapToObj(n -> unknown(n)).toList());
    coins.add(unknown(77));
    assertTaken(spend(coins, pay(1)));

    coins.set(inputs - 1, coins.get(0));
    assertRefused(spend(coins, pay(1)), RejectionCode.DUPLICATE_INPUTS);
  }

  /** Without an order among out points each look-up would walk all that collide: many seconds. */
  @Test
  @Timeout(5)
  void check_ofManyInputsChosenToCollide_isNotSlow() {
    List<OutPoint> coins = new ArrayList<>();
    for (int i = 0; i < 24_000; i++) {
      Hash256 txid = Hash256.ofWords(i, 1, 2, 3);
      coins.add(new OutPoint(txid, -31 * txid.hashCode()));
    }
    assertThat(coins.stream().map(OutPoint::hashCode).distinct()).hasSize(1);
    ChainParams roomy = TestHeaders.network().limits(BlockLimits.BITCOIN).build();

    assertThat(TransactionRules.of(roomy).check(spend(coins, pay(1)))).isEmpty();
  }

  @Test
  void isFinal_withoutLockTime_isTrue() {
    assertThat(TransactionRules.isFinal(locked(0, 0), 0, 0)).isTrue();
  }

  @Test
  void isFinal_lockedByHeight_isTrueFromTheHeightAbove() {
    assertThat(TransactionRules.isFinal(locked(100, 0), 100, Long.MAX_VALUE)).isFalse();
    assertThat(TransactionRules.isFinal(locked(100, 0), 101, 0)).isTrue();
    assertThat(TransactionRules.isFinal(locked(499_999_999, 0), 499_999_999, 600_000_000))
        .isFalse();
  }

  @Test
  void isFinal_lockedByTime_isTrueFromTheSecondAfter() {
    assertThat(TransactionRules.isFinal(locked(500_000_000, 0), 600_000_000, 500_000_000))
        .isFalse();
    assertThat(TransactionRules.isFinal(locked(500_000_000, 0), 1, 500_000_001)).isTrue();
  }

  @Test
  void isFinal_withFinalSequences_ignoresTheLockTime() {
    assertThat(TransactionRules.isFinal(locked(100, TransactionInput.FINAL_SEQUENCE), 1, 0))
        .isTrue();
    assertThat(TransactionRules.isFinal(locked(100, TransactionInput.FINAL_SEQUENCE - 1), 1, 0))
        .isFalse();
  }

  private static Transaction locked(long lockTime, long sequence) {
    List<TransactionInput> inputs =
        List.of(
            TransactionInput.spending(unknown(1)),
            TransactionInput.spending(unknown(2)).withSequence(sequence));
    return Transaction.of(2, inputs, List.of(pay(1)), lockTime);
  }

  @Test
  void check_ofEachTemplate_isTaken() {
    TransactionOutput p2wpkh =
        new TransactionOutput(1, new PayToWitnessPubkeyHash(Bytes.of(new byte[20])).script());
    Optional<Rejection> rejection =
        RULES.check(spend(List.of(unknown(1)), p2wpkh, pay(1), data(0)));

    assertThat(rejection).isEmpty();
  }
}
