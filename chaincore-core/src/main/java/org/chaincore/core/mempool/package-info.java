/**
 * Transactions that no block has yet: who gets in, who must go, and which the next block should
 * take. Start at {@link org.chaincore.core.mempool.Mempool}.
 */
package org.chaincore.core.mempool;
