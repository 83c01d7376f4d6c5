package org.chaincore.core.script;

import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * One push of data in a script: its opcode and where its bytes lie.
 *
 * @param opcode the opcode that pushes
 * @param from offset of the first pushed byte; equal to {@code to} where the opcode is the value
 * @param to offset behind the last pushed byte, which is where the next opcode lies
 */
record Push(int opcode, int from, int to) {
  private static final int MINUS_ONE = 0x81;
  private static final int LARGEST_SMALL_NUMBER = 16;

  /**
   * The push whose opcode lies at {@code at}, or null if there is none or its bytes are cut off.
   */
  static @Nullable Push at(Bytes script, int at) {
    if (at >= script.length()) {
      return null;
    }
    int opcode = script.unsignedAt(at);
    if (opcode == Opcode.NEGATE_1 || (opcode >= Opcode.OP_1 && opcode <= Opcode.OP_16)) {
      return new Push(opcode, at + 1, at + 1);
    }
    if (opcode > Opcode.PUSHDATA4) {
      return null;
    }
    int end = end(script, at);
    return end < 0 ? null : new Push(opcode, at + 1 + lengthBytes(opcode), end);
  }

  /**
   * The offset of the opcode behind the one at {@code at}, or −1 if the bytes that it would push
   * are cut off.
   */
  static int end(Bytes script, int at) {
    int opcode = script.unsignedAt(at);
    if (opcode > Opcode.PUSHDATA4) {
      return at + 1;
    }
    int lengthBytes = lengthBytes(opcode);
    int from = at + 1 + lengthBytes;
    if (from > script.length()) {
      return -1;
    }
    long length = lengthBytes == 0 ? opcode : littleEndian(script, at + 1, lengthBytes);
    return length > script.length() - from ? -1 : from + (int) length;
  }

  /** Writes {@code data} as its one minimal push. */
  static void write(ByteWriter out, Bytes data) {
    int length = data.length();
    if (length == 1 && isNumber(data.unsignedAt(0))) {
      int value = data.unsignedAt(0);
      out.uint8(value == MINUS_ONE ? Opcode.NEGATE_1 : Opcode.OP_1 - 1 + value);
      return;
    }
    if (length <= Opcode.LONGEST_DIRECT_PUSH) {
      out.uint8(length);
    } else if (length <= 0xff) {
      out.uint8(Opcode.PUSHDATA1).uint8(length);
    } else if (length <= 0xffff) {
      out.uint8(Opcode.PUSHDATA2).uint16(length);
    } else {
      out.uint8(Opcode.PUSHDATA4).int32(length);
    }
    out.bytes(data);
  }

  /** What is pushed. */
  Bytes data(Bytes script) {
    if (opcode == Opcode.NEGATE_1) {
      return Bytes.of((byte) MINUS_ONE);
    }
    if (opcode >= Opcode.OP_1) {
      return Bytes.of((byte) (opcode - Opcode.OP_1 + 1));
    }
    return script.slice(from, to);
  }

  /** Whether no other push of the same data is shorter (BIP62, rule 3). */
  boolean isMinimal(Bytes script) {
    if (opcode >= Opcode.NEGATE_1) {
      return true;
    }
    int length = to - from;
    if (length == 1 && isNumber(script.unsignedAt(from))) {
      return false;
    }
    if (length <= Opcode.LONGEST_DIRECT_PUSH) {
      return opcode == length;
    }
    if (length <= 0xff) {
      return opcode == Opcode.PUSHDATA1;
    }
    return length <= 0xffff ? opcode == Opcode.PUSHDATA2 : opcode == Opcode.PUSHDATA4;
  }

  /** Whether a byte has an opcode of its own that pushes it: 1..16 and minus one. */
  private static boolean isNumber(int value) {
    return value == MINUS_ONE || (value >= 1 && value <= LARGEST_SMALL_NUMBER);
  }

  private static int lengthBytes(int opcode) {
    return switch (opcode) {
      case Opcode.PUSHDATA1 -> 1;
      case Opcode.PUSHDATA2 -> 2;
      case Opcode.PUSHDATA4 -> 4;
      default -> 0;
    };
  }

  private static long littleEndian(Bytes script, int at, int bytes) {
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = (value << 8) | script.unsignedAt(at + i);
    }
    return value;
  }
}
