package org.chaincore.core.orphan;

import org.chaincore.core.block.Transaction;

/**
 * A transaction that waits for those it spends from. Immutable.
 *
 * @param transaction the transaction
 * @param source who sent it, 0 for the host itself
 * @param arrivalSeconds when it came, Unix seconds
 */
public record OrphanTransaction(Transaction transaction, long source, long arrivalSeconds) {}
