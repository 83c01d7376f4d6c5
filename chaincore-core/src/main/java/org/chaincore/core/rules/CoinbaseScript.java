package org.chaincore.core.rules;

import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Bytes;

/** The script of a coinbase, which begins with the height of its block (BIP34). Stateless. */
public final class CoinbaseScript {
  /** A coinbase script has at least so many bytes. */
  public static final int MIN_BYTES = 2;

  /** A coinbase script has at most so many bytes. */
  public static final int MAX_BYTES = 100;

  private static final int OP_1 = 0x51;
  private static final int OP_0 = 0x00;
  private static final int LARGEST_SMALL_NUMBER = 16;

  private CoinbaseScript() {}

  /**
   * Height and extra nonce. The script of a coinbase needs two bytes, and a height up to 16 takes
   * one: it is padded with a zero.
   */
  public static Bytes of(int height, Bytes extra) {
    Bytes prefix = heightPrefix(height);
    ByteWriter script = ByteWriter.create().bytes(prefix).bytes(extra);
    while (script.size() < MIN_BYTES) {
      script.uint8(OP_0);
    }
    return script.toBytes();
  }

  static boolean beginsWithHeight(Bytes script, int height) {
    Bytes prefix = heightPrefix(height);
    return script.length() >= prefix.length() && script.slice(0, prefix.length()).equals(prefix);
  }

  /**
   * The height as Bitcoin's script pushes a number: one opcode up to 16, else its little-endian
   * bytes.
   */
  private static Bytes heightPrefix(int height) {
    if (height == 0) {
      return Bytes.of((byte) OP_0);
    }
    if (height <= LARGEST_SMALL_NUMBER) {
      return Bytes.of((byte) (OP_1 + height - 1));
    }
    // A set top bit would read as a minus sign, so such a number takes one byte more.
    int bytes = Integer.toBinaryString(height).length() / 8 + 1;
    ByteWriter push = ByteWriter.create().uint8(bytes);
    for (int i = 0; i < bytes; i++) {
      push.uint8(height >>> (8 * i));
    }
    return push.toBytes();
  }
}
