/** The one place that knows RocksDB: tables, batches, and errors with a name. */
package org.chaincore.store.database;
