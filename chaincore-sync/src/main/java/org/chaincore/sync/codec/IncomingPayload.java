package org.chaincore.sync.codec;

import java.util.Arrays;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.value.Sha256;

/**
 * Gathers the payloads of frames, one after another. One that lies whole in the bytes that came is
 * read where it lies; another is copied into an array that grows with what came, at most to twice
 * of it, and never because of what was declared. Not thread-safe; confined to its decoder.
 */
final class IncomingPayload {
  /** Bytes of the first array, so that short frames in pieces are not copied often. */
  private static final int FIRST_BYTES = 1_024;

  private static final byte[] NONE = new byte[0];

  private int length;
  private byte[] bytes = NONE;
  private int from;
  private int received;

  /** The next payload is so long. */
  void begin(int declared) {
    length = declared;
  }

  /** Forgets the payload and its bytes. */
  void letGo() {
    length = 0;
    bytes = NONE;
    from = 0;
    received = 0;
  }

  /** Takes what belongs to it; whether it has all. Its bytes are then good until the next call. */
  boolean take(FedBytes in) {
    if (received == 0 && in.remaining() >= length) {
      bytes = in.array();
      from = in.position();
      in.skip(length);
      received = length;
      return true;
    }
    int taken = Math.min(in.remaining(), length - received);
    reserve(received + taken);
    in.take(bytes, received, taken);
    received += taken;
    return received == length;
  }

  private void reserve(int needed) {
    if (needed > bytes.length) {
      long doubled = Math.max(FIRST_BYTES, 2L * received);
      bytes = Arrays.copyOf(bytes, (int) Math.min(length, Math.max(needed, doubled)));
    }
  }

  int checksum(Sha256 hasher, byte[] scratch) {
    return FrameHeader.checksum(hasher, bytes, from, length, scratch);
  }

  ByteReader reader() {
    return ByteReader.of(bytes, from, from + length);
  }

  /** The place in the payload of a place in the reader's array. */
  int offset(int position) {
    return position - from;
  }

  /** Bytes of memory that it holds while it is not whole. */
  int heldBytes() {
    return bytes.length;
  }
}
