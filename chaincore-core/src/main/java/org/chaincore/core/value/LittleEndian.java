package org.chaincore.core.value;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Least-significant-byte-first integers in byte arrays, the byte order of every Bitcoin encoding.
 * Stateless. An offset outside the array throws {@link IndexOutOfBoundsException}.
 */
public final class LittleEndian {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  public static int getInt(byte[] from, int offset) {
    return (int) INT.get(from, offset);
  }

  public static long getLong(byte[] from, int offset) {
    return (long) LONG.get(from, offset);
  }

  public static void putInt(byte[] to, int offset, int value) {
    INT.set(to, offset, value);
  }

  public static void putLong(byte[] to, int offset, long value) {
    LONG.set(to, offset, value);
  }
}
