package org.chaincore.store.codec;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.ledger.BlockUndo;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.CoinEncoding;
import org.chaincore.core.ledger.SpentCoin;

/** Coins and undo data in bytes. Stateless. */
public final class CoinFormat {
  /** An out point and a coin whose script is empty. */
  private static final int LEAST_SPENT_BYTES = OutPoint.BYTES + 3;

  private CoinFormat() {}

  public static void writeCoin(ByteWriter out, Coin coin) {
    CoinEncoding.write(out, coin);
  }

  public static Coin readCoin(byte[] payload) {
    return ByteReader.readAll(payload, "coin", CoinEncoding::read);
  }

  public static void writeUndo(ByteWriter out, BlockUndo undo) {
    out.compactSize(undo.spent().size());
    for (SpentCoin spent : undo.spent()) {
      out.hash(spent.outPoint().txid()).int32(spent.outPoint().index());
      CoinEncoding.write(out, spent.coin());
    }
  }

  public static BlockUndo readUndo(byte[] payload) {
    return ByteReader.readAll(
        payload,
        "undo",
        in -> {
          int count = in.count("undo coins", LEAST_SPENT_BYTES);
          List<SpentCoin> spent = new ArrayList<>(count);
          for (int i = 0; i < count; i++) {
            OutPoint outPoint = new OutPoint(in.hash("undo txid"), in.int32("undo index"));
            spent.add(new SpentCoin(outPoint, CoinEncoding.read(in)));
          }
          return new BlockUndo(spent);
        });
  }
}
