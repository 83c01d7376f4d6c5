package org.chaincore.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chaincore.core.fixture.TestBlocks.block;
import static org.chaincore.core.fixture.TestBlocks.coinbase;
import static org.chaincore.core.fixture.TestBlocks.data;
import static org.chaincore.core.fixture.TestBlocks.pay;
import static org.chaincore.core.fixture.TestBlocks.spend;
import static org.chaincore.core.fixture.TestBlocks.unknown;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.config.BlockLimits;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.ledger.ConnectResult.Connected;
import org.chaincore.core.ledger.ConnectResult.Refused;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.script.PayToPubkeyHash;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.script.Signer;
import org.chaincore.core.script.TransactionSigner;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final int HEIGHT = 300;
  private static final long SUBSIDY = Amount.ofCoins(50).units();

  private static final ChainParams PARAMS =
      TestHeaders.network().limits(new BlockLimits(400_000, 80, 80)).build();

  private final CountingVerifier verifier = new CountingVerifier();
  private final Ledger ledger = Ledger.of(PARAMS, SignatureChecks.of(verifier, 100));
  private final Map<OutPoint, Coin> below = new HashMap<>();
  private final CoinChanges coins = CoinChanges.on(below::get);
  private long coinNumber;

  private OutPoint coin(long units) {
    return coin(pay(units), 1, false);
  }

  private OutPoint coin(TransactionOutput output, int height, boolean isCoinbase) {
    coinNumber++;
    OutPoint outPoint = unknown(coinNumber);
    below.put(outPoint, new Coin(output, height, isCoinbase));
    return outPoint;
  }

  private static SpendContext context() {
    return new SpendContext(HEIGHT, 10_000_000, height -> 10_000L * height);
  }

  private ConnectResult connect(Transaction... transactions) {
    return ledger.connect(block(transactions), coins, context());
  }

  private void assertConnected(Transaction... transactions) {
    assertThat(connect(transactions)).isInstanceOf(Connected.class);
  }

  private void assertRefused(RejectionCode code, Transaction... transactions) {
    Map<OutPoint, Coin> before = new HashMap<>(coins.changed());
    assertThat(connect(transactions))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.rejection().code()).isEqualTo(code));
    assertThat(coins.changed()).isEqualTo(before);
  }

  private static Transaction coinbaseOf(long units) {
    return coinbase(HEIGHT, pay(units));
  }

  @Test
  void params_ofALedger_areThoseItWasMadeFor() {
    assertThat(ledger.params()).isSameAs(PARAMS);
  }

  @Test
  void connect_ofACoinbaseAlone_createsItsCoins() {
    Transaction coinbase = coinbase(HEIGHT, pay(SUBSIDY), data(4));

    ConnectResult result = connect(coinbase);

    assertThat(result).isEqualTo(new Connected(BlockUndo.NOTHING, Amount.ZERO));
    assertThat(coins.changed())
        .containsExactly(Map.entry(coinbase.outPoint(0), new Coin(pay(SUBSIDY), HEIGHT, true)));
  }

  @Test
  void connect_ofASpend_movesTheCoinAndCountsTheFee() {
    OutPoint spent = coin(100);
    Transaction spend = spend(List.of(spent), pay(60), pay(30));

    ConnectResult result = connect(coinbaseOf(SUBSIDY + 10), spend);

    Coin was = new Coin(pay(100), 1, false);
    BlockUndo undo = new BlockUndo(List.of(new SpentCoin(spent, was)));
    assertThat(result).isEqualTo(new Connected(undo, Amount.of(10)));
    assertThat(coins.coin(spent)).isNull();
    assertThat(coins.coin(spend.outPoint(1))).isEqualTo(new Coin(pay(30), HEIGHT, false));
    assertThat(was.amount()).isEqualTo(Amount.of(100));
  }

  @Test
  void connect_ofASpendWithinTheBlock_leavesNoUndoForIt() {
    OutPoint spent = coin(100);
    Transaction first = spend(List.of(spent), pay(100));
    Transaction second = spend(List.of(first.outPoint(0)), pay(100));

    ConnectResult result = connect(coinbaseOf(SUBSIDY), first, second);

    assertThat(result)
        .isInstanceOfSatisfying(
            Connected.class,
            connected ->
                assertThat(connected.undo().spent())
                    .extracting(SpentCoin::outPoint)
                    .containsExactly(spent));
    assertThat(coins.coin(first.outPoint(0))).isNull();
    assertThat(coins.coin(second.outPoint(0))).isNotNull();
  }

  @Test
  void connect_ofASpendBeforeItsParentInTheBlock_isRefused() {
    Transaction first = spend(List.of(coin(100)), pay(100));
    Transaction second = spend(List.of(first.outPoint(0)), pay(100));

    assertRefused(RejectionCode.MISSING_OR_SPENT, coinbaseOf(0), second, first);
    assertConnected(coinbaseOf(0), first, second);
  }

  @Test
  void connect_ofOneCoinSpentTwice_isRefused() {
    OutPoint spent = coin(100);

    assertRefused(
        RejectionCode.MISSING_OR_SPENT,
        coinbaseOf(0),
        spend(List.of(spent), pay(100)),
        spend(List.of(spent), pay(99)));
  }

  @Test
  void connect_ofAnUnknownCoin_namesIt() {
    ConnectResult result = connect(coinbaseOf(0), spend(List.of(unknown(77)), pay(1)));

    assertThat(result)
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.rejection())
                    .hasToString(
                        "bad-txns-inputs-missingorspent: transaction 1: no coin at "
                            + unknown(77)));
  }

  @Test
  void connect_ofADataOutputSpent_isRefused() {
    Transaction parent = spend(List.of(coin(100)), pay(99), data(1));

    assertRefused(
        RejectionCode.MISSING_OR_SPENT,
        coinbaseOf(0),
        parent,
        spend(List.of(parent.outPoint(1)), pay(0)));
  }

  @Test
  void connect_ofACoinbaseSpent_isRefusedUntilItIsMature() {
    OutPoint young = coin(pay(50), HEIGHT - 99, true);
    OutPoint mature = coin(pay(50), HEIGHT - 100, true);

    assertRefused(RejectionCode.IMMATURE_COINBASE, coinbaseOf(0), spend(List.of(young), pay(50)));
    assertConnected(coinbaseOf(0), spend(List.of(mature), pay(50)));
  }

  @Test
  void connect_ofItsOwnCoinbaseSpent_isRefused() {
    Transaction coinbase = coinbaseOf(SUBSIDY);

    assertRefused(
        RejectionCode.IMMATURE_COINBASE,
        coinbase,
        spend(List.of(coinbase.outPoint(0)), pay(SUBSIDY)));
  }

  @Test
  void connect_ofARelativeLock_isRefusedUntilItOpens() {
    OutPoint coin = coin(pay(5), HEIGHT - 9, false);

    assertRefused(RejectionCode.SEQUENCE_LOCKED, coinbaseOf(0), sequenced(coin, 10));
    assertConnected(coinbaseOf(0), sequenced(coin, 9));
  }

  private static Transaction sequenced(OutPoint coin, long sequence) {
    TransactionInput input =
        TransactionInput.spending(coin)
            .withSequence(sequence)
            .withWitness(Witness.of(Bytes.of(new byte[64])));
    return Transaction.of(2, List.of(input), List.of(pay(1)), 0);
  }

  @Test
  void connect_ofMoreOutThanIn_isRefused() {
    OutPoint coin = coin(100);

    assertRefused(
        RejectionCode.INPUTS_BELOW_OUTPUTS, coinbaseOf(0), spend(List.of(coin), pay(101)));
    assertConnected(coinbaseOf(0), spend(List.of(coin), pay(100)));
  }

  @Test
  void connect_ofInputsAboveAllMoney_isRefused() {
    OutPoint all = coin(Amount.MAX_UNITS);
    OutPoint one = coin(1);

    assertRefused(RejectionCode.BAD_OUTPUT_AMOUNT, coinbaseOf(0), spend(List.of(all, one), pay(1)));
    assertConnected(coinbaseOf(0), spend(List.of(all), pay(1)));
  }

  @Test
  void connect_ofFeesAboveAllMoney_isRefused() {
    Transaction first = spend(List.of(coin(Amount.MAX_UNITS)), data(1));
    Transaction second = spend(List.of(coin(1)), data(2));

    assertRefused(RejectionCode.BAD_OUTPUT_AMOUNT, coinbaseOf(0), first, second);
    assertConnected(coinbaseOf(0), first);
  }

  @Test
  void connect_ofACoinbaseThatTakesTooMuch_isRefused() {
    OutPoint coin = coin(100);
    Transaction spend = spend(List.of(coin), pay(93));

    assertRefused(RejectionCode.BAD_COINBASE_AMOUNT, coinbaseOf(SUBSIDY + 8), spend);
    assertRefused(RejectionCode.BAD_COINBASE_AMOUNT, coinbase(HEIGHT, pay(SUBSIDY), pay(8)), spend);
    assertConnected(coinbase(HEIGHT, pay(SUBSIDY), pay(7)), spend);
  }

  @Test
  void connect_ofACoinbaseThatTakesLess_isTaken() {
    assertConnected(coinbaseOf(0), spend(List.of(coin(100)), pay(93)));
  }

  @Test
  void connect_ofABadSignature_isRefused() {
    Transaction spend = spend(List.of(coin(100)), pay(93));
    verifier.answer = false;
    assertRefused(RejectionCode.BAD_SPEND, coinbaseOf(0), spend);

    verifier.answer = true;
    assertConnected(coinbaseOf(0), spend);
  }

  @Test
  void connect_ofTooManySignatureOperationsInACoinbaseAlone_isRefused() {
    TransactionOutput[] outputs = new TransactionOutput[20];
    Arrays.fill(outputs, p2pkh());
    assertConnected(coinbase(HEIGHT, outputs));

    outputs = Arrays.copyOf(outputs, 21);
    outputs[20] = p2pkh();
    assertRefused(RejectionCode.TOO_MANY_SIGNATURE_OPERATIONS, coinbase(HEIGHT, outputs));
  }

  private static TransactionOutput p2pkh() {
    return new TransactionOutput(0, new PayToPubkeyHash(Bytes.of(new byte[20])).script());
  }

  @Test
  void connect_ofTooManySignatureOperationsInAll_isRefused() {
    TransactionOutput[] nineteen = new TransactionOutput[19];
    Arrays.fill(nineteen, p2pkh());
    Transaction coinbase = coinbase(HEIGHT, nineteen);
    Transaction fourMore = spend(List.of(coin(1)), p2pkh());
    Transaction others = spend(List.of(coin(1)), p2pkh());

    assertRefused(RejectionCode.TOO_MANY_SIGNATURE_OPERATIONS, coinbase, fourMore, others);
    assertConnected(coinbase, fourMore);
  }

  @Test
  void connect_ofWitnessKeySpends_countsOneEach() {
    KeyPair key = KeyPair.ofSeed(new byte[32]);
    TransactionOutput output = new TransactionOutput(5, key.payToWitnessPubkeyHash().script());
    TransactionOutput[] nineteen = new TransactionOutput[19];
    Arrays.fill(nineteen, p2pkh());
    Transaction coinbase = coinbase(HEIGHT, nineteen);

    Transaction four = signed(key, output, 4);
    Transaction five = signed(key, output, 5);
    assertRefused(RejectionCode.TOO_MANY_SIGNATURE_OPERATIONS, coinbase, five);
    assertConnected(coinbase, four);
  }

  private Transaction signed(KeyPair key, TransactionOutput output, int inputs) {
    OutPoint[] outPoints = new OutPoint[inputs];
    TransactionOutput[] outputs = new TransactionOutput[inputs];
    for (int i = 0; i < inputs; i++) {
      outPoints[i] = coin(output, 1, false);
      outputs[i] = output;
    }
    Transaction transaction = spend(List.of(outPoints), pay(1));
    TransactionSigner signer = TransactionSigner.of(Signer.bouncyCastle());
    for (int i = 0; i < inputs; i++) {
      transaction = signer.sign(transaction, i, List.of(outputs), key);
    }
    return transaction;
  }

  @Test
  void connect_ofRealSignatures_takesGoodOnesAndRefusesForeign() {
    KeyPair key = KeyPair.ofSeed(new byte[32]);
    Ledger real = Ledger.of(PARAMS, SignatureChecks.of(SignatureVerifier.bouncyCastle(), 10));
    Transaction good = signed(key, new TransactionOutput(5, key.payToTaproot().script()), 1);
    Transaction forged = spend(List.of(good.inputs().get(0).previousOutput()), pay(1));

    assertThat(real.connect(block(coinbaseOf(0), forged), coins, context()))
        .isInstanceOf(Refused.class);
    assertThat(real.connect(block(coinbaseOf(0), good), coins, context()))
        .isInstanceOf(Connected.class);
  }

  @Test
  void connect_ofATransactionVerifiedBefore_asksForNoSignatureAgain() {
    Transaction spend = spend(List.of(coin(100), coin(5)), pay(93));
    Block block = block(coinbaseOf(0), spend);
    ledger.connect(block, CoinChanges.on(below::get), context());
    assertThat(verifier.asked).isEqualTo(2);

    assertConnected(coinbaseOf(0), spend);
    assertThat(verifier.asked).isEqualTo(2);
  }

  @Test
  void connect_ofAnotherWitnessForAVerifiedTransaction_verifiesIt() {
    Transaction spend = spend(List.of(coin(100)), pay(93));
    ledger.connect(block(coinbaseOf(0), spend), CoinChanges.on(below::get), context());
    byte[] other = new byte[64];
    other[0] = 1;
    Transaction mutated =
        spend.withInputs(List.of(spend.inputs().get(0).withWitness(Witness.of(Bytes.of(other)))));
    verifier.answer = false;

    assertThat(mutated.txid()).isEqualTo(spend.txid());
    assertRefused(RejectionCode.BAD_SPEND, coinbaseOf(0), mutated);
  }

  @Test
  void check_ofAFailedTransaction_isNotRemembered() {
    SignatureChecks checks = SignatureChecks.of(verifier, 10);
    Transaction spend = spend(List.of(unknown(1)), pay(1));
    List<Coin> spent = List.of(new Coin(pay(1), 1, false));
    verifier.answer = false;
    assertThat(checks.check(spend, spent)).isPresent();
    assertThat(checks.check(spend, spent)).isPresent();

    verifier.answer = true;
    assertThat(checks.check(spend, spent)).isEmpty();
    assertThat(checks.check(spend, spent)).isEmpty();
    assertThat(verifier.asked).isEqualTo(3);
  }

  @Test
  void checkBlock_ofWhatTheMempoolChecked_asksNothing() {
    SignatureChecks checks = SignatureChecks.of(verifier, 100);
    Transaction spend = spend(List.of(unknown(1)), pay(1));
    List<Coin> spent = List.of(new Coin(pay(1), 1, false));
    checks.check(spend, spent);

    assertThat(checks.checkBlock(List.of(spend), List.of(spent))).isEmpty();
    assertThat(verifier.asked).isEqualTo(1);
  }

  @Test
  void checkBlock_ofManyTransactions_pushesOutNothingOfTheMempool() {
    SignatureChecks checks = SignatureChecks.of(verifier, 40);
    Transaction waiting = spend(List.of(unknown(1)), pay(1));
    List<Coin> spent = List.of(new Coin(pay(1), 1, false));
    checks.check(waiting, spent);
    for (int i = 0; i < 1_000; i++) {
      checks.checkBlock(List.of(spend(List.of(unknown(2 + i)), pay(1))), List.of(spent));
    }
    int before = verifier.asked;

    assertThat(checks.checkBlock(List.of(waiting), List.of(spent))).isEmpty();
    assertThat(verifier.asked).isEqualTo(before);
  }

  @Test
  void checkBlock_ofWhatABlockBroughtBefore_asksNothing() {
    SignatureChecks checks = SignatureChecks.of(verifier, 40);
    Transaction spend = spend(List.of(unknown(1)), pay(1));
    List<Coin> spent = List.of(new Coin(pay(1), 1, false));
    checks.checkBlock(List.of(spend), List.of(spent));

    assertThat(checks.checkBlock(List.of(spend), List.of(spent))).isEmpty();
    assertThat(verifier.asked).isEqualTo(1);
  }

  @Test
  void checkBlock_withABadOneAmongVerified_namesItsPlaceAndRemembersThoseBefore() {
    SignatureChecks checks = SignatureChecks.of(verifier, 40);
    List<Coin> spent = List.of(new Coin(pay(1), 1, false));
    Transaction known = spend(List.of(unknown(1)), pay(1));
    Transaction good = spend(List.of(unknown(2)), pay(1));
    Transaction bad =
        spend(List.of(unknown(3)), pay(1))
            .withInputs(List.of(TransactionInput.spending(unknown(3))));
    checks.check(known, spent);

    assertThat(
            checks
                .checkBlock(List.of(known, good, bad, good), List.of(spent, spent, spent, spent))
                .orElseThrow()
                .transaction())
        .isEqualTo(2);
    int before = verifier.asked;
    assertThat(checks.check(good, spent)).isEmpty();
    assertThat(verifier.asked).isEqualTo(before);
  }

  @Test
  void check_ofSeveralMissingCoins_namesAllInOrder() {
    SpendResult result =
        SpendRules.of(PARAMS)
            .check(
                spend(List.of(unknown(70), coin(1), unknown(71)), pay(1)), below::get, context());

    assertThat(result).isEqualTo(new SpendResult.Missing(List.of(unknown(70), unknown(71))));
  }

  @Test
  void isEmpty_ofChanges_isTrueUntilSomethingChanges() {
    assertThat(coins.isEmpty()).isTrue();
    assertConnected(coinbaseOf(0));
    assertThat(coins.isEmpty()).isFalse();
  }
}
