package org.chaincore.core.block;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.Sha256;

/**
 * A cursor over bytes from outside. Every read names the field it reads, so that a refusal can say
 * where the bytes went wrong, and checks what is left before it allocates: a declared length buys
 * no memory that the input does not back.
 *
 * <p>Every method throws {@link MalformedBytesException} when the bytes do not hold what is asked
 * for. Not thread-safe.
 */
public final class ByteReader {
  private final byte[] bytes;
  private final int end;
  private int position;

  private ByteReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.position = from;
    this.end = to;
  }

  /** Reads all of {@code bytes}, which the caller does not change meanwhile. */
  public static ByteReader of(byte[] bytes) {
    return new ByteReader(bytes, 0, bytes.length);
  }

  /** Reads bytes {@code from} (inclusive) to {@code to} (exclusive). */
  public static ByteReader of(byte[] bytes, int from, int to) {
    if (from < 0 || to > bytes.length || from > to) {
      throw new IndexOutOfBoundsException(from + ".." + to + " of " + bytes.length + " bytes");
    }
    return new ByteReader(bytes, from, to);
  }

  /** Reads all of {@code bytes} as one value and refuses anything after it. */
  public static <T> T readAll(byte[] bytes, String field, Function<ByteReader, T> read) {
    ByteReader in = of(bytes);
    T value = read.apply(in);
    in.expectEnd(field);
    return value;
  }

  /** The offset of the next byte in the array. */
  public int position() {
    return position;
  }

  public int remaining() {
    return end - position;
  }

  public int uint8(String field) {
    int at = take(1, field);
    return bytes[at] & 0xff;
  }

  public int uint16(String field) {
    int at = take(2, field);
    return (bytes[at] & 0xff) | ((bytes[at + 1] & 0xff) << 8);
  }

  public int int32(String field) {
    return LittleEndian.getInt(bytes, take(4, field));
  }

  /** An unsigned 32-bit number, 0..2³²−1. */
  public long uint32(String field) {
    return Integer.toUnsignedLong(int32(field));
  }

  public long int64(String field) {
    return LittleEndian.getLong(bytes, take(8, field));
  }

  public Hash256 hash(String field) {
    return Hash256.ofWire(bytes, take(Hash256.BYTES, field));
  }

  /** Without a copy: a download is mostly headers. */
  BlockHeader header(Sha256 hasher) {
    return BlockHeader.read(bytes, take(BlockHeader.BYTES, "header"), hasher);
  }

  /**
   * Bitcoin's CompactSize: 1, 3, 5 or 9 bytes, of which only the shortest form of a number is
   * accepted. The result may be negative where a ninth byte sets the top bit: read it as unsigned.
   */
  public long compactSize(String field) {
    int at = position;
    int first = uint8(field);
    return switch (first) {
      case 0xfd -> shortest(at, field, uint16(field), 0xfd);
      case 0xfe -> shortest(at, field, uint32(field), 0x1_0000L);
      case 0xff -> shortest(at, field, int64(field), 0x1_0000_0000L);
      default -> first;
    };
  }

  private static long shortest(int at, String field, long value, long least) {
    if (Long.compareUnsigned(value, least) < 0) {
      throw new MalformedBytesException(at, field, "length is not in its shortest form");
    }
    return value;
  }

  /**
   * A CompactSize that counts items of at least {@code minBytesEach} bytes, all of which must still
   * be there.
   */
  public int count(String field, int minBytesEach) {
    int at = position;
    long count = compactSize(field);
    if (Long.compareUnsigned(count, remaining() / minBytesEach) > 0) {
      throw new MalformedBytesException(
          at,
          field,
          Long.toUnsignedString(count) + " declared, but only " + remaining() + " bytes left");
    }
    return (int) count;
  }

  /** A counted list, which cannot be changed. */
  public <T> List<T> list(String field, int minBytesEach, Function<ByteReader, T> readItem) {
    int count = count(field, minBytesEach);
    // Nearly all lists of a transaction have one or two, and are made without another on the way.
    return switch (count) {
      case 0 -> List.of();
      case 1 -> List.of(readItem.apply(this));
      case 2 -> List.of(readItem.apply(this), readItem.apply(this));
      default -> {
        List<T> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          items.add(readItem.apply(this));
        }
        yield Collections.unmodifiableList(items);
      }
    };
  }

  public Bytes bytes(String field, int length) {
    return Bytes.of(bytes, take(length, field), length);
  }

  /** A byte string behind its CompactSize. */
  public Bytes varBytes(String field) {
    int length = count(field, 1);
    return bytes(field, length);
  }

  public void expectEnd(String field) {
    if (remaining() != 0) {
      throw new MalformedBytesException(
          position, field, remaining() + " bytes left behind the end of the value");
    }
  }

  /** The byte at {@code ahead} bytes from the next one, or −1 past the end. */
  int peek(int ahead) {
    int at = position + ahead;
    return at < end ? bytes[at] & 0xff : -1;
  }

  /** Double SHA-256 of bytes already read. */
  Hash256 doubleHash(Sha256 hasher, int from, int to) {
    return hasher.doubleHash(bytes, from, to - from);
  }

  /** Feeds bytes already read to a hasher. */
  void feed(Sha256 hasher, int from, int to) {
    hasher.feed(bytes, from, to - from);
  }

  private int take(int length, String field) {
    int at = position;
    if (length > end - at) {
      throw new MalformedBytesException(
          at, field, "needs " + length + " bytes, only " + (end - at) + " left");
    }
    position = at + length;
    return at;
  }
}
