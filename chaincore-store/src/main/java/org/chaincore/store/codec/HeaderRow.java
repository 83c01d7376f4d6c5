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
 * @param mark what is remembered of it
 * @param body what is kept of its body
 */
public record HeaderRow(BlockHeader header, int height, BlockMark mark, BodyState body) {
  /** Bytes of an encoding. */
  public static final int BYTES = BlockHeader.BYTES + 4 + 4 + 1 + 1 + 4 + 4;

  /** Never change a number: it is in files. */
  private static final int MARK_NONE = 0;

  private static final int MARK_INVALID = 1;
  private static final int MARK_INVALIDATED_BY_HOST = 2;

  private static final int BODY_HELD = 0;
  private static final int BODY_PRUNED = 1;
  private static final int BODY_ASSUMED = 2;

  /** A header and nothing else. */
  public static HeaderRow of(BlockHeader header, int height) {
    return new HeaderRow(header, height, BlockMark.NONE, BodyState.NONE);
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
    BodyState.Kind kind =
        switch (in.uint8("header body kind")) {
          case BODY_HELD -> BodyState.Kind.HELD;
          case BODY_PRUNED -> BodyState.Kind.PRUNED;
          case BODY_ASSUMED -> BodyState.Kind.ASSUMED;
          default -> throw new DamagedValueException("unknown kind of body");
        };
    int bytes = in.int32("header body bytes");
    int undoBytes = in.int32("header undo bytes");
    in.expectEnd("header row");
    return new HeaderRow(header, height, mark, new BodyState(bodySequence, kind, bytes, undoBytes));
  }

  public byte[] toBytes() {
    int markByte =
        switch (mark) {
          case NONE -> MARK_NONE;
          case INVALID -> MARK_INVALID;
          case INVALIDATED_BY_HOST -> MARK_INVALIDATED_BY_HOST;
        };
    int kindByte =
        switch (body.kind()) {
          case HELD -> BODY_HELD;
          case PRUNED -> BODY_PRUNED;
          case ASSUMED -> BODY_ASSUMED;
        };
    return ByteWriter.ofExpectedSize(BYTES)
        .bytes(header.toWire())
        .int32(height)
        .int32(body.sequence())
        .uint8(markByte)
        .uint8(kindByte)
        .int32(body.bytes())
        .int32(body.undoBytes())
        .toArray();
  }

  /** Whether the body came once, here or not. */
  public boolean hasBody() {
    return body.sequence() != StoredHeader.NO_BODY;
  }

  public HeaderRow with(BodyState newBody) {
    return new HeaderRow(header, height, mark, newBody);
  }

  public HeaderRow withMark(BlockMark newMark) {
    return new HeaderRow(header, height, newMark, body);
  }

  public StoredHeader toStored() {
    return new StoredHeader(header, body.sequence(), mark);
  }
}
