package org.chaincore.core.block;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chaincore.core.fixture.Vectors;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.Sha256;
import org.chaincore.core.value.Target;
import org.chaincore.core.value.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers, blocks and Merkle trees of the real networks. */
class BlockVectorsTest {
  private static final String MAINNET_GENESIS =
      "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";
  private static final Bytes COMMITMENT_PREFIX = Bytes.parse("6a24aa21a9ed");

  @ParameterizedTest
  @ValueSource(strings = {"blocks-mainnet-legacy", "blocks-mainnet-segwit"})
  void parse_mainnetBlock_isAsExpected(String folder) {
    Vectors vectors = Vectors.in(folder);
    int ran = 0;
    for (Map.Entry<String, JsonNode> entry : vectors.json("expected.json").properties()) {
      String file = entry.getKey();
      byte[] wire = vectors.bytes(file);
      Block block = Block.parse(wire);
      assertThat(block.toWire()).as(file).isEqualTo(wire);
      checkHeader(block, entry.getValue(), file);
      checkBody(block, entry.getValue(), file);
      ran++;
    }
    assertThat(ran).isEqualTo(folder.endsWith("legacy") ? 5 : 2);
    vectors.ran("expected.json and its blocks", ran);
  }

  private static void checkHeader(Block block, JsonNode expected, String file) {
    BlockHeader header = block.header();
    assertThat(header.hash()).as(file).hasToString(expected.get("hash").asText());
    assertThat(header.previous()).as(file).hasToString(expected.get("prev").asText());
    assertThat(header.merkleRoot()).as(file).hasToString(expected.get("merkle_root").asText());
    assertThat(header.bits())
        .as(file)
        .isEqualTo(Integer.parseUnsignedInt(expected.get("bits").asText(), 16));
    assertThat(header.time()).as(file).isEqualTo(expected.get("time").asLong());
    assertThat(header.version()).as(file).isEqualTo(expected.get("version").asInt());
  }

  private static void checkBody(Block block, JsonNode expected, String file) {
    List<Transaction> transactions = block.transactions();
    assertThat(transactions).as(file).hasSize(expected.get("tx_count").asInt());
    assertThat(block.size()).as(file).isEqualTo(expected.get("size").asInt());
    assertThat(block.weight()).as(file).isEqualTo(expected.get("weight").asInt());
    assertThat(transactions.stream().mapToInt(tx -> tx.outputs().size()).sum())
        .as(file)
        .isEqualTo(expected.get("outputs").asInt());
    assertThat(transactions.stream().mapToInt(tx -> tx.inputs().size()).sum())
        .as(file)
        .isEqualTo(expected.get("inputs").asInt());
    assertThat(transactions.stream().filter(Transaction::hasWitness).count())
        .as(file)
        .isEqualTo(expected.get("segwit_txs").asLong());
    Transaction coinbase = transactions.get(0);
    assertThat(coinbase.isCoinbase()).as(file).isTrue();
    assertThat(coinbase.outputs().stream().mapToLong(TransactionOutput::units).sum())
        .as(file)
        .isEqualTo(expected.get("coinbase_value").asLong());
    MerkleTree.Root root = MerkleTree.root(block.txids());
    assertThat(root.hash().equals(block.header().merkleRoot()))
        .as(file)
        .isEqualTo(expected.get("merkle_ok").asBoolean());
    assertThat(root.isMutated()).as(file).isEqualTo(expected.get("mutated").asBoolean());
    if (!expected.get("coinbase_height_if_bip34").isNull()) {
      assertThat(bip34Height(coinbase))
          .as(file)
          .isEqualTo(expected.get("coinbase_height_if_bip34").asInt());
    }
    if (!expected.get("witness_commitment_ok").isNull()) {
      assertThat(witnessCommitmentHolds(block))
          .as(file)
          .isEqualTo(expected.get("witness_commitment_ok").asBoolean());
    }
  }

  private static int bip34Height(Transaction coinbase) {
    Bytes script = coinbase.inputs().get(0).scriptSig();
    int height = 0;
    for (int i = script.unsignedAt(0); i > 0; i--) {
      height = height << 8 | script.unsignedAt(i);
    }
    return height;
  }

  /** Double SHA-256 of the root of the wtxids, the coinbase's as zero, and the reserved value. */
  private static boolean witnessCommitmentHolds(Block block) {
    List<Hash256> wtxids = new ArrayList<>();
    block.transactions().forEach(tx -> wtxids.add(wtxids.isEmpty() ? Hash256.ZERO : tx.wtxid()));
    Transaction coinbase = block.transactions().get(0);
    byte[] reserved = coinbase.inputs().get(0).witness().stack().get(0).toArray();
    ByteWriter commitment =
        ByteWriter.create().hash(MerkleTree.root(wtxids).hash()).bytes(reserved);
    Bytes expected = Bytes.of(Sha256.doubleHash(commitment.toArray()).toWire());
    return coinbase.outputs().stream()
        .map(TransactionOutput::script)
        .anyMatch(
            script ->
                script.length() >= 38
                    && script.slice(0, 6).equals(COMMITMENT_PREFIX)
                    && script.slice(6, 38).equals(expected));
  }

  @Test
  void parse_mainnetBlocks1To255_areAChain() {
    Vectors vectors = Vectors.in("blocks-mainnet-legacy");
    byte[] file = vectors.bytes("blocks1-256.framed");
    List<Block> blocks = framedBlocks(file);

    Hash256 tip = Hash256.parse(MAINNET_GENESIS);
    for (Block block : blocks) {
      assertThat(block.header().previous()).isEqualTo(tip);
      assertThat(MerkleTree.root(block.txids()))
          .isEqualTo(new MerkleTree.Root(block.header().merkleRoot(), false));
      tip = block.hash();
    }

    // The last block of the name is not in the file.
    assertThat(blocks).hasSize(255);
    vectors.ran("blocks1-256.framed", blocks.size());
  }

  @Test
  void read_mainnetHeadersTo10236_areAChain() {
    Vectors vectors = Vectors.in("headers-mainnet");
    List<BlockHeader> headers = chain(vectors.bytes("h000000-010236.bin"));

    assertThat(headers).hasSize(10_237);
    assertThat(headers.get(0).hash()).hasToString(MAINNET_GENESIS);
    vectors.ran("h000000-010236.bin: links", headers.size());
  }

  @Test
  void read_signetHeadersTo2015_areAChainUpToACheckpoint() {
    Vectors vectors = Vectors.in("headers-signet");
    List<BlockHeader> headers = chain(vectors.bytes("signet-000000-002015.bin"));
    assertThat(headers).hasSize(2016);
    assertThat(headers.get(0).hash())
        .hasToString("00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6");
    vectors.ran("signet-000000-002015.bin: links", headers.size());

    // Each checkpoint: 12 bytes of chain work and 4 of height, big-endian, then the header.
    Work work = Work.ZERO;
    for (BlockHeader header : headers) {
      work = work.plus(Target.ofBits(header.bits()).work());
    }
    List<String> lines = vectors.lines("bitcoinj-signet.checkpoints.txt");
    List<String> checkpoints = lines.subList(3, lines.size());
    int height = 0;
    for (String line : checkpoints) {
      byte[] bytes = Base64.getDecoder().decode(line);
      height += 2016;
      assertThat(new BigInteger(1, bytes, 12, 4).intValueExact()).isEqualTo(height);
      BlockHeader header = BlockHeader.read(bytes, 16, Sha256.create());
      Target target = Target.ofBits(header.bits());
      assertThat(target.isMetBy(header.hash())).isTrue();
      if (height == 2016) {
        assertThat(header.previous()).isEqualTo(headers.get(2015).hash());
        assertThat(work.plus(target.work()).toBigInteger())
            .isEqualTo(new BigInteger(1, bytes, 0, 12));
      }
    }
    assertThat(checkpoints).hasSize(Integer.parseInt(lines.get(2)));
    vectors.ran("bitcoinj-signet.checkpoints.txt", checkpoints.size());
  }

  @Test
  void parse_testnet3Headers_areAChainWithTwoForks() {
    Vectors vectors = Vectors.in("headers-testnet3");
    List<String> lines = vectors.lines("blockheader_testnet3.hex");
    Set<Hash256> known = new HashSet<>();
    known.add(Hash256.parse("000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943"));
    List<BlockHeader> forks = new ArrayList<>();
    Hash256 tip = known.iterator().next();
    for (String line : lines) {
      boolean isFork = line.startsWith("fork:");
      byte[] wire = HexFormat.of().parseHex(isFork ? line.substring(5) : line);
      BlockHeader header = BlockHeader.parse(wire);
      assertThat(header.toWire()).isEqualTo(wire);
      if (isFork) {
        forks.add(header);
      } else {
        assertThat(header.previous()).isEqualTo(tip);
        tip = header.hash();
        known.add(tip);
      }
    }
    for (BlockHeader fork : forks) {
      assertThat(known).contains(fork.previous());
      known.add(fork.hash());
    }
    assertThat(forks).hasSize(2);
    vectors.ran("blockheader_testnet3.hex: links", lines.size());
  }

  private static List<BlockHeader> chain(byte[] file) {
    Sha256 hasher = Sha256.create();
    ByteReader in = ByteReader.of(file);
    List<BlockHeader> headers = new ArrayList<>();
    Hash256 tip = Hash256.ZERO;
    while (in.remaining() > 0) {
      int at = in.position();
      BlockHeader header = BlockHeader.read(in, hasher);
      assertThat(Bytes.of(header.toWire())).isEqualTo(Bytes.of(file, at, BlockHeader.BYTES));
      assertThat(header.previous()).as("height " + headers.size()).isEqualTo(tip);
      tip = header.hash();
      headers.add(header);
    }
    return headers;
  }

  @Test
  void root_cve20122459Lists_haveOneRootAndTheMutationIsSeen() {
    Vectors vectors = Vectors.in("merkle");
    int ran = 0;
    List<Hash256> txids = List.of();
    for (JsonNode entry : vectors.json("cve-2012-2459.json")) {
      if (entry.has("txids")) {
        List<Hash256> listed = new ArrayList<>();
        entry.get("txids").forEach(txid -> listed.add(Hash256.parse(txid.asText())));
        txids = listed;
      }
      JsonNode repeated = entry.get("txids_same_as_previous_plus_last");
      List<Hash256> leaves = new ArrayList<>(txids);
      if (repeated != null) {
        leaves.addAll(txids.subList(txids.size() - repeated.asInt(), txids.size()));
      }
      assertThat(MerkleTree.root(leaves))
          .isEqualTo(
              new MerkleTree.Root(
                  Hash256.parse(entry.get("header_merkle_root").asText()),
                  entry.get("mutated").asBoolean()));
      ran++;
    }
    assertThat(ran).isEqualTo(10);
    vectors.ran("cve-2012-2459.json", ran);
  }

  @Test
  void extract_realMerkleblock_provesTransactionsOfTheBlock() {
    Vectors vectors = Vectors.in("merkle");
    byte[] message = vectors.bytes("merkleblock300025.raw");
    ByteReader in = ByteReader.of(message);
    BlockHeader header = BlockHeader.read(in, Sha256.create());
    PartialMerkleTree tree = PartialMerkleTree.read(in);
    in.expectEnd("merkleblock");

    List<PartialMerkleTree.Match> matches = tree.extract(header.merkleRoot()).orElseThrow();

    assertThat(header.hash())
        .hasToString("0000000000000000821c4e0acc40f88bedbce3b73ba2358b5ade58a9022cc78c");
    ByteWriter out = ByteWriter.create().bytes(header.toWire());
    tree.write(out);
    assertThat(out.toArray()).isEqualTo(message);
    vectors.ran("merkleblock300025.raw", 1);

    byte[] wire = Vectors.in("blocks-mainnet-legacy").bytes("block300025.bin");
    List<Hash256> txids = Block.parse(wire).txids();
    assertThat(tree.transactionCount()).isEqualTo(txids.size());
    assertThat(matches).isNotEmpty();
    Set<Integer> places = new HashSet<>();
    for (PartialMerkleTree.Match match : matches) {
      assertThat(txids.get(match.index())).isEqualTo(match.txid());
      places.add(match.index());
    }
    assertThat(PartialMerkleTree.of(txids, places::contains)).isEqualTo(tree);
  }

  @Test
  void parse_smallChains_encodeBackAndAreLinked() {
    Vectors vectors = Vectors.in("small-chains-and-reorgs");
    List<Block> blocks = new ArrayList<>();
    for (String file : List.of("blk_0_to_4.dat", "blk_3A.dat", "blk_4A.dat", "blk_5A.dat")) {
      blocks.addAll(framedBlocks(vectors.bytes(file)));
    }
    assertThat(blocks).hasSize(8);
    assertThat(blocks.get(0).hash()).hasToString(MAINNET_GENESIS);
    checkLinked(blocks, 1);
    vectors.ran("blk_*.dat", blocks.size());

    List<Block> mined =
        framedBlocks(HexFormat.of().parseHex(hexOfText(vectors.lines("reorgtest.hex"))));
    assertThat(mined).hasSize(8);
    checkLinked(mined, 1);
    vectors.ran("reorgtest.hex", mined.size());
  }

  private static String hexOfText(List<String> lines) {
    StringBuilder hex = new StringBuilder();
    for (String line : lines) {
      String digits = line.replace(" ", "");
      if (digits.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
        hex.append(digits);
      }
    }
    return hex.toString();
  }

  @Test
  void parse_regtestChains_encodeBackAndAreLinked() {
    Vectors vectors = Vectors.in("small-chains-and-reorgs");
    List<Block> plain = new ArrayList<>();
    for (String line : vectors.lines("floresta_blocks.txt")) {
      plain.add(blockOf(line));
    }
    checkLinked(plain, 1);
    vectors.ran("floresta_blocks.txt", plain.size());

    List<Block> forked = new ArrayList<>();
    for (JsonNode branch : vectors.json("floresta_test_reorg.json")) {
      branch.forEach(block -> forked.add(blockOf(block.asText())));
    }
    assertThat(forked).hasSize(21);
    for (Block block : forked) {
      assertThat(MerkleTree.root(block.txids()).hash()).isEqualTo(block.header().merkleRoot());
    }
    vectors.ran("floresta_test_reorg.json", forked.size());
  }

  private static Block blockOf(String hex) {
    byte[] wire = HexFormat.of().parseHex(hex);
    Block block = Block.parse(wire);
    assertThat(block.toWire()).isEqualTo(wire);
    return block;
  }

  /** Every block after the first {@code roots} stands on one before it. */
  private static void checkLinked(List<Block> blocks, int roots) {
    Set<Hash256> known = new HashSet<>();
    for (Block block : blocks) {
      if (known.size() >= roots) {
        assertThat(known).contains(block.header().previous());
      }
      assertThat(MerkleTree.root(block.txids()).hash()).isEqualTo(block.header().merkleRoot());
      known.add(block.hash());
    }
  }

  @Test
  void parse_compactBlocksFullBlock_encodesBack() {
    Vectors vectors = Vectors.in("compact-blocks");
    byte[] wire = vectors.bytes("block898352.bin");
    byte[] compact = vectors.bytes("cmpctblock898352.raw");

    Block block = Block.parse(wire);

    assertThat(block.toWire()).isEqualTo(wire);
    assertThat(MerkleTree.root(block.txids()).hash()).isEqualTo(block.header().merkleRoot());
    assertThat(BlockHeader.read(compact, 0, Sha256.create())).isEqualTo(block.header());
    vectors.ran("block898352.bin", 1);
  }

  /** Blocks behind their magic and length. */
  private static List<Block> framedBlocks(byte[] file) {
    List<Block> blocks = new ArrayList<>();
    int at = 0;
    while (at < file.length) {
      int length = LittleEndian.getInt(file, at + 4);
      byte[] wire = Bytes.of(file, at + 8, length).toArray();
      Block block = Block.parse(wire);
      assertThat(block.toWire()).isEqualTo(wire);
      blocks.add(block);
      at += 8 + length;
    }
    return blocks;
  }
}
