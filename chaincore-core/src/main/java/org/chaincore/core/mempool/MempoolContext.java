package org.chaincore.core.mempool;

import org.chaincore.core.ledger.CoinView;
import org.chaincore.core.ledger.SpendContext;

/**
 * The chain that a mempool stands on. Good until the tip moves.
 *
 * @param coins the coins of the chain as its tip leaves them
 * @param next the block after the tip, in which the mempool's transactions are to be mined
 */
public record MempoolContext(CoinView coins, SpendContext next) {}
