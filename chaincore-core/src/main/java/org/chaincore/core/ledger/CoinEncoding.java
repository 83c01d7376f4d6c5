package org.chaincore.core.ledger;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.TransactionOutput;

/**
 * A coin in bytes, as stores and snapshots have it: CompactSize of twice its height, plus one if a
 * coinbase made it; CompactSize of its units; CompactSize length and bytes of its script.
 * Stateless.
 */
public final class CoinEncoding {
  private CoinEncoding() {}

  public static void write(ByteWriter out, Coin coin) {
    out.compactSize(((long) coin.height() << 1) | (coin.isCoinbase() ? 1 : 0))
        .compactSize(coin.output().units())
        .varBytes(coin.output().script());
  }

  /** Reads the next coin. */
  public static Coin read(ByteReader in) {
    long heightAndKind = in.compactSize("coin height");
    long units = in.compactSize("coin amount");
    TransactionOutput output = new TransactionOutput(units, in.varBytes("coin script"));
    return new Coin(output, (int) (heightAndKind >>> 1), (heightAndKind & 1) != 0);
  }
}
