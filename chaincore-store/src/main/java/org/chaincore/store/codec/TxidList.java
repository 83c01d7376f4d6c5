package org.chaincore.store.codec;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Hash256;

/** The txids of a block, in bytes: one after another. Stateless. */
public final class TxidList {
  private TxidList() {}

  public static byte[] toBytes(List<Hash256> txids) {
    ByteWriter out = ByteWriter.ofExpectedSize(txids.size() * Hash256.BYTES);
    txids.forEach(out::hash);
    return out.toArray();
  }

  public static List<Hash256> read(byte[] payload) {
    return ByteReader.readAll(
        payload,
        "txids",
        in -> {
          List<Hash256> txids = new ArrayList<>(in.remaining() / Hash256.BYTES);
          while (in.remaining() > 0) {
            txids.add(in.hash("txid"));
          }
          return txids;
        });
  }
}
