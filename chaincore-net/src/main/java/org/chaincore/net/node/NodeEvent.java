package org.chaincore.net.node;

import org.chaincore.core.event.ChainEvent;

/**
 * Something that happened to a node's chain or mempool, with its place among all that did.
 * Immutable.
 *
 * @param cursor its number; whoever has dealt with it goes on from the next
 * @param event what happened
 */
public record NodeEvent(long cursor, ChainEvent event) {}
