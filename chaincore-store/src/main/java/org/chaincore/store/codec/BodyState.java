package org.chaincore.store.codec;

import org.chaincore.core.store.StoredHeader;

/**
 * What is kept of a header's body. Immutable.
 *
 * @param sequence its place among all bodies; {@link StoredHeader#NO_BODY} if there never was one
 * @param kind whether it is there
 * @param bytes what it takes
 * @param undoBytes what its undo data takes; 0 off the chain
 */
public record BodyState(int sequence, Kind kind, int bytes, int undoBytes) {
  /** There is none. */
  public static final BodyState NONE = new BodyState(StoredHeader.NO_BODY, Kind.HELD, 0, 0);

  /** Whether a body is there that once counted. */
  public enum Kind {
    /** It is. */
    HELD,
    /** It was forgotten; its txids are there. */
    PRUNED,
    /** It was never there: the block lies below a snapshot that the store began from. */
    ASSUMED
  }

  /** A body that came. */
  public static BodyState held(int sequence, int bytes) {
    return new BodyState(sequence, Kind.HELD, bytes, 0);
  }

  /** Whether body and undo data are in their tables. */
  public boolean isHeld() {
    return sequence != StoredHeader.NO_BODY && kind == Kind.HELD;
  }

  /** The same without its bytes. */
  public BodyState pruned() {
    return new BodyState(sequence, Kind.PRUNED, 0, 0);
  }

  /** The same with undo data. */
  public BodyState withUndo(int newUndoBytes) {
    return new BodyState(sequence, kind, bytes, newUndoBytes);
  }
}
