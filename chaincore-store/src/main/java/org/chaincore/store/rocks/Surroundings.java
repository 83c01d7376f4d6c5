package org.chaincore.store.rocks;

import org.chaincore.store.directory.StoreDirectory;

/** What a store asks of the machine, so that a test can answer. */
interface Surroundings {
  /** The machine itself. */
  Surroundings REAL = StoreDirectory::usableBytes;

  /** Bytes that may still be written. */
  long usableBytes(StoreDirectory directory);

  /** The store is at a point; a test may throw here as a disk would, or end the process. */
  default void reached(StorePoint point) {}
}
