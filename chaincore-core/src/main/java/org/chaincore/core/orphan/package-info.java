/**
 * What came before its parent: blocks and transactions that wait, few, briefly, and shared out by
 * sender. Start at {@link org.chaincore.core.orphan.OrphanPool} for blocks.
 */
package org.chaincore.core.orphan;
