package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.Vectors;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.junit.jupiter.api.Test;

class SignatureHasherTest {
  private static final Pattern TRANSACTION =
      Pattern.compile("(?:transaction|examples)[^:\\n]*:\\s+(01000000[0-9a-f]{100,})");
  private static final Pattern PREIMAGE =
      Pattern.compile(
          "preimage[^:\\n]*:\\s+([0-9a-f]{300,})(?s:.{0,3000}?)(?i:sighash):\\s+([0-9a-f]{64})");

  private static List<TransactionOutput> nothingSpent(Transaction transaction) {
    return Collections.nCopies(transaction.inputs().size(), new TransactionOutput(0, Bytes.EMPTY));
  }

  @Test
  void legacy_bitcoinCoreCases_hashAlike() {
    Vectors vectors = Vectors.in("script-tx-sighash");
    int ran = 0;
    for (JsonNode test : vectors.json("sighash.json")) {
      if (test.size() < 5) {
        continue;
      }
      Transaction transaction = Transaction.parse(Bytes.parse(test.get(0).asText()).toArray());
      SignatureHasher hashes = SignatureHasher.of(transaction, nothingSpent(transaction));
      Hash256 hash =
          hashes.legacy(
              test.get(2).asInt(), Bytes.parse(test.get(1).asText()), test.get(3).asInt());
      assertThat(hash).as("case %s", ran).hasToString(test.get(4).asText());
      ran++;
    }
    assertThat(ran).isEqualTo(500);
    vectors.ran("sighash.json", ran);
  }

  @Test
  void witnessV0_bip143Examples_hashAlike() {
    Vectors vectors = Vectors.in("signatures-bip143-340-341");
    String text = vectors.text("bip-0143.mediawiki");
    List<Transaction> all = new ArrayList<>();
    Matcher transactions = TRANSACTION.matcher(text);
    while (transactions.find()) {
      all.add(Transaction.parse(Bytes.parse(transactions.group(1)).toArray()));
    }
    Matcher preimages = PREIMAGE.matcher(text);
    int ran = 0;
    while (preimages.find()) {
      byte[] preimage = Bytes.parse(preimages.group(1)).toArray();
      Hash256 expected = Sha256.doubleHash(preimage);
      assertThat(Bytes.of(expected.toWire()).toHex()).isEqualTo(preimages.group(2));
      assertThat(hashOfPreimage(preimage, all)).isEqualTo(expected);
      ran++;
    }
    assertThat(ran).isEqualTo(14);
    vectors.ran("bip-0143.mediawiki worked examples", ran);
  }

  /** Hashes the transaction that a preimage describes, with what the preimage says about it. */
  private static Hash256 hashOfPreimage(byte[] preimage, List<Transaction> transactions) {
    ByteReader in = ByteReader.of(preimage);
    in.int32("version");
    in.hash("prevouts");
    in.hash("sequences");
    OutPoint outPoint = new OutPoint(in.hash("txid"), in.int32("index"));
    Bytes scriptCode = in.varBytes("script code");
    long units = in.int64("amount");
    in.uint32("sequence");
    in.hash("outputs");
    in.uint32("lock time");
    int hashType = in.int32("hash type");
    for (Transaction transaction : transactions) {
      for (int i = 0; i < transaction.inputs().size(); i++) {
        if (transaction.inputs().get(i).previousOutput().equals(outPoint)) {
          List<TransactionOutput> spent =
              Collections.nCopies(
                  transaction.inputs().size(), new TransactionOutput(units, Bytes.EMPTY));
          return SignatureHasher.of(transaction, spent).witnessV0(i, scriptCode, hashType);
        }
      }
    }
    throw new AssertionError("no transaction spends " + outPoint);
  }

  @Test
  void taproot_bip341Wallet_hashesAlike() {
    Vectors vectors = Vectors.in("signatures-bip143-340-341");
    JsonNode test = vectors.json("bip341-wallet-test-vectors.json").get("keyPathSpending").get(0);
    SignatureHasher hashes = TaprootWallet.hasher(test);
    int ran = 0;
    for (JsonNode input : test.get("inputSpending")) {
      Hash256 hash =
          hashes.taproot(
              input.get("given").get("txinIndex").asInt(),
              input.get("given").get("hashType").asInt());
      assertThat(Bytes.of(hash.toWire()).toHex())
          .isEqualTo(input.get("intermediary").get("sigHash").asText());
      ran++;
    }
    assertThat(ran).isEqualTo(7);
    vectors.ran("bip341-wallet-test-vectors.json keyPathSpending hashes", ran);
  }

  @Test
  void hashes_inAnyOrder_areThoseOfAFreshHasher() {
    SeededRun.of(300, 12)
        .check(
            (random, size) -> {
              Transaction transaction = Samples.unsigned(size, 1 + random.nextInt(size));
              List<TransactionOutput> spent = new ArrayList<>();
              for (int i = 0; i < size; i++) {
                spent.add(Samples.output(i, Samples.key(i % 3).payToTaproot()));
              }
              SignatureHasher shared = SignatureHasher.of(transaction, spent);
              int[] types = {0, 1, 2, 3, 0x81, 0x82, 0x83};
              for (int i = 0; i < 20; i++) {
                int input = random.nextInt(size);
                int type = types[random.nextInt(types.length)];
                Bytes code = spent.get(input).script();
                SignatureHasher fresh = SignatureHasher.of(transaction, spent);
                assertThat(shared.witnessV0(input, code, type))
                    .isEqualTo(fresh.witnessV0(input, code, type));
                assertThat(shared.legacy(input, code, type))
                    .isEqualTo(fresh.legacy(input, code, type));
                if (shared.hasTaproot(input, type)) {
                  assertThat(shared.taproot(input, type)).isEqualTo(fresh.taproot(input, type));
                }
              }
            });
  }

  @Test
  void legacy_codeSeparators_areLeftOutButNotInsidePushes() {
    Transaction transaction = Samples.unsigned(1, 1);
    SignatureHasher hashes = SignatureHasher.of(transaction, nothingSpent(transaction));
    Hash256 plain = hashes.legacy(0, Bytes.parse("5102abab51"), 1);
    assertThat(hashes.legacy(0, Bytes.parse("ab5102abab51"), 1)).isEqualTo(plain);
    assertThat(hashes.legacy(0, Bytes.parse("ab51ab02ababab51abab"), 1)).isEqualTo(plain);
    assertThat(hashes.legacy(0, Bytes.parse("51025151"), 1)).isNotEqualTo(plain);
    Hash256 cutOff = hashes.legacy(0, Bytes.parse("05abab"), 1);
    assertThat(hashes.legacy(0, Bytes.parse("ab05abab"), 1)).isEqualTo(cutOff);
  }

  @Test
  void legacy_singleWithoutOutput_isOne() {
    Transaction transaction = Samples.unsigned(2, 1);
    SignatureHasher hashes = SignatureHasher.of(transaction, nothingSpent(transaction));
    assertThat(hashes.legacy(1, Bytes.EMPTY, 3)).isEqualTo(Hash256.ofWords(1, 0, 0, 0));
  }

  @Test
  void hashes_badArguments_areRefused() {
    Transaction transaction = Samples.unsigned(2, 1);
    SignatureHasher hashes = SignatureHasher.of(transaction, nothingSpent(transaction));
    assertThatThrownBy(() -> hashes.legacy(2, Bytes.EMPTY, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> hashes.taproot(0, 4)).hasMessageContaining("type 4");
    assertThatThrownBy(() -> hashes.taproot(1, 3)).hasMessageContaining("input 1");
    assertThat(hashes.hasTaproot(0, 3)).isTrue();
    assertThat(hashes.hasTaproot(0, 0x80)).isFalse();
    assertThatThrownBy(() -> SignatureHasher.of(transaction, List.of()))
        .hasMessageContaining("0 spent outputs for 2");
  }
}
