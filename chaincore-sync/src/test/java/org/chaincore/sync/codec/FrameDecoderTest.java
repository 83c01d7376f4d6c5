package org.chaincore.sync.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.config.Networks;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.codec.MalformedFrame.Reason;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.TransactionMessage;
import org.chaincore.sync.message.Verack;
import org.junit.jupiter.api.Test;

final class FrameDecoderTest {
  private static final byte[] NO_CHECKSUM = new byte[4];

  @Test
  void encode_ping_isTheFrameOfBitcoin() {
    byte[] frame = FrameEncoder.of(0xd9b4bef9).encode(new Ping(0x0102030405060708L));

    assertThat(Bytes.of(frame).toHex())
        .isEqualTo(
            "f9beb4d9" + "70696e670000000000000000" + "08000000" + "3b5a7513" + "0807060504030201");
  }

  @Test
  void feed_verackOfMainnet_isRead() {
    byte[] frame = Bytes.parse("f9beb4d976657261636b000000000000000000005df6e0e2").toArray();

    assertThat(FrameDecoder.of(0xd9b4bef9, Frames.LIMITS).feed(frame))
        .containsExactly(new MessageFrame(new Verack(), 24));
  }

  @Test
  void feed_otherMagic_isMalformedAndEndsTheDecoder() {
    byte[] frame = Frames.encode(new Ping(1));
    frame[0] ^= 1;
    FrameDecoder decoder = Frames.decoder();

    assertThat(decoder.feed(frame))
        .containsExactly(new MalformedFrame(Reason.WRONG_MAGIC, "", "magic 05030201"));
    assertThat(decoder.isFinished()).isTrue();
    assertThat(decoder.feed(Frames.encode(new Ping(1)))).isEmpty();
    assertThat(decoder.heldBytes()).isZero();
  }

  @Test
  void feed_messagesBeforeTheFault_areStillYielded() {
    byte[] good = Frames.encode(new Ping(1));
    byte[] stream =
        ByteWriter.create().bytes(good).bytes(new byte[24]).bytes(good).bytes(good).toArray();

    assertThat(Frames.decoder().feed(stream))
        .hasSize(2)
        .first()
        .isEqualTo(new MessageFrame(new Ping(1), 32));
  }

  @Test
  void feed_commandThatIsNoName_isMalformed() {
    List<String> bad = List.of("", "pi\0ng", "pi\u0007ng", "ping\u007f", "\u00e9");

    assertThat(bad)
        .allSatisfy(
            command ->
                assertThat(Frames.only(Frames.header(command, 0, NO_CHECKSUM)))
                    .isInstanceOfSatisfying(
                        MalformedFrame.class,
                        fault -> {
                          assertThat(fault.reason()).isEqualTo(Reason.BAD_COMMAND);
                          assertThat(fault.command()).isEmpty();
                          assertThat(fault.detail()).matches("command [0-9a-f]{24}");
                        }));
  }

  @Test
  void feed_wrongChecksum_isMalformed() {
    byte[] frame = Frames.encode(new Ping(1));
    frame[20] ^= 1;

    assertThat(Frames.only(frame))
        .isEqualTo(new MalformedFrame(Reason.WRONG_CHECKSUM, "ping", "checksum of 8 bytes"));
  }

  @Test
  void feed_payloadLongerThanItsCommandAllows_isRefusedAtTheHeader() {
    assertThat(Frames.only(Frames.header("ping", 9, NO_CHECKSUM)))
        .isEqualTo(new MalformedFrame(Reason.TOO_LONG, "ping", "9 bytes declared, at most 8"));
    assertThat(Frames.only(Frames.header("verack", 1, NO_CHECKSUM)))
        .isEqualTo(new MalformedFrame(Reason.TOO_LONG, "verack", "1 bytes declared, at most 0"));
    assertThat(Frames.only(Frames.header("inv", 1_800_004, NO_CHECKSUM)))
        .isEqualTo(
            new MalformedFrame(Reason.TOO_LONG, "inv", "1800004 bytes declared, at most 1800003"));
  }

  @Test
  void feed_lengthOfAllOnes_isTooLongForAnyCommand() {
    List<String> commands = List.of("block", "later");

    assertThat(commands)
        .allSatisfy(
            command ->
                assertThat(Frames.only(Frames.header(command, 0xffff_ffffL, NO_CHECKSUM)))
                    .isEqualTo(
                        new MalformedFrame(
                            Reason.TOO_LONG,
                            command,
                            "4294967295 bytes declared, at most 4000000")));
  }

  @Test
  void feed_blockLongerThanTheNetworks_isRefusedAtTheHeader() {
    FrameDecoder decoder = FrameDecoder.of(Frames.MAGIC, new FrameLimits(4_000_000, 1_000));

    assertThat(decoder.feed(Frames.header("block", 1_001, NO_CHECKSUM)))
        .containsExactly(
            new MalformedFrame(Reason.TOO_LONG, "block", "1001 bytes declared, at most 1000"));
  }

  @Test
  void ofConnection_beforeVerack_takesOnlyShortPayloads() {
    FrameDecoder decoder = FrameDecoder.ofConnection(Frames.MAGIC, Frames.LIMITS);

    assertThat(decoder.feed(Frames.header("block", 16 * 1024 + 1, NO_CHECKSUM)))
        .containsExactly(
            new MalformedFrame(Reason.TOO_LONG, "block", "16385 bytes declared, at most 16384"));
  }

  @Test
  void ofConnection_longPayloadInTheSameBytesAsVerack_isTaken() {
    FrameDecoder decoder = FrameDecoder.ofConnection(Frames.MAGIC, Frames.LIMITS);
    InventoryItem item = new InventoryItem(InventoryType.BLOCK, Hash256.ZERO);
    Inventory large = new Inventory(Collections.nCopies(1_000, item));
    byte[] both =
        ByteWriter.create()
            .bytes(Frames.encode(new Verack()))
            .bytes(Frames.encode(large))
            .toArray();

    assertThat(decoder.feed(both)).hasSize(2).noneMatch(MalformedFrame.class::isInstance);
  }

  @Test
  void of_network_takesBlocksUpToItsWeight() {
    assertThat(FrameLimits.of(Networks.regtest()))
        .isEqualTo(new FrameLimits(4_000_000, Networks.regtest().limits().maxWeight()));
  }

  @Test
  void limits_outOfRange_areRefusedWithTheValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FrameLimits(4_000_001, 1))
        .withMessageContaining("maxPayloadBytes 4000001");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FrameLimits(1, 0))
        .withMessageContaining("maxBlockBytes 0");
  }

  @Test
  void feed_unknownCommand_isSkippedWithoutBeingKept() {
    FrameDecoder decoder = Frames.decoder();
    byte[] piece = new byte[100_000];

    assertThat(decoder.feed(Frames.header("later", 300_000, NO_CHECKSUM))).isEmpty();
    assertThat(decoder.feed(piece)).isEmpty();
    assertThat(decoder.heldBytes()).isLessThan(100);
    assertThat(decoder.feed(piece)).isEmpty();
    assertThat(decoder.feed(piece)).containsExactly(new UnknownFrame("later", 300_000));
    assertThat(decoder.feed(Frames.encode(new Verack()))).hasSize(1);
  }

  @Test
  void feed_emptyUnknownCommand_isYieldedAtOnce() {
    assertThat(Frames.only(Frames.header("twelve_bytes", 0, NO_CHECKSUM)))
        .isEqualTo(new UnknownFrame("twelve_bytes", 0));
  }

  @Test
  void heldBytes_hugeDeclaredPayload_growsWithWhatCame() {
    FrameDecoder decoder = Frames.decoder();
    decoder.feed(Frames.header("block", 4_000_000, NO_CHECKSUM));
    assertThat(decoder.heldBytes()).isEqualTo(24);
    byte[] piece = new byte[1_000];
    for (int came = 1_000; came < 4_000_000; came += 1_000) {
      assertThat(decoder.feed(piece)).isEmpty();
      assertThat(decoder.heldBytes()).isLessThanOrEqualTo(24 + 2 * came + 1_024);
      assertThat(decoder.heldBytes()).isLessThanOrEqualTo(24 + 4_000_000);
    }
    assertThat(decoder.feed(piece)).hasSize(1);
    assertThat(decoder.heldBytes()).isZero();
  }

  @Test
  void feed_rangeOfAnArray_readsNothingAround() {
    byte[] frame = Frames.encode(new Ping(7));
    byte[] around = new byte[frame.length + 20];
    Arrays.fill(around, (byte) 0xaa);
    System.arraycopy(frame, 0, around, 10, frame.length);

    assertThat(Frames.decoder().feed(around, 10, frame.length))
        .containsExactly(new MessageFrame(new Ping(7), 32));
  }

  @Test
  void feed_arrayOverwrittenAfterwards_leavesTheMessageAlone() {
    Inventory sent =
        new Inventory(List.of(new InventoryItem(InventoryType.BLOCK, Hash256.ofWords(1, 2, 3, 4))));
    byte[] frame = Frames.encode(sent);

    List<Frame> frames = Frames.decoder().feed(frame);
    Arrays.fill(frame, (byte) 0);

    assertThat(frames).containsExactly(new MessageFrame(sent, frame.length));
  }

  @Test
  void feed_rangeOutsideTheArray_isTheCallersFault() {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> Frames.decoder().feed(new byte[3], 2, 2));
  }

  @Test
  void encode_moreThanAFrameHolds_isRefusedAndTheEncoderGoesOn() {
    byte[] script = new byte[4_000_000];
    Transaction huge =
        Transaction.of(
            1,
            List.of(TransactionInput.spending(OutPoint.NULL)),
            List.of(new TransactionOutput(0, Bytes.of(script))),
            0);
    FrameEncoder encoder = FrameEncoder.of(Frames.MAGIC);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> encoder.encode(new TransactionMessage(huge)))
        .withMessageContaining("does not fit into a frame");
    assertThat(encoder.encode(new Verack())).isEqualTo(Frames.encode(new Verack()));
  }
}
