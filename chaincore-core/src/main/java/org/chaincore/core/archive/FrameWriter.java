package org.chaincore.core.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32C;
import org.chaincore.core.block.ByteWriter;

/** Writes an archive: a head, then frames with checksums. Not thread-safe. */
final class FrameWriter {
  private final WritableByteChannel out;
  private long offset;

  FrameWriter(WritableByteChannel out, ArchiveHead head) {
    this.out = out;
    write(head.toBytes());
  }

  /** Bytes written. */
  long offset() {
    return offset;
  }

  void frame(byte[] payload) {
    ByteWriter frame = ByteWriter.ofExpectedSize(payload.length + FrameReader.OVERHEAD);
    frame.int32(payload.length).bytes(payload).int32(checksum(offset, payload));
    write(frame.toArray());
  }

  /** Of a payload at its place: frames that changed places are noticed. */
  static int checksum(long frameOffset, byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(ByteWriter.create().int64(frameOffset).int32(payload.length).toArray());
    crc.update(payload);
    return (int) crc.getValue();
  }

  private void write(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
    } catch (IOException e) {
      throw new ArchiveException(ArchiveFault.IO, offset, "cannot write", e);
    }
    offset += bytes.length;
  }
}
