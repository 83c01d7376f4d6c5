package org.chaincore.core.ledger;

import org.chaincore.core.block.OutPoint;

/**
 * A coin that a block spends. Immutable.
 *
 * @param outPoint its name
 * @param coin what it was
 */
public record SpentCoin(OutPoint outPoint, Coin coin) {}
