package org.chaincore.sync.codec;

import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Sha256;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.Message;

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
  private ByteWriter writer = ByteWriter.create();

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
    ByteWriter out = message instanceof BlockMessage block ? writerFor(block) : writer.clear();
    out.bytes(ROOM_FOR_HEADER);
    PayloadFormats.write(message, out);
    int payloadBytes = out.size() - FrameHeader.BYTES;
    if (out.size() > KEPT_BYTES) {
      writer = ByteWriter.create();
    }
    if (payloadBytes > FrameLimits.MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          message.command() + " of " + payloadBytes + " bytes does not fit into a frame");
    }
    byte[] frame = out.toArray();
    FrameHeader.write(frame, magic, message.command(), hasher);
    return frame;
  }

  private static ByteWriter writerFor(BlockMessage message) {
    return ByteWriter.ofExpectedSize(FrameHeader.BYTES + message.block().size());
  }
}
