package org.chaincore.sync.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.sync.fixture.RandomMessages;
import org.chaincore.sync.message.Message;
import org.junit.jupiter.api.Test;

/** Random messages through the codec and back, whole, in pieces and damaged. */
final class RoundTripTest {
  /** A fault with its stack trace, which in tests is deep. */
  private static final long FIXED_BYTES = 32 * 1024;

  /** The smallest things on the wire, places of one byte, become boxed numbers in a list. */
  private static final long PER_BYTE = 64;

  private static final int TIMES_MEASURED = 4;

  @Test
  void table_everyMessage_hasAFormatOfItsCommand() {
    Set<Class<?>> all = new LinkedHashSet<>(Arrays.asList(Message.class.getPermittedSubclasses()));

    SeededRun.of(1, 1)
        .check(
            (random, size) -> {
              List<Message> messages = new RandomMessages(random, size).oneOfEach();
              assertThat(messages.stream().<Class<?>>map(Message::getClass)).hasSameElementsAs(all);
              assertThat(messages)
                  .allSatisfy(
                      message -> {
                        assertThat(PayloadFormats.find(FrameHeader.named(message.command())))
                            .isNotNull()
                            .extracting(format -> (Object) format.type())
                            .isEqualTo(message.getClass());
                        assertThat(message.command()).matches("[ -~]{1,12}");
                      });
            });
  }

  @Test
  void feed_anyMessageEncoded_isReadAsAnEqualOne() {
    SeededRun.of(100, 40)
        .check(
            (random, size) -> {
              for (Message message : new RandomMessages(random, size).oneOfEach()) {
                byte[] frame = Frames.encode(message);
                assertThat(Frames.decoder().feed(frame))
                    .containsExactly(new MessageFrame(message, frame.length));
              }
            });
  }

  @Test
  void feed_frameSplitAtEveryPlace_isReadAsWhole() {
    SeededRun.of(5, 5)
        .check(
            (random, size) -> {
              for (Message message : new RandomMessages(random, size).oneOfEach()) {
                byte[] frame = Frames.encode(message);
                for (int at = 1; at < frame.length; at++) {
                  FrameDecoder decoder = Frames.decoder();
                  assertThat(decoder.feed(frame, 0, at)).isEmpty();
                  assertThat(decoder.feed(frame, at, frame.length - at))
                      .containsExactly(new MessageFrame(message, frame.length));
                  assertThat(decoder.heldBytes()).isZero();
                }
              }
            });
  }

  @Test
  void feed_manyFramesInRandomPieces_yieldsThemInOrder() {
    SeededRun.of(50, 30)
        .check(
            (random, size) -> {
              RandomMessages messages = new RandomMessages(random, size);
              ByteWriter stream = ByteWriter.create();
              List<Frame> sent = new ArrayList<>();
              for (int i = 0; i < 50; i++) {
                Message message = messages.any();
                byte[] frame = Frames.encode(message);
                stream.bytes(frame);
                sent.add(new MessageFrame(message, frame.length));
              }
              byte[] bytes = stream.toArray();
              FrameDecoder decoder = Frames.decoder();
              List<Frame> received = new ArrayList<>();
              for (int at = 0; at < bytes.length; ) {
                int most = 1 + random.nextInt(1 << random.nextInt(14));
                int piece = Math.min(most, bytes.length - at);
                received.addAll(decoder.feed(bytes, at, piece));
                at += piece;
              }
              assertThat(received).isEqualTo(sent);
            });
  }

  @Test
  void feed_damagedFrames_endInTypedResultsAndHoldNoMoreThanTwiceWhatCame() {
    SeededRun.of(500, 30)
        .check(
            (random, size) -> {
              RandomMessages messages = new RandomMessages(random, size);
              for (Message message : messages.oneOfEach()) {
                byte[] damaged = messages.mutated(Frames.encode(message));
                FrameDecoder decoder = Frames.decoder();
                int half = random.nextInt(damaged.length + 1);
                List<Frame> frames = new ArrayList<>(decoder.feed(damaged, 0, half));
                assertThat(decoder.heldBytes()).isLessThanOrEqualTo(2 * half + 1_100);
                frames.addAll(decoder.feed(damaged, half, damaged.length - half));
                assertThat(decoder.heldBytes()).isLessThanOrEqualTo(2 * damaged.length + 1_100);
                assertThat(decoder.isFinished())
                    .isEqualTo(frames.stream().anyMatch(MalformedFrame.class::isInstance));
              }
            });
  }

  /** The checksum stops most damage; here it is made to fit. */
  @Test
  void feed_damagedPayloadsWithProperChecksum_areRefusedOrReadAsTheyAreWritten() {
    SeededRun.of(500, 30)
        .check(
            (random, size) -> {
              RandomMessages messages = new RandomMessages(random, size);
              for (Message message : messages.oneOfEach()) {
                byte[] frame = Frames.encode(message);
                byte[] payload = Arrays.copyOfRange(frame, 24, frame.length);
                if (payload.length == 0) {
                  continue;
                }
                byte[] damaged = Frames.frame(message.command(), messages.mutated(payload));
                Frame read = Frames.only(damaged);
                if (read instanceof MessageFrame whole) {
                  assertThat(Frames.only(Frames.encode(whole.message())))
                      .isInstanceOfSatisfying(
                          MessageFrame.class,
                          again -> assertThat(again.message()).isEqualTo(whole.message()));
                } else {
                  assertThat(((MalformedFrame) read).detail()).matches("[ -~]+");
                }
              }
            });
  }

  /**
   * What a peer's bytes make a node allocate grows with the bytes and not with what they declare.
   */
  @Test
  void feed_damagedPayloads_allocateInProportionToTheirBytes() throws ReflectiveOperationException {
    Allocation allocation = new Allocation();
    SeededRun.of(200, 200)
        .check(
            (random, size) -> {
              RandomMessages messages = new RandomMessages(random, size);
              for (Message message : messages.oneOfEach()) {
                byte[] frame = Frames.encode(message);
                byte[] payload = Arrays.copyOfRange(frame, 24, frame.length);
                if (payload.length == 0) {
                  continue;
                }
                byte[] damaged = Frames.frame(message.command(), messages.mutated(payload));
                assertThat(costOf(damaged, allocation))
                    .isLessThan(FIXED_BYTES + PER_BYTE * damaged.length);
              }
            });
  }

  @Test
  void feed_countsOfAllOnes_allocateNothingOfThem() throws ReflectiveOperationException {
    Allocation allocation = new Allocation();
    for (String command : List.of("inv", "headers", "addr", "addrv2", "reconcildiff", "feature")) {
      byte[] frame = Frames.frame(command, "ff" + "ff".repeat(8) + "00".repeat(30));
      assertThat(Frames.only(frame)).isInstanceOf(MalformedFrame.class);
      assertThat(costOf(frame, allocation)).isLessThan(FIXED_BYTES);
    }
  }

  /**
   * The bytes that decoding a frame allocates: the least of several times. What the frame asks for
   * is allocated each time; classes, call sites and profiles of the virtual machine are made once
   * and are no peer's doing.
   */
  private static long costOf(byte[] frame, Allocation allocation)
      throws ReflectiveOperationException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < TIMES_MEASURED; i++) {
      FrameDecoder decoder = Frames.decoder();
      long before = allocation.bytes();
      decoder.feed(frame);
      least = Math.min(least, allocation.bytes() - before);
    }
    return least;
  }
}
