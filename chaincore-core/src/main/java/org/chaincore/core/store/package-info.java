/**
 * The ports behind which a chain, and what a node remembers beside it, are kept, and the ones in
 * memory. A durable store implements {@link org.chaincore.core.store.DurableChainStore} in a module
 * of its own and is found by {@link org.chaincore.core.store.ChainStoreProvider#find}.
 */
package org.chaincore.core.store;
