package org.chaincore.core.ledger;

import org.chaincore.core.block.OutPoint;
import org.jspecify.annotations.Nullable;

/** Where coins are looked up. Implementations say who may call and whether a look-up blocks. */
@FunctionalInterface
public interface CoinView {
  /** The unspent output at {@code outPoint}, or null if there is none. */
  @Nullable Coin coin(OutPoint outPoint);
}
