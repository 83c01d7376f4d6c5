package org.chaincore.sync.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.codec.MalformedFrame.Reason;
import org.chaincore.sync.message.Addresses;
import org.chaincore.sync.message.AddressesV2;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.Feature;
import org.chaincore.sync.message.FeeFilter;
import org.chaincore.sync.message.GetBlockTransactions;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.Params;
import org.chaincore.sync.message.TransactionMessage;
import org.chaincore.sync.message.Version;
import org.chaincore.sync.peer.AddressNetwork;
import org.chaincore.sync.peer.NetworkAddress;
import org.junit.jupiter.api.Test;

/** Payloads by hand: the bytes that only one of them has, and what is refused. */
final class PayloadTest {
  private static final String HASH = "00".repeat(31) + "07";
  private static final String IPV4 = "00000000000000000000ffff01020304" + "208d";
  private static final String VERSION_HEAD =
      "81110100"
          + "0900000000000000"
          + "0000000000000080"
          + "00".repeat(8)
          + IPV4
          + "00".repeat(26)
          + "0807060504030201";

  @Test
  void read_versionWithFieldsOfLaterVersions_readsWhatItKnows() {
    Version version =
        (Version) Frames.read("version", VERSION_HEAD + "022f61" + "05000000" + "00" + "ffff");

    assertThat(version.node().protocolVersion()).isEqualTo(70_017);
    assertThat(version.node().services()).isEqualTo(9);
    assertThat(version.timeSeconds()).isEqualTo(Long.MIN_VALUE);
    assertThat(version.receiver())
        .isEqualTo(new NetworkAddress(AddressNetwork.IPV4, Bytes.parse("01020304"), 8333));
    assertThat(version.nonce()).isEqualTo(0x0102030405060708L);
    assertThat(version.node().userAgent()).isEqualTo("/a");
    assertThat(version.startHeight()).isEqualTo(5);
    assertThat(version.relay()).isFalse();
  }

  @Test
  void read_versionWithoutRelay_wantsTransactions() {
    Version version = (Version) Frames.read("version", VERSION_HEAD + "00" + "05000000");

    assertThat(version.relay()).isTrue();
  }

  @Test
  void read_versionWithControlCharactersInItsName_replacesThem() {
    Version version =
        (Version) Frames.read("version", VERSION_HEAD + "05" + "0a611b7fe9" + "05000000");

    assertThat(version.node().userAgent()).isEqualTo("?a???");
  }

  @Test
  void read_versionOfNegativeProtocolOrLongName_isRefused() {
    assertThat(Frames.fault("version", "ffffffff" + VERSION_HEAD.substring(8) + "00" + "05000000"))
        .isEqualTo(
            new MalformedFrame(
                Reason.BAD_PAYLOAD, "version", "protocol version -1 is not in 0..2147483647"));
    assertThat(
            Frames.fault("version", VERSION_HEAD + "fd0101" + "61".repeat(257) + "05000000")
                .detail())
        .isEqualTo("257 bytes of user agent, at most 256");
  }

  @Test
  void read_payloadThatEndsEarly_namesFieldAndPlace() {
    assertThat(Frames.fault("ping", "01020304"))
        .isEqualTo(
            new MalformedFrame(
                Reason.BAD_PAYLOAD, "ping", "ping nonce at offset 0: needs 8 bytes, only 4 left"));
  }

  @Test
  void read_bytesBehindTheMessage_areRefused() {
    assertThat(Frames.fault("inv", "00" + "00"))
        .isEqualTo(new MalformedFrame(Reason.EXTRA_BYTES, "inv", "1 bytes behind the message"));
  }

  @Test
  void read_countThatTheBytesDoNotBack_isRefused() {
    assertThat(Frames.fault("getdata", "fe00000080").detail())
        .isEqualTo("inventory at offset 0: 2147483648 declared, but only 0 bytes left");
  }

  @Test
  void read_countNotInItsShortestForm_isRefused() {
    assertThat(Frames.fault("inv", "fd0000").reason()).isEqualTo(Reason.BAD_PAYLOAD);
  }

  @Test
  void read_inventoryOfUnknownType_keepsItsNumber() {
    Inventory inventory = (Inventory) Frames.read("inv", "01" + "efbeadde" + HASH);

    assertThat(inventory.items().get(0).type().code()).isEqualTo(0xdeadbeefL);
  }

  @Test
  void read_headerWithTransactions_isRefused() {
    assertThat(Frames.fault("headers", "01" + "00".repeat(80) + "01").detail())
        .isEqualTo("transactions of a header at offset 81: 1 declared, where none may follow");
  }

  @Test
  void read_locatorOfTooManyHashes_isRefused() {
    assertThat(Frames.fault("getheaders", "00000000" + "66" + HASH.repeat(102)).detail())
        .isEqualTo("a locator of 102 hashes");
  }

  @Test
  void read_headersAndAddressesAboveTheirNumber_areRefusedByLength() {
    assertThat(Frames.only(Frames.header("headers", 3 + 2_000 * 81 + 1, new byte[4])))
        .isInstanceOf(MalformedFrame.class);
    assertThat(Frames.fault("addrv2", "fde903" + "00000000000100 0000".repeat(1_001)).detail())
        .isEqualTo("addresses at offset 0: 1001 of them, at most 1000");
  }

  @Test
  void read_addressOfTheOldTor_isLeftOut() {
    String tor = "00000000" + "00".repeat(8) + "fd87d87eeb43" + "11".repeat(10) + "0001";
    String other = "01000000" + "00".repeat(8) + "20" + "11".repeat(15) + "0001";

    Addresses read = (Addresses) Frames.read("addr", "02" + tor + other);

    assertThat(read.addresses()).hasSize(1);
    assertThat(read.addresses().get(0).timeSeconds()).isEqualTo(1);
  }

  @Test
  void read_addressesOfUnknownNetworks_areLeftOut() {
    String time = "00000000" + "00";
    String unknown = time + "63" + "03" + "010203" + "0001";
    String torV2 = time + "03" + "0a" + "11".repeat(10) + "0001";
    String disguisedIpv4 = time + "02" + "10" + "00".repeat(10) + "ffff01020304" + "0001";
    String disguisedTor = time + "02" + "10" + "fd87d87eeb43" + "11".repeat(10) + "0001";
    String cjdns = time + "06" + "10" + "fc" + "11".repeat(15) + "0001";

    AddressesV2 read =
        (AddressesV2)
            Frames.read("addrv2", "05" + unknown + torV2 + disguisedIpv4 + disguisedTor + cjdns);

    assertThat(read.addresses()).hasSize(1);
    assertThat(read.addresses().get(0).address().network()).isEqualTo(AddressNetwork.CJDNS);
  }

  @Test
  void read_addressOfWrongLength_isRefused() {
    assertThat(
            Frames.fault("addrv2", "01" + "00000000" + "00" + "01" + "03" + "010203" + "0001")
                .detail())
        .isEqualTo("IPV4 addresses have 4 bytes, not 3");
    assertThat(
            Frames.fault(
                    "addrv2",
                    "01" + "00000000" + "00" + "63" + "fd0102" + "01".repeat(513) + "0001")
                .detail())
        .isEqualTo("address host at offset 7: 513 bytes");
  }

  @Test
  void read_boolThatIsNeitherZeroNorOne_isRefused() {
    assertThat(Frames.fault("sendcmpct", "02" + "0200000000000000").detail())
        .isEqualTo("high bandwidth at offset 0: 2 is neither 0 nor 1");
    assertThat(Frames.fault("reconcildiff", "03" + "00").reason()).isEqualTo(Reason.BAD_PAYLOAD);
  }

  @Test
  void read_placesOfTransactions_areDifferences() {
    assertThat(Frames.read("getblocktxn", HASH + "04" + "00" + "00" + "01" + "fdfaff"))
        .isEqualTo(new GetBlockTransactions(hash(), List.of(0, 1, 3, 65_534)));
  }

  @Test
  void read_placeBehindTheLargestBlock_isRefused() {
    assertThat(Frames.read("getblocktxn", HASH + "01" + "fdffff"))
        .isEqualTo(new GetBlockTransactions(hash(), List.of(65_535)));
    assertThat(Frames.fault("getblocktxn", HASH + "02" + "fdffff" + "00").detail())
        .contains("0 behind 65535");
    assertThat(Frames.fault("getblocktxn", HASH + "02" + "00" + "ffffffffffffffffff").detail())
        .contains("18446744073709551615 behind 0");
    assertThat(Frames.fault("getblocktxn", HASH + "01" + "fe00000100").detail())
        .contains("65536 behind -1");
  }

  @Test
  void read_prefilledBehindTheBlock_isRefused() {
    Transaction coinbase = TestBlocks.coinbase(1, TestBlocks.pay(1));
    String transaction = Bytes.of(coinbase.toWire()).toHex();

    assertThat(
            Frames.fault("cmpctblock", "00".repeat(88) + "00" + "01" + "01" + transaction).detail())
        .isEqualTo("prefilled transaction 1 after -1, at most 0");
  }

  @Test
  void read_filterBeyondItsLimits_isRefused() {
    assertThat(Frames.fault("filterload", "00" + "ffffffff" + "00000000" + "00").detail())
        .isEqualTo("number of hash functions 2147483647 is not in 0..50");
    assertThat(
            Frames.fault("filterload", "fda18c" + "00".repeat(36_001) + "01000000" + "00000000")
                .reason())
        .isEqualTo(Reason.BAD_PAYLOAD);
    assertThat(Frames.fault("filteradd", "fd0902" + "00".repeat(521).substring(2)).reason())
        .isEqualTo(Reason.BAD_PAYLOAD);
  }

  @Test
  void read_featureOfShortName_isRefused() {
    assertThat(Frames.fault("feature", "03" + "616263" + "00").detail())
        .isEqualTo("length of feature id 3 is not in 4..80");
  }

  @Test
  void read_featureOfAnOddName_isAFeatureThatNobodyKnows() {
    assertThat(Frames.read("feature", "05" + "616263e90a" + "00"))
        .isEqualTo(new Feature("abc??", Bytes.EMPTY));
  }

  @Test
  void read_feeFilterBelowZero_isReadAsItIs() {
    assertThat(Frames.read("feefilter", "ffffffffffffffff")).isEqualTo(new FeeFilter(-1));
  }

  @Test
  void read_params_areLinesInOrder() {
    assertThat(Frames.read("params", hex("a=1\nb==\n")))
        .isEqualTo(new Params(new TreeMap<>(Map.of("a", "1", "b", "="))));
    assertThat(Frames.read("params", "")).isEqualTo(new Params(new TreeMap<>()));
  }

  @Test
  void read_paramsThatAreNotCanonical_areRefused() {
    List<String> bad =
        List.of(
            "a=1", "a\n", "a", "b=1\na=1\n", "a=1\na=1\n", "=1\n", "a=\u00e9\n", "\n", "a\nb=1\n");

    assertThat(bad)
        .allSatisfy(
            lines ->
                assertThat(Frames.fault("params", hex(lines)).reason())
                    .isEqualTo(Reason.BAD_PAYLOAD));
  }

  @Test
  void read_shortIdsOutOfOrder_areRefused() {
    assertThat(Frames.fault("reconcildiff", "01" + "02" + "02000000" + "02000000").detail())
        .isEqualTo("short id 2 after 2");
    assertThat(Frames.fault("reconcildiff", "01" + "01" + "00000000").reason())
        .isEqualTo(Reason.BAD_PAYLOAD);
  }

  @Test
  void read_partThatThereIsNot_isRefused() {
    assertThat(Frames.fault("reqbisec", "00").detail()).isEqualTo("part outside 1..15: 0");
    assertThat(Frames.fault("reqbisec", "10").detail()).isEqualTo("part outside 1..15: 16");
  }

  @Test
  void read_sketchOfHalfAnElement_isRefused() {
    assertThat(Frames.fault("sketch", "02" + "0102").detail())
        .isEqualTo("2 bytes of four-byte elements");
  }

  @Test
  void encode_withoutWitness_leavesWitnessesOut() {
    Transaction coinbase = TestBlocks.coinbase(1, TestBlocks.SIGNATURE, TestBlocks.pay(1));
    Block block = TestBlocks.block(coinbase);

    assertThat(Frames.only(Frames.encode(new BlockMessage(block, false))))
        .isInstanceOfSatisfying(
            MessageFrame.class,
            read -> {
              Block stripped = ((BlockMessage) read.message()).block();
              assertThat(stripped.header()).isEqualTo(block.header());
              assertThat(stripped.size()).isEqualTo(block.strippedSize());
              assertThat(stripped.txids()).isEqualTo(block.txids());
            });
    assertThat(Frames.only(Frames.encode(new TransactionMessage(coinbase, false))))
        .isInstanceOfSatisfying(
            MessageFrame.class,
            read -> {
              Transaction stripped = ((TransactionMessage) read.message()).transaction();
              assertThat(stripped.hasWitness()).isFalse();
              assertThat(stripped.txid()).isEqualTo(coinbase.txid());
            });
  }

  private static Hash256 hash() {
    return Hash256.ofWire(Bytes.parse(HASH).toArray());
  }

  private static String hex(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.ISO_8859_1)).toHex();
  }
}
