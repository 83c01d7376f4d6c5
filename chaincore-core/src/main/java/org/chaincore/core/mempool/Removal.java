package org.chaincore.core.mempool;

import org.chaincore.core.event.ChainEvent.RemovalReason;

/**
 * A transaction that left the mempool. Immutable.
 *
 * @param entry what it was
 * @param reason why it left
 */
public record Removal(MempoolEntry entry, RemovalReason reason) {}
