package org.chaincore.core.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.Function;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.value.LittleEndian;

/**
 * Reads an archive frame by frame. Memory is bounded by the largest frame that the kind of archive
 * has: a length buys none beyond that. Not thread-safe.
 */
final class FrameReader {
  /** Length and checksum. */
  static final int OVERHEAD = 8;

  private static final int LENGTH_BYTES = 4;

  private final ReadableByteChannel in;
  private final int maxFrameBytes;
  private long offset;

  /** The first byte of the frame that was read last. */
  private long frameAt;

  FrameReader(ReadableByteChannel in, long offset, int maxFrameBytes) {
    this.in = in;
    this.offset = offset;
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Bytes read. */
  long offset() {
    return offset;
  }

  byte[] head() {
    return read(ArchiveHead.BYTES);
  }

  /** The payload of the next frame. */
  byte[] frame() {
    frameAt = offset;
    int length = LittleEndian.getInt(read(LENGTH_BYTES), 0);
    if (length < 0 || length > maxFrameBytes) {
      throw wrong(
          ArchiveFault.DAMAGED,
          "frame of " + Integer.toUnsignedString(length) + " bytes, the most are " + maxFrameBytes);
    }
    byte[] payload = read(length);
    int stored = LittleEndian.getInt(read(LENGTH_BYTES), 0);
    if (stored != FrameWriter.checksum(frameAt, payload)) {
      throw wrong(ArchiveFault.DAMAGED, "frame is not what was written");
    }
    return payload;
  }

  /** The next frame as what it means. */
  <T> T frame(String what, Function<ByteReader, T> parse) {
    byte[] payload = frame();
    try {
      return ByteReader.readAll(payload, what, parse);
    } catch (MalformedBytesException | IllegalArgumentException e) {
      throw new ArchiveException(
          ArchiveFault.DAMAGED, frameAt, "frame is no " + what + ": " + e.getMessage(), e);
    }
  }

  /** What is wrong with the frame that was read last. */
  ArchiveException wrong(ArchiveFault fault, String problem) {
    return new ArchiveException(fault, frameAt, problem);
  }

  /** After the last frame there is nothing. */
  void expectEnd() {
    frameAt = offset;
    try {
      if (in.read(ByteBuffer.allocate(1)) > 0) {
        throw wrong(ArchiveFault.DAMAGED, "bytes behind the end");
      }
    } catch (IOException e) {
      throw new ArchiveException(ArchiveFault.IO, offset, "cannot read", e);
    }
  }

  private byte[] read(int length) {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    try {
      while (buffer.hasRemaining()) {
        if (in.read(buffer) < 0) {
          throw new ArchiveException(
              ArchiveFault.TRUNCATED,
              offset + buffer.position(),
              "archive ends, " + buffer.remaining() + " more bytes are needed");
        }
      }
    } catch (IOException e) {
      throw new ArchiveException(ArchiveFault.IO, offset, "cannot read", e);
    }
    offset += length;
    return buffer.array();
  }
}
