package org.chaincore.store.codec;

import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.store.BlockMark;
import org.chaincore.core.store.StoredHeader;
import org.chaincore.core.value.Sha256;

/**
 * What is kept of a header. Immutable.
 *
 * @param header the header
 * @param height its height
 * @param bodySequence where its body stands among all bodies; {@link StoredHeader#NO_BODY} if there
 *     is none
 * @param mark what is remembered of it
 * @param isPruned whether its body was forgotten
 */
public record HeaderRow(
    BlockHeader header, int height, int bodySequence, BlockMark mark, boolean isPruned) {
  /** Bytes of an encoding. */
  public static final int BYTES = BlockHeader.BYTES + 4 + 4 + 1 + 1;

  /** Never change a number: it is in files. */
  private static final int MARK_NONE = 0;

  private static final int MARK_INVALID = 1;
  private static final int MARK_INVALIDATED_BY_HOST = 2;

  private static final int FLAG_PRUNED = 1;

  /** A header and nothing else. */
  public static HeaderRow of(BlockHeader header, int height) {
    return new HeaderRow(header, height, StoredHeader.NO_BODY, BlockMark.NONE, false);
  }

  /** Reads one. */
  public static HeaderRow read(byte[] payload, Sha256 hasher) {
    ByteReader in = ByteReader.of(payload);
    BlockHeader header = BlockHeader.read(in, hasher);
    int height = in.int32("header height");
    int bodySequence = in.int32("header body sequence");
    BlockMark mark =
        switch (in.uint8("header mark")) {
          case MARK_NONE -> BlockMark.NONE;
          case MARK_INVALID -> BlockMark.INVALID;
          case MARK_INVALIDATED_BY_HOST -> BlockMark.INVALIDATED_BY_HOST;
          default -> throw new DamagedValueException("unknown mark");
        };
    boolean isPruned = (in.uint8("header flags") & FLAG_PRUNED) != 0;
    in.expectEnd("header row");
    return new HeaderRow(header, height, bodySequence, mark, isPruned);
  }

  public byte[] toBytes() {
    int markByte =
        switch (mark) {
          case NONE -> MARK_NONE;
          case INVALID -> MARK_INVALID;
          case INVALIDATED_BY_HOST -> MARK_INVALIDATED_BY_HOST;
        };
    return ByteWriter.ofExpectedSize(BYTES)
        .bytes(header.toWire())
        .int32(height)
        .int32(bodySequence)
        .uint8(markByte)
        .uint8(isPruned ? FLAG_PRUNED : 0)
        .toArray();
  }

  public boolean hasBody() {
    return bodySequence != StoredHeader.NO_BODY;
  }

  public HeaderRow withBody(int sequence) {
    return new HeaderRow(header, height, sequence, mark, false);
  }

  public HeaderRow withMark(BlockMark newMark) {
    return new HeaderRow(header, height, bodySequence, newMark, isPruned);
  }

  public HeaderRow pruned() {
    return new HeaderRow(header, height, bodySequence, mark, true);
  }

  public StoredHeader toStored() {
    return new StoredHeader(header, bodySequence, mark);
  }
}
