package org.chaincore.sync.codec;

import java.util.List;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.sync.message.ReconcileDifference;
import org.chaincore.sync.message.ReconcileRequest;
import org.chaincore.sync.sketch.Sketch;

/** Mempool reconciliation. Stateless. Source: BIP330. */
final class ReconciliationFormats {
  static final int REQUEST_BYTES = 2 + 2;

  static final int MAX_SKETCH_BYTES = 3 + Sketch.MAX_CAPACITY * Sketch.BYTES_PER_ELEMENT;

  private static final int SHORT_ID_BYTES = 4;

  static final int MAX_DIFFERENCE_BYTES =
      1 + 3 + ReconcileDifference.MAX_SHORT_IDS * SHORT_ID_BYTES;

  private ReconciliationFormats() {}

  static ReconcileRequest readRequest(ByteReader in) {
    return new ReconcileRequest(in.uint16("set size"), in.uint16("q"));
  }

  static void writeRequest(ReconcileRequest message, ByteWriter out) {
    out.uint16(message.setSize()).uint16(message.q());
  }

  static ReconcileDifference readDifference(ByteReader in) {
    boolean success = Flags.read(in, "success");
    List<Integer> ids = in.list("short ids", SHORT_ID_BYTES, item -> item.int32("short id"));
    return new ReconcileDifference(success, ids);
  }

  static void writeDifference(ReconcileDifference message, ByteWriter out) {
    Flags.write(message.success(), out);
    out.compactSize(message.shortIds().size());
    message.shortIds().forEach(out::int32);
  }
}
