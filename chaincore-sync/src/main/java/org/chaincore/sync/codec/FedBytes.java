package org.chaincore.sync.codec;

/**
 * The bytes that a decoder is being fed, and how far it has taken them. One serves for all that a
 * decoder is ever fed. Not thread-safe; confined to its decoder.
 */
final class FedBytes {
  private static final byte[] NONE = {};

  private byte[] bytes = NONE;
  private int position;
  private int end;

  /** Begins anew, with a range that was checked. */
  void begin(byte[] fed, int offset, int length) {
    bytes = fed;
    position = offset;
    end = offset + length;
  }

  /** Forgets the array, which is its owner's again. */
  void letGo() {
    begin(NONE, 0, 0);
  }

  int remaining() {
    return end - position;
  }

  byte[] array() {
    return bytes;
  }

  /** The place of the next byte in the array. */
  int position() {
    return position;
  }

  void skip(int count) {
    position += count;
  }

  void take(byte[] to, int offset, int count) {
    System.arraycopy(bytes, position, to, offset, count);
    position += count;
  }
}
