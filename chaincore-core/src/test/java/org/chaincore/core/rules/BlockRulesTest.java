package org.chaincore.core.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chaincore.core.fixture.TestBlocks.block;
import static org.chaincore.core.fixture.TestBlocks.coinbase;
import static org.chaincore.core.fixture.TestBlocks.data;
import static org.chaincore.core.fixture.TestBlocks.pay;
import static org.chaincore.core.fixture.TestBlocks.spend;
import static org.chaincore.core.fixture.TestBlocks.unknown;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.config.BlockLimits;
import org.chaincore.core.config.BodyRules;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockRulesTest {
  private static final int HEIGHT = 300;
  private static final long MEDIAN = 1_600_000_000L;
  private static final int MAX_WEIGHT = 40_000;

  private static final ChainParams PARAMS =
      TestHeaders.network().limits(new BlockLimits(MAX_WEIGHT, 80, 20_000)).build();

  private static final BlockRules RULES = BlockRules.of(PARAMS);

  private final Transaction coinbase = coinbase(HEIGHT, pay(50));
  private final Transaction first = stripped(spend(List.of(unknown(1)), pay(1)));
  private final Transaction second = stripped(spend(List.of(unknown(2)), pay(2)));
  private final Transaction witnessed = spend(List.of(unknown(1)), pay(1));

  private static void assertRefused(Optional<Rejection> rejection, RejectionCode code) {
    assertThat(rejection.map(Rejection::code)).contains(code);
  }

  private static Optional<Rejection> at(Block block) {
    return RULES.checkAt(block, HEIGHT, MEDIAN);
  }

  /** The same header over another body. */
  private static Block under(Block header, Transaction... transactions) {
    return new Block(header.header(), List.of(transactions));
  }

  @Test
  void check_ofAPlainBlock_isTaken() {
    Block block = block(coinbase, first);

    assertThat(RULES.check(block)).isEmpty();
    assertThat(at(block)).isEmpty();
  }

  private static Transaction stripped(Transaction transaction) {
    return transaction.withInputs(
        transaction.inputs().stream().map(input -> input.withWitness(Witness.EMPTY)).toList());
  }

  @Test
  void check_onANetworkOfHeaders_isRefused() {
    Block block = block(coinbase);
    ChainParams headers = TestHeaders.network().bodyRules(BodyRules.HEADERS_ONLY).build();

    assertRefused(BlockRules.of(headers).check(block), RejectionCode.BODIES_NOT_JUDGED);
    assertRefused(
        BlockRules.of(Networks.bitcoinMainnet()).check(Networks.bitcoinMainnet().genesis()),
        RejectionCode.BODIES_NOT_JUDGED);
  }

  @Test
  void check_ofTransactionsTheHeaderDoesNotName_isRefused() {
    Block block = block(coinbase, first, second);

    assertRefused(
        RULES.check(under(block, coinbase, second, first)), RejectionCode.BAD_MERKLE_ROOT);
    assertRefused(RULES.check(under(block, coinbase, first)), RejectionCode.BAD_MERKLE_ROOT);
    assertRefused(RULES.check(under(block)), RejectionCode.BAD_MERKLE_ROOT);
  }

  @Test
  void check_ofNoTransactionsThatTheHeaderNames_isHeldAgainstTheHeader() {
    Optional<Rejection> rejection = RULES.check(block());

    assertRefused(rejection, RejectionCode.BAD_BLOCK_LENGTH);
    assertThat(rejection.map(r -> r.code().blamesBodyOnly())).contains(false);
  }

  @Test
  void check_ofARepeatedLastTransaction_isMutated() {
    Block honest = block(coinbase, first, second);

    assertThat(RULES.check(honest)).isEmpty();
    assertRefused(
        RULES.check(under(honest, coinbase, first, second, second)),
        RejectionCode.MUTATED_TRANSACTIONS);
  }

  @Test
  void check_ofATransactionOf64Bytes_blamesTheBodyAlone() {
    Transaction sixtyFour = spend(List.of(unknown(1)), data(2));
    Transaction sixtyFive = stripped(spend(List.of(unknown(1)), data(3)));

    assertThat(sixtyFour.strippedSize()).isEqualTo(64);
    assertRefused(RULES.check(block(coinbase, sixtyFour)), RejectionCode.TRANSACTION_OF_64_BYTES);
    assertThat(RULES.check(block(coinbase, sixtyFive))).isEmpty();
  }

  /**
   * Two hashes that happen to read as a transaction, served under the honest block's header: were
   * the missing coinbase found first, the honest block would be remembered as invalid.
   */
  @Test
  void check_ofInnerNodesAsTransactions_blamesTheBodyAlone() {
    Transaction node = spend(List.of(unknown(1)), data(2));
    Transaction otherNode = spend(List.of(unknown(2)), data(2));

    Optional<Rejection> rejection = RULES.check(block(node, otherNode));

    assertRefused(rejection, RejectionCode.TRANSACTION_OF_64_BYTES);
    assertThat(rejection.map(r -> r.code().blamesBodyOnly())).contains(true);
  }

  @Test
  void check_ofMoreBytesThanAQuarterOfTheWeight_isRefused() {
    Block largest = blockOfStrippedSize(MAX_WEIGHT / 4);
    Block tooLarge = blockOfStrippedSize(MAX_WEIGHT / 4 + 1);

    assertThat(largest.weight()).isEqualTo(MAX_WEIGHT);
    assertThat(RULES.check(largest)).isEmpty();
    assertThat(at(largest)).isEmpty();
    assertRefused(RULES.check(tooLarge), RejectionCode.BAD_BLOCK_LENGTH);
  }

  private Block blockOfStrippedSize(int size) {
    int rest = block(coinbase, spend(List.of(unknown(1)), data(5_000))).strippedSize() - 5_000;
    return block(coinbase, stripped(spend(List.of(unknown(1)), data(size - rest))));
  }

  @Test
  void check_withoutCoinbaseInFront_isRefused() {
    assertRefused(RULES.check(block(first, second)), RejectionCode.MISSING_COINBASE);
    assertRefused(RULES.check(block(first, coinbase)), RejectionCode.MISSING_COINBASE);
  }

  @Test
  void check_ofTwoCoinbases_isRefused() {
    Transaction other = coinbase(HEIGHT + 1, pay(50));

    assertRefused(RULES.check(block(coinbase, first, other)), RejectionCode.MULTIPLE_COINBASES);
  }

  @Test
  void check_ofABadTransaction_saysWhich() {
    Block block = block(coinbase, first, stripped(spend(List.of(unknown(2)), pay(-1))));

    assertThat(RULES.check(block))
        .contains(
            Rejection.of(RejectionCode.BAD_OUTPUT_AMOUNT, "transaction 2: output 0 is worth -1"));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 16, 17, 128, 32_768})
  void checkAt_ofAnotherHeightInTheCoinbase_isRefused(int height) {
    Block block = block(coinbase(height, pay(50)));

    assertThat(RULES.checkAt(block, height, MEDIAN)).isEmpty();
    assertRefused(RULES.checkAt(block, height + 1, MEDIAN), RejectionCode.BAD_COINBASE_HEIGHT);
    assertRefused(RULES.checkAt(block, height - 1, MEDIAN), RejectionCode.BAD_COINBASE_HEIGHT);
  }

  @Test
  void checkAt_belowTheActivationOfHeights_doesNotAskForOne() {
    BlockRules mainnet = BlockRules.of(Networks.bitcoinMainnet());
    Block block = block(coinbase(5, pay(50)));

    assertThat(mainnet.checkAt(block, 227_930, MEDIAN)).isEmpty();
    assertRefused(mainnet.checkAt(block, 227_931, MEDIAN), RejectionCode.BAD_COINBASE_HEIGHT);
  }

  @Test
  void checkAt_ofALockedTransaction_isRefusedUntilItsHeight() {
    assertThat(at(block(coinbase, locked(HEIGHT - 1)))).isEmpty();
    assertThat(at(block(coinbase, locked(HEIGHT))))
        .contains(Rejection.of(RejectionCode.NOT_FINAL, "transaction 1 is locked at height 300"));
  }

  @Test
  void checkAt_ofATransactionLockedByTime_isJudgedByTheMedianTime() {
    assertThat(at(block(coinbase, locked(MEDIAN - 1)))).isEmpty();
    assertRefused(at(block(coinbase, locked(MEDIAN))), RejectionCode.NOT_FINAL);
  }

  private static Transaction locked(long lockTime) {
    TransactionInput input = TransactionInput.spending(unknown(1)).withSequence(0);
    return Transaction.of(2, List.of(input), List.of(pay(1)), lockTime);
  }

  @Test
  void check_ofACommittedWitness_isTaken() {
    assertThat(RULES.check(committed(WitnessCommitment.nonce(), witnessed, second))).isEmpty();
  }

  private static Block committed(Bytes nonce, Transaction... transactions) {
    TransactionOutput commitment = WitnessCommitment.output(List.of(transactions));
    Transaction coinbase = coinbase(HEIGHT, Witness.of(nonce), pay(50), commitment);
    List<Transaction> all = new ArrayList<>(List.of(coinbase));
    all.addAll(List.of(transactions));
    return block(all);
  }

  @Test
  void check_ofAnotherWitnessThanCommitted_isRefused() {
    Block block = committed(WitnessCommitment.nonce(), witnessed);
    Witness other = Witness.of(Bytes.of(new byte[65]));
    Transaction forged =
        witnessed.withInputs(List.of(witnessed.inputs().get(0).withWitness(other)));
    Block mutated = under(block, block.transactions().get(0), forged);

    assertRefused(RULES.check(mutated), RejectionCode.BAD_WITNESS_COMMITMENT);
  }

  @Test
  void check_ofAnotherNonceThanCommitted_isRefused() {
    Block block = committed(Bytes.of(new byte[32]), witnessed);
    byte[] nonce = new byte[32];
    nonce[0] = 1;

    assertThat(RULES.check(block)).isEmpty();
    assertRefused(
        RULES.check(committed(Bytes.of(nonce), witnessed)), RejectionCode.BAD_WITNESS_COMMITMENT);
  }

  @Test
  void check_ofACommitmentWithoutNonceOf32Bytes_isRefused() {
    TransactionOutput commitment = WitnessCommitment.output(List.of());
    Bytes nonce = WitnessCommitment.nonce();
    List<Witness> bad =
        List.of(
            Witness.EMPTY,
            Witness.of(Bytes.of(new byte[31])),
            Witness.of(Bytes.of(new byte[33])),
            Witness.of(nonce, nonce));

    for (Witness witness : bad) {
      Block block = block(coinbase(HEIGHT, witness, commitment));
      assertRefused(RULES.check(block), RejectionCode.BAD_WITNESS_NONCE);
    }
    assertThat(RULES.check(block(coinbase(HEIGHT, Witness.of(nonce), commitment)))).isEmpty();
  }

  @Test
  void check_ofAWitnessWithoutCommitment_isRefused() {
    assertRefused(RULES.check(block(coinbase, witnessed)), RejectionCode.UNEXPECTED_WITNESS);
    Transaction alone = coinbase(HEIGHT, Witness.of(WitnessCommitment.nonce()), pay(50));
    assertRefused(RULES.check(block(alone)), RejectionCode.UNEXPECTED_WITNESS);
  }

  @Test
  void check_ofTwoCommitments_takesTheLast() {
    TransactionOutput good = WitnessCommitment.output(List.of(witnessed));
    TransactionOutput bad = WitnessCommitment.output(List.of(second));
    Witness nonce = Witness.of(WitnessCommitment.nonce());

    assertThat(RULES.check(block(coinbase(HEIGHT, nonce, bad, good, pay(1)), witnessed))).isEmpty();
    assertRefused(
        RULES.check(block(coinbase(HEIGHT, nonce, good, bad, pay(1)), witnessed)),
        RejectionCode.BAD_WITNESS_COMMITMENT);
  }

  @Test
  void check_ofOutputsThatOnlyLookLikeACommitment_findsNone() {
    TransactionOutput shorter =
        new TransactionOutput(0, Bytes.parse("6a23aa21a9ed" + "00".repeat(31)));
    TransactionOutput other =
        new TransactionOutput(0, Bytes.parse("6a24aa21a9ee" + "00".repeat(32)));

    assertThat(RULES.check(block(coinbase(HEIGHT, shorter, other)))).isEmpty();
  }

  @Test
  void check_ofAWitnessThatMakesTheBlockTooHeavy_isRefused() {
    Block light = witnessBlock(1_000);
    int room = MAX_WEIGHT - light.weight();

    Block heaviest = witnessBlock(1_000 + room);
    assertThat(heaviest.weight()).isEqualTo(MAX_WEIGHT);
    assertThat(RULES.check(heaviest)).isEmpty();
    Block tooHeavy = witnessBlock(1_001 + room);
    assertRefused(RULES.check(tooHeavy), RejectionCode.BAD_BLOCK_LENGTH);
  }

  private Block witnessBlock(int witnessBytes) {
    Witness witness = Witness.of(Bytes.of(new byte[witnessBytes]));
    TransactionInput input = TransactionInput.spending(unknown(1)).withWitness(witness);
    return committed(
        WitnessCommitment.nonce(), Transaction.of(2, List.of(input), List.of(pay(1)), 0));
  }

  @Test
  void emptyBlockWeight_ofCounts_isHeaderAndCount() {
    for (int count : new int[] {1, 252, 253, 65_536}) {
      int bytes = BlockHeader.BYTES + ByteWriter.compactSizeBytes(count);
      assertThat(BlockRules.emptyBlockWeight(count)).isEqualTo(4 * bytes);
    }
    assertThat(BlockRules.emptyBlockWeight(1) + coinbase.weight())
        .isEqualTo(block(coinbase).weight());
  }

  @Test
  void check_ofANullCoinOutsideTheCoinbase_isATransactionFault() {
    Transaction hidden = stripped(spend(List.of(unknown(1), OutPoint.NULL), pay(1)));

    assertRefused(RULES.check(block(coinbase, hidden)), RejectionCode.NULL_INPUT);
    assertThat(hidden.txid()).isNotEqualTo(Hash256.ZERO);
  }
}
