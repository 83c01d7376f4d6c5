package org.chaincore.sync.codec;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;

/** Booleans of the wire: one byte, 0 or 1 and nothing else. Stateless. */
final class Flags {
  private Flags() {}

  static boolean read(ByteReader in, String field) {
    int at = in.position();
    int value = in.uint8(field);
    if (value > 1) {
      throw new MalformedBytesException(at, field, value + " is neither 0 nor 1");
    }
    return value == 1;
  }

  static void write(boolean value, ByteWriter out) {
    out.uint8(value ? 1 : 0);
  }
}
