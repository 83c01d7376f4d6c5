package org.chaincore.net.http;

import org.chaincore.core.block.Block;
import org.chaincore.core.value.Bytes;

/** Reads the height that a block says it has (BIP34). Stateless. */
final class CoinbaseHeight {
  /** In place of a height. */
  static final int UNKNOWN = -1;

  private static final int OP_1 = 0x51;
  private static final int OP_16 = 0x60;
  private static final int MAX_HEIGHT_BYTES = 4;

  private CoinbaseHeight() {}

  /** What an orphan says, whose place is not known otherwise: nobody has checked it. */
  static int of(Block block) {
    if (block.transactions().isEmpty() || !block.transactions().get(0).isCoinbase()) {
      return UNKNOWN;
    }
    Bytes script = block.transactions().get(0).inputs().get(0).scriptSig();
    if (script.isEmpty()) {
      return UNKNOWN;
    }
    int first = script.unsignedAt(0);
    if (first >= OP_1 && first <= OP_16) {
      return first - OP_1 + 1;
    }
    if (first < 1 || first > MAX_HEIGHT_BYTES || script.length() <= first) {
      return UNKNOWN;
    }
    long height = 0;
    for (int i = first; i >= 1; i--) {
      height = height << 8 | script.unsignedAt(i);
    }
    return height <= Integer.MAX_VALUE ? (int) height : UNKNOWN;
  }
}
