package org.chaincore.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.config.BlockLimits;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.fixture.Vectors;
import org.chaincore.core.script.OutputTemplate;
import org.chaincore.core.script.PayToWitnessPubkeyHash;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Sha256;
import org.junit.jupiter.api.Test;

/**
 * Real blocks and transactions under the rules that apply to them. ChainCore refuses their scripts
 * by design, so a good one is one that is refused for its scripts and for nothing else.
 */
class RealBlocksTest {
  private static final ChainParams PARAMS =
      TestHeaders.network().limits(BlockLimits.BITCOIN).build();

  private static final BlockRules RULES = BlockRules.of(PARAMS);
  private static final BlockRules MAINNET = BlockRules.of(Networks.bitcoinMainnet());
  private static final long LATE = 1_700_000_000L;

  private static final TransactionOutput TEMPLATE =
      new TransactionOutput(0, new PayToWitnessPubkeyHash(Bytes.of(new byte[20])).script());

  @Test
  void check_ofRealLegacyBlocks_findsTheirScriptsAtMost() {
    Vectors vectors = Vectors.in("blocks-mainnet-legacy");
    int ran = 0;
    for (Map.Entry<String, JsonNode> entry : vectors.json("expected.json").properties()) {
      if (!entry.getKey().endsWith(".bin")) {
        continue;
      }
      Block block = Block.parse(vectors.bytes(entry.getKey()));
      assertGoodBesidesScripts(entry.getKey(), block);
      assertThat(WitnessCommitment.check(block)).as(entry.getKey()).isEmpty();
      ran++;
    }
    assertThat(ran).isEqualTo(5);
    vectors.ran("*.bin by BlockRules", ran);
  }

  private static void assertGoodBesidesScripts(String name, Block block) {
    Optional<RejectionCode> fault = RULES.check(block).map(Rejection::code);
    assertThat(fault.orElse(RejectionCode.OUTPUT_SCRIPT_REFUSED))
        .as(name)
        .isEqualTo(RejectionCode.OUTPUT_SCRIPT_REFUSED);
  }

  @Test
  void check_ofTheFirst255Blocks_findsTheirScriptsOnly() {
    Vectors vectors = Vectors.in("blocks-mainnet-legacy");
    ByteReader in = ByteReader.of(vectors.bytes("blocks1-256.framed"));
    Sha256 hasher = Sha256.create();
    int height = 0;
    while (in.remaining() > 0) {
      assertThat(in.int32("magic")).isEqualTo(Networks.bitcoinMainnet().identity().magic());
      int length = in.int32("length");
      int start = in.position();
      Block block = Block.read(in, hasher);
      height++;
      assertThat(in.position() - start).isEqualTo(length);
      assertThat(RULES.check(block).map(Rejection::code))
          .contains(RejectionCode.OUTPUT_SCRIPT_REFUSED);
      assertThat(MAINNET.checkAt(block, height, LATE)).isEmpty();
    }
    // One less than the file is named for.
    assertThat(height).isEqualTo(255);
    vectors.ran("blocks1-256.framed by BlockRules", height);
  }

  @Test
  void checkAt_ofRealBlocks_findsTheirHeightInTheCoinbase() {
    Vectors vectors = Vectors.in("blocks-mainnet-legacy");
    Block block = Block.parse(vectors.bytes("block300025.bin"));

    assertThat(MAINNET.checkAt(block, 300_025, LATE)).isEmpty();
    assertThat(MAINNET.checkAt(block, 300_026, LATE).map(Rejection::code))
        .contains(RejectionCode.BAD_COINBASE_HEIGHT);
    Block withoutHeight = Block.parse(vectors.bytes("block227835.bin"));
    assertThat(MAINNET.checkAt(withoutHeight, 227_835, LATE)).isEmpty();
    assertThat(MAINNET.checkAt(withoutHeight, 227_931, LATE).map(Rejection::code))
        .contains(RejectionCode.BAD_COINBASE_HEIGHT);
    vectors.ran("BIP34 heights", 2);
  }

  @Test
  void check_ofRealSegwitBlocks_findsTheirCommitment() {
    Vectors vectors = Vectors.in("blocks-mainnet-segwit");
    for (int height : new int[] {481_829, 482_683}) {
      String name = "block" + height + ".bin";
      Block block = Block.parse(vectors.bytes(name));

      assertGoodBesidesScripts(name, block);
      assertThat(MAINNET.checkAt(block, height, LATE)).as(name).isEmpty();
      // In the first of them no transaction but the coinbase has a witness.
      Block stripped = withoutWitnesses(block);
      boolean hasOthers = stripped.weight() < block.weight();
      assertThat(hasOthers).isEqualTo(height == 482_683);
      assertThat(RULES.check(stripped).map(Rejection::code))
          .contains(
              hasOthers
                  ? RejectionCode.BAD_WITNESS_COMMITMENT
                  : RejectionCode.OUTPUT_SCRIPT_REFUSED);
      assertThat(RULES.check(withoutNonce(block)).map(Rejection::code))
          .contains(RejectionCode.BAD_WITNESS_NONCE);
    }
    vectors.ran("witness commitments by BlockRules", 2);
  }

  private static Block withoutWitnesses(Block block) {
    List<Transaction> transactions = new ArrayList<>(block.transactions());
    for (int i = 1; i < transactions.size(); i++) {
      transactions.set(i, withoutWitness(transactions.get(i)));
    }
    return new Block(block.header(), transactions);
  }

  private static Block withoutNonce(Block block) {
    List<Transaction> transactions = new ArrayList<>(block.transactions());
    transactions.set(0, withoutWitness(transactions.get(0)));
    return new Block(block.header(), transactions);
  }

  private static Transaction withoutWitness(Transaction transaction) {
    List<TransactionInput> inputs =
        transaction.inputs().stream().map(input -> input.withWitness(Witness.EMPTY)).toList();
    return transaction.withInputs(inputs);
  }

  @Test
  void check_ofMutatedRealBlocks_isMutatedUnderTheSameRoot() {
    Vectors vectors = Vectors.in("merkle");
    int ran = 0;
    int skipped = 0;
    for (JsonNode node : vectors.json("cve-2012-2459.json")) {
      String source = node.get("source_block").asText();
      if (source.contains("testnet32768")) {
        skipped++;
        continue;
      }
      assertJudged(node, source);
      ran++;
    }
    assertThat(ran).isEqualTo(8);
    vectors.ran("cve-2012-2459.json by BlockRules", ran, skipped, "testnet32768 is not there");
  }

  private static void assertJudged(JsonNode node, String source) {
    String folder = source.contains("segwit") ? "blocks-mainnet-segwit" : "blocks-mainnet-legacy";
    String file = source.substring(source.indexOf('/') + 1);
    Block block = Block.parse(Vectors.in(folder).bytes(file));
    assertThat(block.header().merkleRoot()).hasToString(node.get("header_merkle_root").asText());
    if (!node.get("mutated").asBoolean()) {
      assertGoodBesidesScripts(source, block);
      return;
    }
    int repeated = node.get("txids_same_as_previous_plus_last").asInt();
    List<Transaction> transactions = new ArrayList<>(block.transactions());
    int size = transactions.size();
    transactions.addAll(block.transactions().subList(size - repeated, size));
    Block mutated = new Block(block.header(), transactions);
    assertThat(MerkleTree.root(mutated.txids()).hash()).isEqualTo(block.header().merkleRoot());
    assertThat(RULES.check(mutated).map(Rejection::code))
        .as(source)
        .contains(RejectionCode.MUTATED_TRANSACTIONS);
  }

  /** The context-free rules do not look at scripts, so each output gets one that is taken. */
  private static Transaction withTemplates(Transaction transaction) {
    List<TransactionOutput> outputs =
        transaction.outputs().stream()
            .map(
                output ->
                    OutputTemplate.isTemplate(output.script())
                        ? output
                        : new TransactionOutput(output.units(), TEMPLATE.script()))
            .toList();
    return Transaction.of(
        transaction.version(), transaction.inputs(), outputs, transaction.lockTime());
  }

  @Test
  void check_ofValidTransactions_findsTheirScriptsAtMost() {
    Vectors vectors = Vectors.in("script-tx-sighash");
    TransactionRules rules = TransactionRules.of(PARAMS);
    int ran = 0;
    int scripts = 0;
    for (JsonNode node : vectors.json("tx_valid.json")) {
      if (node.size() != 3) {
        continue;
      }
      Transaction transaction = parse(node);
      assertThat(rules.check(withTemplates(transaction))).as(node.toString()).isEmpty();
      Optional<RejectionCode> fault = rules.check(transaction).map(Rejection::code);
      scripts += fault.filter(RejectionCode.OUTPUT_SCRIPT_REFUSED::equals).isPresent() ? 1 : 0;
      assertThat(fault.orElse(RejectionCode.OUTPUT_SCRIPT_REFUSED))
          .isEqualTo(RejectionCode.OUTPUT_SCRIPT_REFUSED);
      ran++;
    }
    assertThat(ran).isEqualTo(121);
    vectors.ran("tx_valid.json by TransactionRules, " + scripts + " refused for scripts", ran);
  }

  private static Transaction parse(JsonNode node) {
    return Transaction.parse(Bytes.parse(node.get(1).asText()).toArray());
  }

  @Test
  void check_ofInvalidTransactions_findsWhatBitcoinCoreFinds() {
    Vectors vectors = Vectors.in("script-tx-sighash");
    TransactionRules rules = TransactionRules.of(PARAMS);
    List<RejectionCode> found = new ArrayList<>();
    int skipped = 0;
    for (JsonNode node : vectors.json("tx_invalid.json")) {
      if (node.size() != 3) {
        continue;
      }
      if (!node.get(2).asText().equals("BADTX")) {
        skipped++;
        continue;
      }
      found.add(rules.check(withTemplates(parse(node))).orElseThrow().code());
    }
    assertThat(found)
        .containsExactly(
            RejectionCode.NO_OUTPUTS,
            RejectionCode.BAD_OUTPUT_AMOUNT,
            RejectionCode.BAD_OUTPUT_AMOUNT,
            RejectionCode.BAD_OUTPUT_AMOUNT,
            RejectionCode.DUPLICATE_INPUTS,
            RejectionCode.BAD_COINBASE_LENGTH,
            RejectionCode.BAD_COINBASE_LENGTH,
            RejectionCode.NULL_INPUT,
            RejectionCode.NULL_INPUT);
    vectors.ran(
        "tx_invalid.json by TransactionRules", found.size(), skipped, "invalid by their scripts");
  }
}
