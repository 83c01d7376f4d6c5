package org.chaincore.core.engine;

import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.ledger.SpendContext;

/** What spending in a block depends on, taken from the headers below it. */
final class SpendContexts {
  private SpendContexts() {}

  /** The context of a block on top of {@code parent}. */
  static SpendContext above(HeaderNode parent, ChainParams params) {
    int span = params.time().medianSpanBlocks();
    return new SpendContext(
        parent.height() + 1,
        parent.medianTimePast(span),
        height -> {
          HeaderNode at = parent.ancestor(height);
          if (at == null) {
            throw new IndexOutOfBoundsException("no header at height " + height);
          }
          return at.medianTimePast(span);
        });
  }
}
