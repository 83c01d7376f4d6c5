package org.chaincore.core.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers, transactions and blocks: their parts, their copies and what is refused. */
class BlockValuesTest {
  private static final String INPUT = "00".repeat(32) + "ffffffff" + "00" + "ffffffff";
  private static final String OUTPUT = "0100000000000000" + "0151";
  private static final OutPoint SPENT = new OutPoint(Hash256.ofWords(1, 2, 3, 4), 0);
  private static final TransactionInput SPENDING = TransactionInput.spending(SPENT);
  private static final TransactionOutput PAID =
      TransactionOutput.of(Amount.of(5), Bytes.parse("51"));
  private static final Witness SIGNED = Witness.of(Bytes.parse("aa"), Bytes.EMPTY);

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static BlockHeader header() {
    return BlockHeader.of(
        -7, Hash256.ofWords(1, 2, 3, 4), Hash256.ofWords(5, 6, 7, 8), 0xfffffffeL, 0x1d00ffff, -9);
  }

  private static Transaction transaction() {
    return Transaction.of(2, List.of(SPENDING), List.of(PAID), 0xffffffffL);
  }

  private static Transaction witnessed() {
    return Transaction.of(2, List.of(SPENDING.withWitness(SIGNED)), List.of(PAID), 0);
  }

  @Test
  void header_parts_areKeptUnsignedWhereTheyAre() {
    BlockHeader header = header();

    assertThat(header.version()).isEqualTo(-7);
    assertThat(header.previous()).isEqualTo(Hash256.ofWords(1, 2, 3, 4));
    assertThat(header.merkleRoot()).isEqualTo(Hash256.ofWords(5, 6, 7, 8));
    assertThat(header.time()).isEqualTo(0xfffffffeL);
    assertThat(header.bits()).isEqualTo(0x1d00ffff);
    assertThat(header.nonce()).isEqualTo(-9);
    assertThat(header.hash()).isEqualTo(Sha256.doubleHash(header.toWire()));
    assertThat(header).hasToString("header " + header.hash());
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1L << 32})
  void header_timeThatDoesNotFit_throws(long time) {
    assertThatThrownBy(() -> header().withTime(time)).hasMessageEndingWith(": " + time);
  }

  @Test
  void header_copies_changeOneFieldAndTheHash() {
    BlockHeader changed = header().withNonce(4).withTime(99);

    assertThat(changed.nonce()).isEqualTo(4);
    assertThat(changed.time()).isEqualTo(99);
    assertThat(changed).isNotEqualTo(header()).isNotEqualTo("header");
    assertThat(changed.withNonce(-9).withTime(0xfffffffeL))
        .isEqualTo(header())
        .hasSameHashCodeAs(header());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 79, 81})
  void header_notEightyBytes_isRefused(int length) {
    assertThatThrownBy(() -> BlockHeader.parse(new byte[length]))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessageContaining("header");
  }

  @Test
  void transaction_parts_areKept() {
    Transaction transaction = transaction();

    assertThat(transaction.version()).isEqualTo(2);
    assertThat(transaction.lockTime()).isEqualTo(0xffffffffL);
    assertThat(transaction.inputs()).containsExactly(SPENDING);
    assertThat(transaction.outputs()).containsExactly(PAID);
    assertThat(transaction.isCoinbase()).isFalse();
    assertThat(transaction).hasToString("transaction " + transaction.txid());
    assertThat(transaction.outPoint(3)).isEqualTo(new OutPoint(transaction.txid(), 3));
  }

  @Test
  void transaction_listsChangedLater_stayAsTheyWere() {
    List<TransactionInput> inputs = new ArrayList<>(List.of(SPENDING));
    Transaction transaction = Transaction.of(1, inputs, List.of(), 0);
    inputs.clear();

    assertThat(transaction.inputs()).hasSize(1);
  }

  @Test
  void transaction_withoutInputs_throws() {
    assertThatThrownBy(() -> Transaction.of(1, List.of(), List.of(PAID), 0))
        .hasMessageContaining("without inputs");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1L << 32})
  void transaction_lockTimeThatDoesNotFit_throws(long lockTime) {
    assertThatThrownBy(() -> Transaction.of(1, List.of(SPENDING), List.of(), lockTime))
        .hasMessageEndingWith(": " + lockTime);
  }

  @Test
  void transaction_witness_changesTheWtxidOnly() {
    Transaction plain = Transaction.of(2, List.of(SPENDING), List.of(PAID), 0);
    Transaction signed = witnessed();

    assertThat(plain.wtxid()).isEqualTo(plain.txid());
    assertThat(plain.hasWitness()).isFalse();
    assertThat(signed.hasWitness()).isTrue();
    assertThat(signed.txid()).isEqualTo(plain.txid());
    assertThat(signed.wtxid()).isNotEqualTo(plain.txid());
    assertThat(signed).isNotEqualTo(plain).isNotEqualTo("transaction");
    assertThat(signed.toWireWithoutWitness()).isEqualTo(plain.toWire());
    assertThat(signed.withInputs(List.of(SPENDING))).isEqualTo(plain).hasSameHashCodeAs(plain);
  }

  @ParameterizedTest
  @CsvSource({"0, true", "1, false", "-1, false"})
  void transaction_outputAtIndex_isThereOrNot(int index, boolean isThere) {
    assertThat(transaction().output(index).isPresent()).isEqualTo(isThere);
  }

  @Test
  void transaction_nullInputAlone_isACoinbase() {
    TransactionInput nothing = TransactionInput.spending(OutPoint.NULL);

    assertThat(Transaction.of(1, List.of(nothing), List.of(PAID), 0).isCoinbase()).isTrue();
    assertThat(Transaction.of(1, List.of(nothing, SPENDING), List.of(PAID), 0).isCoinbase())
        .isFalse();
    assertThat(Transaction.parse(hex("01000000" + "01" + INPUT + "00" + "00000000")).isCoinbase())
        .isTrue();
  }

  @Test
  void outPoint_null_isZeroHashAndLastIndex() {
    assertThat(OutPoint.NULL.isNull()).isTrue();
    assertThat(new OutPoint(Hash256.ZERO, 0).isNull()).isFalse();
    assertThat(new OutPoint(SPENT.txid(), -1).isNull()).isFalse();
    assertThat(OutPoint.NULL).hasToString("0".repeat(64) + ":4294967295");
    assertThat(new OutPoint(SPENT.txid(), 0)).isEqualTo(SPENT).hasSameHashCodeAs(SPENT);
  }

  @ParameterizedTest
  @CsvSource({
    // No inputs: read as marker and an unknown flag, as flag 0, or counted behind the right flag.
    "0000 00, transaction flag, no inputs",
    "0002 00, transaction flag, unknown: 2",
    "0001 00 00 00000000, transaction inputs, no inputs",
    "00, transaction flag, needs 1 bytes",
    "ff, transaction inputs, needs 8 bytes",
    "05, transaction inputs, 5 declared",
  })
  void transaction_badBeginning_isRefused(String afterVersion, String field, String reason) {
    byte[] wire = hex("01000000" + afterVersion.replace(" ", ""));

    assertThatThrownBy(() -> Transaction.parse(wire))
        .isInstanceOfSatisfying(
            MalformedBytesException.class,
            e -> {
              assertThat(e.field()).isEqualTo(field);
              assertThat(e.reason()).contains(reason);
            });
  }

  @Test
  void transaction_allWitnessesEmptyInWitnessEncoding_isRefused() {
    String wire = "01000000" + "0001" + "01" + INPUT + "01" + OUTPUT + "00" + "00000000";

    assertThatThrownBy(() -> Transaction.parse(hex(wire)))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessageContaining("all witnesses empty");
  }

  @Test
  void transaction_someWitnessesEmpty_isRead() {
    Transaction transaction =
        Transaction.of(1, List.of(SPENDING, SPENDING.withWitness(SIGNED)), List.of(PAID), 0);

    assertThat(Transaction.parse(transaction.toWire())).isEqualTo(transaction);
  }

  @Test
  void transaction_cutAnywhereInTheWitness_namesTheField() {
    byte[] wire = witnessed().toWire();
    byte[] cut = Arrays.copyOf(wire, wire.length - 5);

    assertThatThrownBy(() -> Transaction.parse(cut))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessageContaining("witness");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1L << 32})
  void input_sequenceThatDoesNotFit_throws(long sequence) {
    assertThatThrownBy(() -> SPENDING.withSequence(sequence)).hasMessageEndingWith(": " + sequence);
  }

  @Test
  void input_copies_changeOnePart() {
    TransactionInput changed =
        SPENDING.withScriptSig(Bytes.parse("00")).withSequence(3).withWitness(SIGNED);

    assertThat(changed).isEqualTo(new TransactionInput(SPENT, Bytes.parse("00"), 3, SIGNED));
    assertThat(SPENDING.sequence()).isEqualTo(TransactionInput.FINAL_SEQUENCE);
  }

  @Test
  void output_size_isThatOfItsEncoding() {
    assertThat(PAID.size()).isEqualTo(10);
    assertThat(new TransactionOutput(-1, Bytes.of(new byte[253])).size()).isEqualTo(8 + 3 + 253);
  }

  @Test
  void witness_stack_isACopy() {
    List<Bytes> stack = new ArrayList<>(List.of(Bytes.EMPTY));
    Witness witness = new Witness(stack);
    stack.clear();

    assertThat(witness.isEmpty()).isFalse();
    assertThat(Witness.EMPTY.isEmpty()).isTrue();
  }

  @Test
  void block_parts_areKept() {
    Block block = new Block(header(), List.of(transaction(), witnessed()));

    assertThat(block.hash()).isEqualTo(header().hash());
    assertThat(block.txids()).containsExactly(transaction().txid(), witnessed().txid());
    assertThat(block).hasToString("block " + header().hash());
    assertThat(block.strippedSize()).isLessThan(block.size());
    assertThat(Block.parse(block.toWire())).isEqualTo(block);
  }

  @Test
  void block_manyTransactions_roundTrips() {
    List<Transaction> many = new ArrayList<>();
    RandomBlocks values = new RandomBlocks(new SplittableRandom(1), 2);
    for (int i = 0; i < 300; i++) {
      many.add(values.transaction());
    }
    Block block = new Block(header(), many);

    assertThat(block.toWire()).hasSize(block.size());
    assertThat(Block.parse(block.toWire())).isEqualTo(block);
  }

  @Test
  void block_hugeCountWithNothingBehind_isRefused() {
    byte[] wire = ByteWriter.create().bytes(header().toWire()).compactSize(0x7fff_ffffL).toArray();

    assertThatThrownBy(() -> Block.parse(wire))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessage("block transactions at offset 80: 2147483647 declared, but only 0 bytes left");
  }
}
