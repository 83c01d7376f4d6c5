package org.chaincore.core.engine;

import java.util.Map;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.ledger.Coin;

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
}
