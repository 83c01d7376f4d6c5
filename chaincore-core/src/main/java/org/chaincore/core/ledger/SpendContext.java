package org.chaincore.core.ledger;

import java.util.function.IntToLongFunction;

/**
 * The block in which coins are to be spent.
 *
 * @param height its height
 * @param medianTimePast the median time of its ancestors
 * @param medianTimeBefore the median of the times that end with the block at a height, that block's
 *     among them: for relative time locks, which ask for the block before the coin's (BIP68)
 */
public record SpendContext(int height, long medianTimePast, IntToLongFunction medianTimeBefore) {}
