package org.chaincore.core.store;

import org.chaincore.core.block.BlockHeader;

/**
 * A header as a store gives it back. Immutable.
 *
 * @param header the header
 * @param hasBody whether the store has the block too
 * @param mark what is remembered of it
 */
public record StoredHeader(BlockHeader header, boolean hasBody, BlockMark mark) {}
