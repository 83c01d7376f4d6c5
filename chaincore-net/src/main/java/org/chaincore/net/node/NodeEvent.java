package org.chaincore.net.node;

/**
 * Something that happened to a node, with its place among all that did. Immutable.
 *
 * @param cursor its number; whoever has dealt with it goes on from the next
 * @param event what happened
 * @param <E> of the chain and mempool, or of peers and their exchange
 */
public record NodeEvent<E>(long cursor, E event) {}
