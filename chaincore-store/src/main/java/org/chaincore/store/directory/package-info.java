/** The files of a store that are not RocksDB's: what it is, whose it is, how far it was. */
package org.chaincore.store.directory;
