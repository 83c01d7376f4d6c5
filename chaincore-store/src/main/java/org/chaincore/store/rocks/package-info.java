/** The chain store on RocksDB; start at {@link org.chaincore.store.rocks.RocksChainStore}. */
package org.chaincore.store.rocks;
