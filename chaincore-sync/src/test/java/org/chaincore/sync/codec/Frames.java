package org.chaincore.sync.codec;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.Sha256;
import org.chaincore.sync.message.Message;

/** Frames by hand, and decoders of a network that only tests have. */
final class Frames {
  static final int MAGIC = 0x01020304;

  static final FrameLimits LIMITS = new FrameLimits(FrameLimits.MAX_PAYLOAD_BYTES, 4_000_000);

  private Frames() {}

  static FrameDecoder decoder() {
    return FrameDecoder.of(MAGIC, LIMITS);
  }

  static byte[] encode(Message message) {
    return FrameEncoder.of(MAGIC).encode(message);
  }

  /** A frame around any payload, with a proper checksum. */
  static byte[] frame(String command, byte[] payload) {
    byte[] frame =
        ByteWriter.create()
            .bytes(header(command, payload.length, Sha256.doubleHash(payload).toWire()))
            .bytes(payload)
            .toArray();
    return frame;
  }

  static byte[] frame(String command, String payloadHex) {
    return frame(command, HexFormat.of().parseHex(payloadHex.replace(" ", "")));
  }

  /** A header that may declare what does not follow. */
  static byte[] header(String command, long length, byte[] checksum) {
    byte[] header = new byte[24];
    LittleEndian.putInt(header, 0, MAGIC);
    byte[] name = command.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(name, 0, header, 4, name.length);
    LittleEndian.putInt(header, 16, (int) length);
    System.arraycopy(checksum, 0, header, 20, 4);
    return header;
  }

  /** The only frame of the bytes. */
  static Frame only(byte[] bytes) {
    List<Frame> frames = decoder().feed(bytes);
    if (frames.size() != 1) {
      throw new AssertionError("not one frame: " + frames);
    }
    return frames.get(0);
  }

  /** The message of a payload. */
  static Message read(String command, String payloadHex) {
    Frame frame = only(frame(command, payloadHex));
    if (frame instanceof MessageFrame read) {
      return read.message();
    }
    throw new AssertionError("no message: " + frame);
  }

  /** What is wrong with a payload. */
  static MalformedFrame fault(String command, String payloadHex) {
    Frame frame = only(frame(command, payloadHex));
    if (frame instanceof MalformedFrame malformed) {
      return malformed;
    }
    throw new AssertionError("not malformed: " + frame);
  }
}
