package org.chaincore.core.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.store.ChainStore;

/**
 * Coins and the chain that they belong to. Immutable.
 *
 * @param view the chain
 * @param coins those of the asked for that are unspent at its tip
 */
public record CoinsAtTip(ChainView view, Map<OutPoint, Coin> coins) {
  public CoinsAtTip {
    coins = Map.copyOf(coins);
  }

  /** Those of a store that stands still meanwhile. */
  static CoinsAtTip read(ChainView view, ChainStore store, List<OutPoint> outPoints) {
    Map<OutPoint, Coin> found = new LinkedHashMap<>();
    for (OutPoint outPoint : outPoints) {
      Coin coin = store.coin(outPoint);
      if (coin != null) {
        found.put(outPoint, coin);
      }
    }
    return new CoinsAtTip(view, found);
  }
}
