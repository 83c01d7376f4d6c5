package org.chaincore.sync.codec;

import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.TransactionMessage;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages as frames of one network. One serves any number of connections, and so does a
 * frame. Not thread-safe.
 */
public final class FrameEncoder {
  private static final byte[] ROOM_FOR_HEADER = new byte[FrameHeader.BYTES];

  /** Larger arrays are not kept from one message to the next. */
  private static final int KEPT_BYTES = 64 * 1024;

  private final int magic;
  private final Sha256 hasher = Sha256.create();
  private final byte[] scratch = new byte[Hash256.BYTES];
  private ByteWriter writer = ByteWriter.create();
  private @Nullable Message lastMessage;
  private byte[] lastFrame = {};

  private FrameEncoder(int magic) {
    this.magic = magic;
  }

  /**
   * An encoder.
   *
   * @param magic the network's, as a little-endian number
   */
  public static FrameEncoder of(int magic) {
    return new FrameEncoder(magic);
  }

  /**
   * The frame of a message, with its header.
   *
   * @throws IllegalArgumentException if the payload is longer than {@link
   *     FrameLimits#MAX_PAYLOAD_BYTES}, as only a block or transactions beyond all limits can be
   */
  public byte[] encode(Message message) {
    int expected = expectedBytes(message);
    ByteWriter out = expected > 0 ? ByteWriter.ofExpectedSize(expected) : writer.clear();
    out.bytes(ROOM_FOR_HEADER);
    PayloadFormats.write(message, out);
    int payloadBytes = out.size() - FrameHeader.BYTES;
    if (writer.size() > KEPT_BYTES) {
      writer = ByteWriter.create();
    }
    if (payloadBytes > FrameLimits.MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          message.command() + " of " + payloadBytes + " bytes does not fit into a frame");
    }
    byte[] frame = expected > 0 ? out.takeArray() : out.toArray();
    FrameHeader.write(frame, magic, message.command(), hasher, scratch);
    return frame;
  }

  /**
   * The same, but the very message that was the last one too is not written again: blocks and
   * transactions go to many peers one after another.
   *
   * @return not to be changed, as others have it
   */
  public byte[] encodeOnce(Message message) {
    if (!isLast(message)) {
      lastFrame = encode(message);
      lastMessage = message;
    }
    return lastFrame;
  }

  private boolean isLast(Message message) {
    return message == lastMessage
        || (expectedBytes(message) > 0 && message.equals(lastMessage)); // By hashes of all bytes.
  }

  /** The size of a frame, where it is known before; else 0. */
  private static int expectedBytes(Message message) {
    if (message instanceof BlockMessage block) {
      return FrameHeader.BYTES + sizeOf(block);
    }
    if (message instanceof TransactionMessage one) {
      return FrameHeader.BYTES + sizeOf(one);
    }
    if (message instanceof Headers headers) {
      return FrameHeader.BYTES + ChainFormats.bytesOf(headers);
    }
    return 0;
  }

  private static int sizeOf(BlockMessage message) {
    return message.withWitness() ? message.block().size() : message.block().strippedSize();
  }

  private static int sizeOf(TransactionMessage message) {
    return message.withWitness()
        ? message.transaction().size()
        : message.transaction().strippedSize();
  }
}
