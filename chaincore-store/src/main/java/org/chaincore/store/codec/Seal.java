package org.chaincore.store.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.LittleEndian;

/**
 * The frame around every value: a version in front, a checksum behind. The checksum (CRC-32C,
 * Castagnoli) covers the table and the key as well, so that a value which has strayed to another
 * key is no value there. RocksDB has checksums of its own, for its blocks; this one also covers the
 * way through its caches and its compactions. Stateless.
 */
public final class Seal {
  /** The version of every encoding that this release writes. */
  public static final int VERSION = 1;

  private static final int CHECKSUM_BYTES = 4;

  /** Bytes around the payload. */
  public static final int OVERHEAD = 1 + CHECKSUM_BYTES;

  private Seal() {}

  /** The value of a payload. */
  public static byte[] close(int table, byte[] key, byte[] payload) {
    byte[] value = new byte[payload.length + OVERHEAD];
    value[0] = VERSION;
    System.arraycopy(payload, 0, value, 1, payload.length);
    int end = value.length - CHECKSUM_BYTES;
    LittleEndian.putInt(value, end, checksum(table, key, value, end));
    return value;
  }

  /**
   * Puts the value of a payload into a buffer that lies outside the heap, and has it begin and end
   * with that value.
   *
   * @param value has room for the payload and {@link #OVERHEAD}
   */
  public static void close(int table, byte[] key, ByteWriter payload, ByteBuffer value) {
    value.clear().put((byte) VERSION);
    payload.copyTo(value);
    value.flip();
    CRC32C crc = begin(table, key);
    crc.update(value);
    int end = value.limit();
    value.limit(end + CHECKSUM_BYTES);
    value.putInt(end, Integer.reverseBytes((int) crc.getValue())).position(0);
  }

  /**
   * The payload of a value.
   *
   * @throws DamagedValueException if it is not what was written
   */
  public static byte[] open(int table, byte[] key, byte[] value) {
    if (value.length < OVERHEAD) {
      throw new DamagedValueException("only " + value.length + " bytes");
    }
    int end = value.length - CHECKSUM_BYTES;
    int stored = LittleEndian.getInt(value, end);
    int computed = checksum(table, key, value, end);
    if (stored != computed) {
      throw new DamagedValueException(
          String.format("checksum %08x, stored is %08x", computed, stored));
    }
    if (value[0] != VERSION) {
      throw new DamagedValueException(
          "encoding of version " + (value[0] & 0xff) + ", this release reads " + VERSION);
    }
    return Arrays.copyOfRange(value, 1, end);
  }

  private static int checksum(int table, byte[] key, byte[] value, int end) {
    CRC32C crc = begin(table, key);
    crc.update(value, 0, end);
    return (int) crc.getValue();
  }

  private static CRC32C begin(int table, byte[] key) {
    CRC32C crc = new CRC32C();
    crc.update(table);
    crc.update(key);
    return crc;
  }
}
