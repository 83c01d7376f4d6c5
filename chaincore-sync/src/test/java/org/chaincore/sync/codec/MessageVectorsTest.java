package org.chaincore.sync.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.Vectors;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.Sha256;
import org.chaincore.sync.message.Addresses;
import org.chaincore.sync.message.AddressesV2;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.CompactBlock;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.MerkleBlock;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.ShortIds;
import org.chaincore.sync.message.TimestampedAddress;
import org.chaincore.sync.peer.AddressNetwork;
import org.chaincore.sync.peer.NetworkAddress;
import org.junit.jupiter.api.Test;

/** Payloads that other software wrote, read and written back. */
final class MessageVectorsTest {
  /** As a TCP connection would cut a stream. */
  private static final int PIECE = 1_460;

  @Test
  void feed_addressStreams_sayWhatTheirNoteSays() {
    Vectors vectors = Vectors.in("addrv2");
    JsonNode file = vectors.json("addr_stream.json");
    byte[] old = Bytes.parse(file.get("addrv1_vector_hex").asText()).toArray();
    byte[] v2 = Bytes.parse(file.get("addrv2_vector_hex").asText()).toArray();
    Bytes loopback = Bytes.parse("00".repeat(15) + "01");
    List<TimestampedAddress> expected =
        List.of(
            new TimestampedAddress(0x4966bc61L, 0, ipv6(loopback, 0)),
            new TimestampedAddress(0x83766279L, 1, ipv6(loopback, 0x00f1)),
            new TimestampedAddress(0xffffffffL, 1 << 3 | 1 << 6 | 1 << 10, ipv6(loopback, 0xf1f2)));

    assertThat(readAndWrittenBack("addr", old)).isEqualTo(new Addresses(expected));
    assertThat(readAndWrittenBack("addrv2", v2)).isEqualTo(new AddressesV2(expected));
    vectors.ran("addr_stream.json", 2);
  }

  @Test
  void feed_realCompactBlock_namesTheTransactionsOfItsBlock() {
    Vectors vectors = Vectors.in("compact-blocks");
    Block block = Block.parse(vectors.bytes("block898352.bin"));
    byte[] payload = vectors.bytes("cmpctblock898352.raw");

    CompactBlock compact = (CompactBlock) readAndWrittenBack("cmpctblock", payload);

    assertThat(compact.header()).isEqualTo(block.header());
    assertThat(compact.transactionCount()).isEqualTo(block.transactions().size());
    assertThat(compact.prefilled())
        .containsExactly(new CompactBlock.Prefilled(0, block.transactions().get(0)));
    // None of them has a witness, so it does not matter that the ids were made of txids.
    assertThat(block.transactions()).noneMatch(Transaction::hasWitness);
    List<Long> ids =
        block.transactions().stream()
            .skip(1)
            .map(transaction -> ShortIds.of(compact.key(), transaction.wtxid()))
            .toList();
    assertThat(IntStream.range(0, compact.shortIds().count()).mapToObj(compact.shortIds()::at))
        .isEqualTo(ids);
    assertThat(CompactBlock.of(block, compact.nonce())).isEqualTo(compact);
    vectors.ran("cmpctblock898352.raw", 1);
  }

  @Test
  void feed_realBlocksInPieces_areReadAndWrittenBack() {
    int legacy = readBlocks("blocks-mainnet-legacy");
    int segwit = readBlocks("blocks-mainnet-segwit");

    assertThat(legacy).isEqualTo(5);
    assertThat(segwit).isEqualTo(2);
  }

  private static int readBlocks(String folder) {
    Vectors vectors = Vectors.in(folder);
    int ran = 0;
    for (Map.Entry<String, JsonNode> entry : vectors.json("expected.json").properties()) {
      JsonNode expected = entry.getValue();
      Block block =
          ((BlockMessage) readAndWrittenBack("block", vectors.bytes(entry.getKey()))).block();
      assertThat(block.hash()).hasToString(expected.get("hash").asText());
      if (expected.has("weight")) {
        int withoutWitness = (expected.get("weight").asInt() - expected.get("size").asInt()) / 3;
        assertThat(Frames.encode(new BlockMessage(block, false))).hasSize(24 + withoutWitness);
      }
      ran++;
    }
    vectors.ran("expected.json as messages", ran);
    return ran;
  }

  @Test
  void feed_framedBlocks_areReadAndWrittenBack() {
    Vectors vectors = Vectors.in("blocks-mainnet-legacy");
    byte[] file = vectors.bytes("blocks1-256.framed");
    int ran = 0;
    Hash256 previous =
        Hash256.parse("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f");
    for (int at = 0; at < file.length; ) {
      int length = LittleEndian.getInt(file, at + 4);
      byte[] payload = Arrays.copyOfRange(file, at + 8, at + 8 + length);
      Block block = ((BlockMessage) readAndWrittenBack("block", payload)).block();
      assertThat(block.header().previous()).isEqualTo(previous);
      previous = block.hash();
      at += 8 + length;
      ran++;
    }
    // The last block of the name is not in the file.
    assertThat(ran).isEqualTo(255);
    vectors.ran("blocks1-256.framed as messages", ran);
  }

  @Test
  void feed_realHeadersByTheTwoThousand_areReadInOrder() {
    Vectors vectors = Vectors.in("headers-mainnet");
    byte[] file = vectors.bytes("h000000-010236.bin");
    Sha256 hasher = Sha256.create();
    List<BlockHeader> headers = new ArrayList<>();
    for (int at = 0; at < file.length; at += BlockHeader.BYTES) {
      headers.add(BlockHeader.read(file, at, hasher));
    }
    FrameEncoder encoder = FrameEncoder.of(Frames.MAGIC);
    FrameDecoder decoder = Frames.decoder();
    List<BlockHeader> received = new ArrayList<>();
    for (int from = 0; from < headers.size(); from += Headers.MAX_HEADERS) {
      int to = Math.min(headers.size(), from + Headers.MAX_HEADERS);
      byte[] frame = encoder.encode(new Headers(headers.subList(from, to)));
      assertThat(frame).hasSize(24 + (to - from < 0xfd ? 1 : 3) + 81 * (to - from));
      for (Frame read : fed(decoder, frame)) {
        received.addAll(((Headers) ((MessageFrame) read).message()).headers());
      }
    }

    assertThat(received).isEqualTo(headers);
    vectors.ran("h000000-010236.bin as messages", received.size());
  }

  @Test
  void feed_realMerkleblock_provesSomethingUnderItsRoot() {
    Vectors vectors = Vectors.in("merkle");

    MerkleBlock read =
        (MerkleBlock) readAndWrittenBack("merkleblock", vectors.bytes("merkleblock300025.raw"));

    assertThat(read.tree().extract(read.header().merkleRoot())).isPresent();
    vectors.ran("merkleblock300025.raw as a message", 1);
  }

  /** The message of a payload that came in pieces, which gives the same bytes again. */
  private static Message readAndWrittenBack(String command, byte[] payload) {
    byte[] frame = Frames.frame(command, payload);
    List<Frame> frames = fed(Frames.decoder(), frame);
    assertThat(frames).hasSize(1);
    Message message = ((MessageFrame) frames.get(0)).message();
    assertThat(Frames.encode(message)).isEqualTo(frame);
    return message;
  }

  private static List<Frame> fed(FrameDecoder decoder, byte[] bytes) {
    List<Frame> frames = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += PIECE) {
      frames.addAll(decoder.feed(bytes, at, Math.min(PIECE, bytes.length - at)));
    }
    return frames;
  }

  private static NetworkAddress ipv6(Bytes host, int port) {
    return new NetworkAddress(AddressNetwork.IPV6, host, port);
  }
}
