/**
 * The tree of headers, the choice among its branches, and what it takes to go from one to another.
 * Start at {@link org.chaincore.core.chain.HeaderTree}; readers of a running chain get a {@link
 * org.chaincore.core.chain.ChainView}.
 */
package org.chaincore.core.chain;
