/**
 * The port behind which a chain is kept, and the store in memory. A durable store implements {@link
 * org.chaincore.core.store.ChainStore} in a module of its own.
 */
package org.chaincore.core.store;
