package org.chaincore.sync.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.PartialMerkleTree;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.filter.BloomFilter;
import org.chaincore.sync.peer.AddressNetwork;
import org.chaincore.sync.peer.NetworkAddress;
import org.junit.jupiter.api.Test;

/** What no message can hold, so that none can be sent or read. */
final class MessagesTest {
  private static final NetworkAddress TOR =
      new NetworkAddress(AddressNetwork.TOR_V3, Bytes.of(new byte[32]), 9050);

  private static void refused(ThrowingCallable call, String value) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining(value);
  }

  @Test
  void lists_longerThanTheirLimit_areRefusedWithTheCount() {
    InventoryItem item = new InventoryItem(InventoryType.BLOCK, Hash256.ZERO);
    List<InventoryItem> items = Collections.nCopies(50_001, item);
    TimestampedAddress told = new TimestampedAddress(0, 0, Version.NO_ADDRESS);
    List<TimestampedAddress> addresses = Collections.nCopies(1_001, told);

    refused(() -> new Inventory(items), "50001");
    refused(() -> new GetData(items), "50001");
    refused(() -> new NotFound(items), "50001");
    refused(() -> new Addresses(addresses), "1001");
    refused(() -> new AddressesV2(addresses), "1001");
    refused(
        () -> new Headers(Collections.nCopies(2_001, Networks.regtest().genesis().header())),
        "2001");
    refused(() -> new SketchMessage(Bytes.of(new byte[4 * 401])), "401");
    refused(() -> ReconcileDifference.of(ids(3_201)), "3201");
    refused(
        () ->
            new BlockTransactions(
                Hash256.ZERO,
                Collections.nCopies(65_537, TestBlocks.coinbase(1, TestBlocks.pay(1)))),
        "65537");
    refused(() -> new GetBlockTransactions(Hash256.ZERO, Collections.nCopies(65_537, 0)), "65537");
  }

  private static List<Integer> ids(int count) {
    return IntStream.rangeClosed(1, count).boxed().toList();
  }

  @Test
  void lists_ofTheCaller_areCopied() {
    List<InventoryItem> items = new ArrayList<>();
    Inventory inventory = new Inventory(items);

    items.add(new InventoryItem(InventoryType.BLOCK, Hash256.ZERO));

    assertThat(inventory.items()).isEmpty();
  }

  @Test
  void numbers_outOfRange_areRefusedWithTheValue() {
    refused(() -> new InventoryType(1L << 32), "4294967296");
    refused(() -> new TimestampedAddress(-1, 0, Version.NO_ADDRESS), "-1");
    refused(() -> new ReconcileRequest(-1, 0), "-1");
    refused(() -> new ReconcileRequest(65_536, 0), "65536");
    refused(() -> new ReconcileRequest(0, 65_536), "65536");
    refused(() -> new NodeDescription(-1, 0, ""), "-1");
    refused(() -> new NodeDescription(1, 0, "a".repeat(257)), "257");
    refused(() -> new NodeDescription(1, 0, "a\n"), "10 at 1");
    refused(() -> new FilterLoad(Bytes.of(new byte[36_001]), 1, 0, 0), "36001");
    refused(() -> new FilterLoad(Bytes.EMPTY, 51, 0, 0), "51");
    refused(() -> new FilterLoad(Bytes.EMPTY, 1, 0, 256), "256");
    refused(() -> new FilterAdd(Bytes.of(new byte[521])), "521");
    refused(() -> new Feature("abc", Bytes.EMPTY), "3");
    refused(() -> new Feature("a".repeat(81), Bytes.EMPTY), "81");
    refused(() -> new Feature("abcd", Bytes.of(new byte[513])), "513");
  }

  @Test
  void addr_ofANetworkWithoutOldForm_isRefused() {
    TimestampedAddress told = new TimestampedAddress(0, 0, TOR);

    refused(() -> new Addresses(List.of(told)), "TOR_V3");
    refused(() -> new Version(new NodeDescription(1, 0, ""), 0, TOR, 0, 0, true), "TOR_V3");
    assertThat(new AddressesV2(List.of(told)).addresses()).containsExactly(told);
    assertThat(Addresses.canCarry(TOR)).isFalse();
    assertThat(Addresses.canCarry(Version.NO_ADDRESS)).isTrue();
  }

  @Test
  void inventoryType_ofEveryKind_saysWhatItNames() {
    assertThat(
            List.of(
                InventoryType.TRANSACTION, InventoryType.WITNESS_TRANSACTION, InventoryType.WTX))
        .allMatch(InventoryType::isTransaction)
        .noneMatch(InventoryType::isBlock);
    assertThat(
            List.of(
                InventoryType.BLOCK,
                InventoryType.WITNESS_BLOCK,
                InventoryType.COMPACT_BLOCK,
                InventoryType.FILTERED_BLOCK,
                InventoryType.WITNESS_FILTERED_BLOCK))
        .allMatch(InventoryType::isBlock)
        .noneMatch(InventoryType::isTransaction);
    assertThat(List.of(InventoryType.of(0), InventoryType.of(6), InventoryType.of(0x4000_0005L)))
        .noneMatch(InventoryType::isBlock)
        .noneMatch(InventoryType::isTransaction);
    assertThat(InventoryType.BLOCK.isWithWitness()).isFalse();
    assertThat(InventoryType.WITNESS_BLOCK.isWithWitness()).isTrue();
    assertThat(InventoryType.WTX.isWithWitness()).isTrue();
    assertThat(InventoryType.COMPACT_BLOCK.isWithWitness()).isTrue();
  }

  @Test
  void inventoryType_asText_saysKindAndNumber() {
    assertThat(InventoryType.BLOCK).hasToString("block (type 2)");
    assertThat(InventoryType.WITNESS_TRANSACTION).hasToString("transaction (type 40000001)");
    assertThat(InventoryType.of(9)).hasToString("unknown type 9");
  }

  @Test
  void compactBlock_ofABlock_namesAllButTheCoinbase() {
    Block block =
        TestBlocks.block(
            TestBlocks.coinbase(1, TestBlocks.pay(1)),
            TestBlocks.spend(List.of(TestBlocks.unknown(1)), TestBlocks.pay(1)));

    CompactBlock compact = CompactBlock.of(block, 5);

    assertThat(compact.transactionCount()).isEqualTo(2);
    assertThat(compact.shortIds().at(0))
        .isEqualTo(ShortIds.of(compact.key(), block.transactions().get(1).wtxid()))
        .isBetween(0L, (1L << 48) - 1);
    assertThat(CompactBlock.of(block, 6).shortIds()).isNotEqualTo(compact.shortIds());
    assertThat(compact.shortIds()).hasToString("1 short ids");
  }

  @Test
  void compactBlock_ofABlockWithoutTransactions_isEmpty() {
    assertThat(CompactBlock.of(TestBlocks.block(), 5).transactionCount()).isZero();
  }

  @Test
  void compactBlock_prefilledOutOfPlace_isRefused() {
    CompactBlock.Prefilled first =
        new CompactBlock.Prefilled(0, TestBlocks.coinbase(1, TestBlocks.pay(1)));
    CompactBlock.Prefilled third = new CompactBlock.Prefilled(2, first.transaction());
    ShortIds one = ShortIds.ofWire(Bytes.of(new byte[6]));
    ShortIds most = ShortIds.ofWire(Bytes.of(new byte[6 * 65_536]));
    var header = TestBlocks.block().header();

    assertThat(new CompactBlock(header, 0, one, List.of(first, third)).transactionCount())
        .isEqualTo(3);
    refused(() -> new CompactBlock(header, 0, one, List.of(third)), "2 after -1, at most 1");
    refused(() -> new CompactBlock(header, 0, one, List.of(first, first)), "0 after 0");
    refused(() -> new CompactBlock(header, 0, most, List.of(first)), "65537");
    refused(() -> ShortIds.ofWire(Bytes.of(new byte[7])), "7 bytes");
  }

  @Test
  void merkleBlock_beyondTheLargestBlock_isRefused() {
    var header = TestBlocks.block().header();
    List<Hash256> hashes = Collections.nCopies(16_667, Hash256.ZERO);

    refused(() -> new MerkleBlock(header, new PartialMerkleTree(1, hashes, Bytes.EMPTY)), "16667");
    refused(
        () ->
            new MerkleBlock(header, new PartialMerkleTree(1, List.of(), Bytes.of(new byte[4_175]))),
        "4175");
  }

  @Test
  void merkleBlock_ofTheLargestBlockWithEverythingWanted_fits() {
    List<Hash256> txids = new ArrayList<>();
    for (int i = 0; i < PartialMerkleTree.MAX_TRANSACTIONS; i++) {
      txids.add(Hash256.ofWords(i, 1, 2, 3));
    }
    PartialMerkleTree whole = PartialMerkleTree.of(txids, index -> true);

    assertThat(new MerkleBlock(TestBlocks.block().header(), whole).tree()).isEqualTo(whole);
  }

  @Test
  void filterLoad_ofAFilter_givesItBack() {
    BloomFilter filter = BloomFilter.ofSize(3, 0.01, 7, 1);
    filter.add(Bytes.parse("aa"));

    FilterLoad message = FilterLoad.of(filter);

    assertThat(FilterLoad.of(message.filter())).isEqualTo(message);
    assertThat(message.filter().contains(Bytes.parse("aa"))).isTrue();
  }

  @Test
  void params_ofEveryNetwork_areItsConsensusFields() {
    assertThat(List.of(Networks.chaincore(), Networks.regtest(), Networks.bitcoinMainnet()))
        .allSatisfy(
            network ->
                assertThat(Params.of(network).orElseThrow().fields())
                    .isEqualTo(network.consensusFields()));
  }

  @Test
  void params_ofTooManyCheckpoints_doNotFit() {
    ChainParams.Builder network = TestHeaders.network();
    for (int height = 1; height < 300; height++) {
      network.checkpoint(height, Hash256.ofWords(height, 0, 0, 0));
    }

    assertThat(Params.of(network.build())).isEmpty();
  }

  @Test
  void params_thatAreNoLines_areRefused() {
    refused(() -> new Params(fields("", "x")), "''");
    refused(() -> new Params(fields("a=b", "x")), "a=b");
    refused(() -> new Params(fields("a", "x\n")), "10 at 1");
    refused(() -> new Params(fields("a\n", "x")), "10 at 1");
    refused(() -> new Params(fields("a", "x".repeat(16 * 1024 - 2))), "16385");
    assertThat(new Params(fields("a", "x".repeat(16 * 1024 - 3))).fields()).hasSize(1);
  }

  private static SortedMap<String, String> fields(String name, String value) {
    return new TreeMap<>(Map.of(name, value));
  }

  @Test
  void reconcileDifference_inAnyOrder_isSortedAndWithoutRepetition() {
    assertThat(ReconcileDifference.of(List.of(5, -1, 3, 5)).shortIds()).containsExactly(3, 5, -1);
    assertThat(ReconcileDifference.failed().shortIds()).isEmpty();
    refused(() -> ReconcileDifference.of(List.of(0)), "short id 0");
    refused(() -> new ReconcileDifference(true, List.of(-1, 1)), "short id 1 after 4294967295");
    assertThat(ReconcileDifference.of(false, List.of(2, 1)))
        .isEqualTo(new ReconcileDifference(false, List.of(1, 2)));
  }

  @Test
  void sketch_ofBrokenElements_isRefused() {
    refused(() -> new SketchMessage(Bytes.of(new byte[6])), "6 bytes");
  }
}
