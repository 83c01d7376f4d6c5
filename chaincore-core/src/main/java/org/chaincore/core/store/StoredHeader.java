package org.chaincore.core.store;

import org.chaincore.core.block.BlockHeader;

/**
 * A header as a store gives it back. Immutable.
 *
 * @param header the header
 * @param bodySequence where its body stands among all bodies in the order in which they were
 *     committed, 0 for the first; {@link #NO_BODY} if the store has none. Of two chains of equal
 *     work the one whose body came first wins, and bodies may come in another order than headers
 * @param mark what is remembered of it
 */
public record StoredHeader(BlockHeader header, int bodySequence, BlockMark mark) {
  public static final int NO_BODY = -1;

  public boolean hasBody() {
    return bodySequence != NO_BODY;
  }
}
