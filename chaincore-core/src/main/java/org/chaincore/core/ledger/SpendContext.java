package org.chaincore.core.ledger;

import java.util.function.IntToLongFunction;

/**
 * The block in which coins are to be spent.
 *
 * @param height its height
 * @param medianTimePast the median time of its ancestors
 * @param medianTimeBefore the median time past of the block at a height, for relative time locks
 *     (BIP68)
 */
public record SpendContext(int height, long medianTimePast, IntToLongFunction medianTimeBefore) {}
