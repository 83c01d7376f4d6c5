package org.chaincore.core.block;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.Sha256;

/** Writes Bitcoin's encodings into a growing array. Not thread-safe. */
public final class ByteWriter {
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private static final byte[] NONE = new byte[0];

  private byte[] bytes;
  private int size;

  private ByteWriter(int expectedBytes) {
    this.bytes = new byte[expectedBytes];
  }

  public static ByteWriter create() {
    return new ByteWriter(256);
  }

  public static ByteWriter ofExpectedSize(int expectedBytes) {
    return new ByteWriter(expectedBytes);
  }

  /** Bytes that a number takes as CompactSize. */
  public static int compactSizeBytes(long value) {
    if (value < 0) {
      return 9;
    }
    return value < 0xfd ? 1 : value <= 0xffff ? 3 : value <= 0xffff_ffffL ? 5 : 9;
  }

  /** Bytes that a byte string takes behind its CompactSize. */
  static int varBytesSize(Bytes value) {
    return compactSizeBytes(value.length()) + value.length();
  }

  public int size() {
    return size;
  }

  public ByteWriter uint8(int value) {
    int at = room(1);
    bytes[at] = (byte) value;
    return this;
  }

  public ByteWriter uint16(int value) {
    int at = room(2);
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >>> 8);
    return this;
  }

  public ByteWriter int32(int value) {
    int at = room(4);
    LittleEndian.putInt(bytes, at, value);
    return this;
  }

  /** The low 32 bits of {@code value}. */
  public ByteWriter uint32(long value) {
    return int32((int) value);
  }

  public ByteWriter int64(long value) {
    int at = room(8);
    LittleEndian.putLong(bytes, at, value);
    return this;
  }

  public ByteWriter hash(Hash256 hash) {
    int at = room(Hash256.BYTES);
    hash.writeWire(bytes, at);
    return this;
  }

  /** Without an array in between: an answer to getheaders has 2,000 of these. */
  void header(BlockHeader header) {
    int at = room(BlockHeader.BYTES);
    header.writeWire(bytes, at);
  }

  /** CompactSize of {@code value}, read as unsigned. */
  public ByteWriter compactSize(long value) {
    return switch (compactSizeBytes(value)) {
      case 1 -> uint8((int) value);
      case 3 -> uint8(0xfd).uint16((int) value);
      case 5 -> uint8(0xfe).uint32(value);
      default -> uint8(0xff).int64(value);
    };
  }

  public ByteWriter bytes(Bytes value) {
    int at = room(value.length());
    value.copyTo(bytes, at);
    return this;
  }

  public ByteWriter bytes(byte[] value) {
    int at = room(value.length);
    System.arraycopy(value, 0, bytes, at, value.length);
    return this;
  }

  /** A byte string behind its CompactSize. */
  public ByteWriter varBytes(Bytes value) {
    return compactSize(value.length()).bytes(value);
  }

  public byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  /**
   * What was written, in the writer's own array where that is full, as it is when the expected size
   * was right. The writer is empty then, and begins anew.
   */
  public byte[] takeArray() {
    byte[] taken = size == bytes.length ? bytes : toArray();
    if (taken == bytes) {
      bytes = NONE;
    }
    size = 0;
    return taken;
  }

  public Bytes toBytes() {
    return Bytes.of(bytes, 0, size);
  }

  /**
   * Puts what was written into a buffer.
   *
   * @throws java.nio.BufferOverflowException if there is no room for it
   */
  public void copyTo(ByteBuffer out) {
    out.put(bytes, 0, size);
  }

  /** Bytes that are kept for what is written, used or not. */
  public int capacity() {
    return bytes.length;
  }

  /** Double SHA-256 of what was written. */
  public Hash256 doubleHash(Sha256 hasher) {
    return hasher.doubleHash(bytes, 0, size);
  }

  /** Single SHA-256 of what was written. */
  public byte[] hash(Sha256 hasher) {
    return hasher.hash(bytes, 0, size);
  }

  /** Empties the writer; its array is kept for what comes next. */
  public ByteWriter clear() {
    size = 0;
    return this;
  }

  /**
   * Makes room and returns where it is. May replace the array, so it is called before the array is
   * named: Java evaluates operands from left to right.
   */
  private int room(int more) {
    int at = size;
    int needed = Math.addExact(at, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(LARGEST_ARRAY, Math.max(needed, 2L * at)));
    }
    size = needed;
    return at;
  }
}
