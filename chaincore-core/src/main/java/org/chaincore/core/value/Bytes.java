package org.chaincore.core.value;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/** An immutable byte string: a script, a witness element, a key. Thread-safe. */
public final class Bytes {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] bytes;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of {@code bytes}. */
  public static Bytes of(byte... bytes) {
    return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone());
  }

  /**
   * A copy of a range.
   *
   * @throws IndexOutOfBoundsException if the range is not within the array
   */
  public static Bytes of(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  /**
   * Reads hex digits of either case.
   *
   * @throws IllegalArgumentException if it is not an even number of hex digits
   */
  public static Bytes parse(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  public int length() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  public byte at(int index) {
    return bytes[index];
  }

  /** The byte at {@code index} as 0..255. */
  public int unsignedAt(int index) {
    return bytes[index] & 0xff;
  }

  /** Bytes {@code from} (inclusive) to {@code to} (exclusive). */
  public Bytes slice(int from, int to) {
    if (from < 0 || to > bytes.length || from > to) {
      throw new IndexOutOfBoundsException(
          "slice " + from + ".." + to + " of " + bytes.length + " bytes");
    }
    return of(bytes, from, to - from);
  }

  public byte[] toArray() {
    return bytes.clone();
  }

  public void copyTo(byte[] to, int offset) {
    System.arraycopy(bytes, 0, to, offset, bytes.length);
  }

  public String toHex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return toHex();
  }
}
