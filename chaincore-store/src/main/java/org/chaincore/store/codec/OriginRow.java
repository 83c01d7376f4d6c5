package org.chaincore.store.codec;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.store.CoinSnapshots.Origin;
import org.chaincore.core.store.CoinSnapshots.Verdict;

/** What a store began from, in bytes. Stateless. */
public final class OriginRow {
  /** Never change a number: it is in files. */
  private static final int TRUSTED = 0;

  private static final int CONFIRMED = 1;
  private static final int REFUTED = 2;

  private OriginRow() {}

  public static Origin read(byte[] payload) {
    return ByteReader.readAll(
        payload,
        "origin",
        in ->
            new Origin(
                in.hash("origin block"),
                in.int32("origin height"),
                in.hash("origin coins"),
                verdict(in.uint8("origin verdict"))));
  }

  private static Verdict verdict(int number) {
    return switch (number) {
      case TRUSTED -> Verdict.TRUSTED;
      case CONFIRMED -> Verdict.CONFIRMED;
      case REFUTED -> Verdict.REFUTED;
      default -> throw new DamagedValueException("unknown verdict");
    };
  }

  public static byte[] toBytes(Origin origin) {
    int verdict =
        switch (origin.verdict()) {
          case TRUSTED -> TRUSTED;
          case CONFIRMED -> CONFIRMED;
          case REFUTED -> REFUTED;
        };
    return ByteWriter.create()
        .hash(origin.block())
        .int32(origin.height())
        .hash(origin.coins())
        .uint8(verdict)
        .toArray();
  }
}
